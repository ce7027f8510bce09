"""The keys of one conversation: one that is pressed while nothing is asked waits for the next question (type-ahead)."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from trunk.calls.gather import FINISH, Gather

MOST_KEPT = 20
"""Longer than any number that is asked for; of what is drummed beyond it nothing is kept."""


class Keys:
    """Every key of the conversation in its order, each given to one question at most.

    A ``#`` right after a number that was complete by its length still belongs to that number, and to nothing else.
    """

    def __init__(self) -> None:
        self._kept: deque[str] = deque()
        self._gather: Gather | None = None
        self._may_be_finished = False

    @property
    def are_waiting(self) -> bool:
        """Whether any was pressed that no question has got."""
        return bool(self._kept)

    def press(self, key: str) -> None:
        """One key."""
        if self._gather is not None and not self._gather.is_complete:
            self._give(self._gather, key)
        elif key == FINISH and self._may_be_finished and not self._kept:
            self._may_be_finished = False
        elif len(self._kept) < MOST_KEPT:
            self._kept.append(key)

    @contextmanager
    def given_to(self, gather: Gather) -> Iterator[None]:
        """The question gets what has waited, as much as it takes, and then every key until this ends."""
        while self._kept and not gather.is_complete:
            self._give(gather, self._kept.popleft())
        self._swallow_finish()
        self._gather = gather
        try:
            yield
        finally:
            self._gather = None

    def forget(self) -> None:
        """What has waited counts for nothing."""
        self._kept.clear()
        self._may_be_finished = False

    def _give(self, gather: Gather, key: str) -> None:
        gather.press(key)
        self._may_be_finished = gather.is_complete and gather.takes_several and key != FINISH

    def _swallow_finish(self) -> None:
        if self._may_be_finished and self._kept and self._kept[0] == FINISH:
            self._kept.popleft()
        if self._kept:
            self._may_be_finished = False
