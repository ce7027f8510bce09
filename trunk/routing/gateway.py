"""The gateway: whether it is of use to ring through it now."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from time import monotonic

TROUBLES = 3
"""One failure may be the call's; so many in a row are the gateway's, or the network's behind it."""
REST_SECONDS, LONGEST_REST_SECONDS = 3.0, 15.0
"""Each rest is twice as long as the one before: every call that finds out whether it works again costs somebody an
attempt. No alert waits longer."""
SILENT_SECONDS = 3.0
"""A gateway that has answered before and says nothing for so long is dead."""


class Standing(StrEnum):
    """``UNKNOWN``: it has never answered, and perhaps answers no such questions."""

    UNKNOWN = "unknown"
    ANSWERS = "answers"
    SILENT = "silent"


class Gateway:
    """What is known of it: from the calls, and from what watches it. ``now`` in seconds of any one clock.

    ``codecs`` are those that it has named, none where it names none.
    """

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        self._now = now
        self.codecs: Sequence[str] = ()
        self._troubles = 0
        self._resting_until = 0.0
        self._heard_at: float | None = None
        self._asked_since: float | None = None

    def works(self) -> None:
        """A call has got through, wherever it led."""
        self._troubles, self._resting_until = 0, 0.0

    def fails(self) -> None:
        """A call has not got through; of those that were under way when it began to rest nothing more is learnt."""
        if self._now() < self._resting_until:
            return
        self._troubles += 1
        if self._troubles >= TROUBLES:
            rest = REST_SECONDS * 2 ** min(self._troubles - TROUBLES, 8)
            self._resting_until = self._now() + min(rest, LONGEST_REST_SECONDS)

    def asked(self) -> None:
        """It was asked whether it is there."""
        self._asked_since = self._asked_since or self._now()

    def heard(self, codecs: Sequence[str] = ()) -> None:
        """It has said something, whatever, and perhaps which codecs it knows."""
        self._heard_at, self._asked_since = self._now(), None
        self.codecs = codecs or self.codecs

    @property
    def stands(self) -> Standing:
        """Whether it answers."""
        if self._heard_at is None:
            return Standing.UNKNOWN
        is_silent = self._asked_since is not None and self._now() - self._asked_since >= SILENT_SECONDS
        return Standing.SILENT if is_silent else Standing.ANSWERS

    def refusal(self) -> tuple[str, float] | None:
        """Why nothing is to be dialled now, and for how many seconds."""
        if self.stands is Standing.SILENT:
            return "the gateway does not answer", REST_SECONDS
        left = self._resting_until - self._now()
        return (f"{self._troubles} calls in a row have not got through the gateway", left) if left > 0 else None
