"""The ear: where words begin and end, by nothing but how loud it is."""

LOUD = 0.01
"""RMS of full scale (−40 dBFS): every word of ours is far above it, a line's own noise below."""
PAUSE_SECONDS = 1.5
"""Longer than any pause within what is said at once."""
AFTER_A_KEY_SECONDS = 0.3
"""After a key the words stop, and others begin."""


class Ear:
    """Hears one call; instants in seconds of any one clock. ``began``: when the newest of ``times`` words began."""

    def __init__(self) -> None:
        self.began, self.times = 0.0, 0
        self._loud_at = float("-inf")
        self._gap = PAUSE_SECONDS

    def hear(self, level: float, now: float) -> None:
        """It is so loud now."""
        if level < LOUD:
            return
        if now - self._loud_at > self._gap:
            self.began, self.times, self._gap = now, self.times + 1, PAUSE_SECONDS
        self._loud_at = now

    def expects(self) -> None:
        """A key was pressed: what comes after the shortest pause is the answer to it."""
        self._gap = AFTER_A_KEY_SECONDS

    def quiet_for(self, now: float) -> float:
        """How long nothing has been heard."""
        return now - self._loud_at
