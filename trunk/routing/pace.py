"""The pace of a peer: how many calls are begun a second."""

from collections.abc import Callable
from time import monotonic

BURST_SECONDS = 1.0
"""Whoever has begun nothing for a second may begin a second's calls at once."""


class Pace:
    """``per_second`` calls; 0: as many as come. ``now`` in seconds of any one clock."""

    def __init__(self, per_second: float, now: Callable[[], float] = monotonic) -> None:
        self._per_second, self._now = per_second, now
        self._most = max(1.0, per_second * BURST_SECONDS)
        self._left, self._at = self._most, now()

    def wait(self) -> float:
        """Seconds until another call may be begun; 0.0: now."""
        if not self._per_second:
            return 0.0
        now = self._now()
        self._left = min(self._most, self._left + (now - self._at) * self._per_second)
        self._at = now
        return 0.0 if self._left >= 1.0 else (1.0 - self._left) / self._per_second

    def begun(self) -> None:
        """A call was begun."""
        self._left -= 1.0
