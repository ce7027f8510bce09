"""The pace: how fast requests leave on a line, in real seconds, whoever dials on it.

Turns are planned evenly, and each request passes a gate right before it is sent: what was planned late is caught up
with, and never more than the allowed number leaves in any window.
"""

import threading
from collections import deque
from collections.abc import Callable
from math import ceil
from time import monotonic, sleep

SAFETY = 1.04
"""A window is this much longer than a second, so that a request that dawdles on its way breaks no pace at its goal."""
CATCH_UP_SECONDS = 0.2
"""Turns missed by no more than this are caught up with; older ones are lost."""


def window_of(per_second: float) -> float:
    """Real seconds in which no more than ``per_second`` requests (rounded up) leave."""
    return SAFETY * _allowed(per_second) / per_second


class Pace:
    """Never more than ``per_second`` requests (rounded up) in any window.

    ``resume`` is the ``clock`` instant from which another request may leave after those of whoever dialled before;
    until then, and for a window after it, turns are as even as if that one had used every one of theirs.
    """

    def __init__(
        self,
        per_second: float,
        resume: float,
        clock: Callable[[], float] = monotonic,
        pause: Callable[[float], None] = sleep,
    ) -> None:
        allowed = _allowed(per_second)
        self.window = window_of(per_second)
        self.interval = self.window / allowed
        self._clock, self._pause = clock, pause
        self._taken = 0
        self._counting = threading.Lock()
        self._planned = resume - self.interval
        self._left = deque((resume - self.interval * turn for turn in range(allowed, 0, -1)), maxlen=allowed)
        self._gate = threading.Lock()

    def next_turn(self) -> float:
        """When the next turn is."""
        return self._due(self._clock())

    def turns(self) -> int:
        """How many turns may be taken now."""
        now = self._clock()
        waited = now - self._due(now)
        return 0 if waited < 0 else 1 + int(waited / self.interval)

    def take(self) -> None:
        """A turn is given to a request."""
        self._planned = self.next_turn()
        with self._counting:
            self._taken += 1

    def leave(self) -> None:
        """A request leaves; blocks for the moment by which others left late."""
        with self._gate:
            while (wait := self._left[0] + self.window - self._clock()) > 0:
                self._pause(wait)
            self._left.append(self._clock())
            with self._counting:
                self._taken -= 1

    def free_at(self) -> float:
        """From when on somebody else may go on with this pace, after every request that has a turn."""
        with self._gate, self._counting:
            after = (left + self.interval * turn for turn, left in enumerate(reversed(self._left), 1 + self._taken))
            return max(self._planned + self.interval, *after)

    def _due(self, now: float) -> float:
        due = self._planned + self.interval
        return due if due >= now - CATCH_UP_SECONDS else now


def _allowed(per_second: float) -> int:
    return ceil(per_second)
