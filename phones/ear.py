"""The ear: where words begin and end, by nothing but how loud it is."""

LOUD = 0.01
"""RMS of full scale (−40 dBFS): every word of ours is far above it, a line's own noise below."""
PAUSE_SECONDS = 1.5
"""Longer than any pause within what is said at once."""
AFTER_A_KEY_SECONDS = 0.3
"""After a key the words stop, and others begin."""
LEAST_SECONDS = 0.75
"""Nothing that is said is shorter, and no tone that says "one moment, please" or "speak now" is longer."""


class Ear:
    """Hears one call; instants in seconds of any one clock. ``began``: when the newest of ``times`` words began."""

    def __init__(self) -> None:
        self.began, self.times = 0.0, 0
        self._loud_at, self._loud_since = float("-inf"), 0.0
        self._gap = PAUSE_SECONDS
        self._are_words = False

    def hear(self, level: float, now: float) -> None:
        """It is so loud now."""
        if level < LOUD:
            return
        if now - self._loud_at > self._gap:
            self._loud_since, self._are_words = now, False
        self._loud_at = now
        if not self._are_words and now - self._loud_since >= LEAST_SECONDS:
            self._are_words, self._gap = True, PAUSE_SECONDS
            self.began, self.times = self._loud_since, self.times + 1

    def expects(self) -> None:
        """A key was pressed: what comes after the shortest pause is the answer to it."""
        self._gap = AFTER_A_KEY_SECONDS

    def quiet_for(self, now: float) -> float:
        """How long nothing has been heard."""
        return now - self._loud_at
