"""Whether somebody speaks: how loud each 20 ms are beside the quietest of the last seconds."""

from collections import deque

import numpy as np

from trunk.sound.g711 import FRAME_BYTES

_LEAST = 0.006
"""RMS of full scale (−44 dBFS); a line's own noise stays under it."""
_ABOVE_FLOOR = 3.0
_FLOOR_FRAMES = 150
"""3 s: somebody who speaks draws breath in that time."""


class Activity:
    """Looks at sound as it comes."""

    def __init__(self) -> None:
        self._rest = b""
        self._levels: deque[float] = deque(maxlen=_FLOOR_FRAMES)

    def feed(self, pcm: bytes) -> list[bool]:
        """For each whole 20 ms, whether somebody speaks."""
        heard = self._rest + pcm
        whole = len(heard) // FRAME_BYTES * FRAME_BYTES
        self._rest = heard[whole:]
        if not whole:
            return []
        frames = np.frombuffer(heard[:whole], "<i2").reshape(-1, FRAME_BYTES // 2) / 32768.0
        return [self._speaks(float(level)) for level in np.sqrt(np.mean(frames**2, axis=1))]

    def _speaks(self, level: float) -> bool:
        self._levels.append(level)
        return level > max(_LEAST, _ABOVE_FLOOR * min(self._levels))
