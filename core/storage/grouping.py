"""Those who wait for the database's one writer share its next commit: the disk is asked once for all of them.

Whoever comes while nobody writes goes at once, alone. Meanwhile others queue up; when the writer's turn is theirs, one
of them stores for as many as have come, in the order in which they came, and each is told how its own work ended.
"""

from collections import deque
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from threading import Event, Lock
from time import monotonic
from typing import Generic, TypeVar

MOST_TOGETHER = 8
"""The first of a group waits for the last: more would save little of the disk's time and cost all of theirs."""
_W = TypeVar("_W")
_R = TypeVar("_R")


@dataclass(eq=False)
class _Waiting(Generic[_W, _R]):
    """One who waits: for the result, or for being the one who stores for all."""

    work: _W
    called: Event = field(default_factory=Event)
    result: _R | None = None
    failure: BaseException | None = None


class Grouping(Generic[_W, _R]):
    """Carries out works in groups.

    ``turn(seconds)`` holds the writer's turn, or raises when it does not come within so many; ``together(works)``
    returns the result of each, in their order, or raises when nothing at all was stored. ``most`` share one group.
    """

    def __init__(
        self,
        turn: Callable[[float], AbstractContextManager[None]],
        together: Callable[[Sequence[_W]], Sequence[_R]],
        too_late: Callable[[], Exception],
        most: int = MOST_TOGETHER,
    ) -> None:
        self._turn, self._together, self._too_late, self._most = turn, together, too_late, most
        self._guard = Lock()
        self._queue: deque[_Waiting[_W, _R]] = deque()
        self._is_led = False

    def carry_out(self, work: _W, within: float) -> _R:
        """The result of ``work``; raises ``too_late()`` when it was not begun within so many seconds."""
        begun, mine = monotonic(), _Waiting[_W, _R](work)
        with self._guard:
            self._queue.append(mine)
            leads, self._is_led = not self._is_led, True
        if leads or self._is_called_to_lead(mine, within):
            self._lead(mine, within - (monotonic() - begun))
        if mine.failure is not None:
            raise mine.failure
        return mine.result  # type: ignore[return-value]

    def _is_called_to_lead(self, mine: _Waiting[_W, _R], within: float) -> bool:
        """Waits until it is called: whoever still stands in the queue then is to lead, and their work was not begun."""
        if not mine.called.wait(within):
            with self._guard:
                if mine in self._queue and not mine.called.is_set():
                    self._queue.remove(mine)
                    raise self._too_late()
            mine.called.wait()
        with self._guard:
            return mine in self._queue

    def _lead(self, mine: _Waiting[_W, _R], within: float) -> None:
        try:
            with self._turn(max(within, 0.0)):
                self._store(self._next_group())
        except BaseException:
            with self._guard:
                if mine in self._queue:
                    self._queue.remove(mine)
            raise
        finally:
            self._hand_over()

    def _next_group(self) -> Sequence[_Waiting[_W, _R]]:
        with self._guard:
            return [self._queue.popleft() for _ in range(min(self._most, len(self._queue)))]

    def _store(self, group: Sequence[_Waiting[_W, _R]]) -> None:
        try:
            for each, result in zip(group, self._together([each.work for each in group]), strict=True):
                each.result = result
        except BaseException as failure:  # noqa: BLE001 - whatever it is, each of them raises it
            for each in group:
                each.failure = failure
        for each in group:
            each.called.set()

    def _hand_over(self) -> None:
        with self._guard:
            self._is_led = bool(self._queue)
            if self._queue:
                self._queue[0].called.set()
