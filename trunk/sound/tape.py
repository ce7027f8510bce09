"""A tape: what somebody says after the beep, until they are silent, a key ends it, or it is long enough."""

from trunk.sound.activity import Activity
from trunk.sound.g711 import BYTES_A_SECOND, FRAME_BYTES

_LEAST_SPOKEN_FRAMES = 5
"""100 ms: a click is no word."""
_BEFORE_FRAMES, _AFTER_FRAMES = 10, 15
"""What is kept around the words, so that no soft sound is cut off."""


class Tape:
    """Takes what is heard; ``is_full`` once nothing more is to be taken."""

    def __init__(self, max_seconds: float, silence_seconds: float) -> None:
        self._most = round(max_seconds * BYTES_A_SECOND) // FRAME_BYTES * FRAME_BYTES
        self._patience = round(silence_seconds * 50)
        self._sound = bytearray()
        self._activity = Activity()
        self._spoken = 0
        self._frames = 0
        self._first: int | None = None
        self._last = -1

    @property
    def is_full(self) -> bool:
        """Whether it is long enough, or nobody has spoken for as long as was waited for."""
        return len(self._sound) >= self._most or self._frames - 1 - self._last >= self._patience

    def feed(self, pcm: bytes) -> None:
        """Somebody is heard, or nobody."""
        self._sound += pcm[: self._most - len(self._sound)]
        for speaks in self._activity.feed(pcm):
            if speaks:
                self._spoken += 1
                self._first = self._frames if self._first is None else self._first
                self._last = self._frames
            self._frames += 1

    def kept(self) -> bytes:
        """What was said, without the silence around it; empty when nobody has spoken."""
        if self._first is None or self._spoken < _LEAST_SPOKEN_FRAMES:
            return b""
        begin = max(0, self._first - _BEFORE_FRAMES) * FRAME_BYTES
        return bytes(self._sound[begin : (self._last + 1 + _AFTER_FRAMES) * FRAME_BYTES])
