"""Tones that the trunk makes itself."""

import numpy as np
from numpy.typing import NDArray

from trunk.sound.g711 import RATE, quiet

BEEP_SECONDS = 0.35
BEEP_HERTZ = 1000.0
"""No key has a tone near it."""
_RINGBACK_HERTZ = 450.0
_LEVEL = 0.18
_EDGE_SECONDS = 0.01


def tone(hertz: float, seconds: float, level: float = _LEVEL) -> bytes:
    """One tone; its edges are soft, or they would click."""
    moments: NDArray[np.float64] = np.arange(round(seconds * RATE)) / RATE
    edge = np.minimum(1.0, np.minimum(moments, moments[::-1]) / _EDGE_SECONDS)
    samples = np.sin(2 * np.pi * hertz * moments) * edge * level
    return np.round(samples * 32767).astype("<i2").tobytes()


def beep() -> bytes:
    """Speak now."""
    return tone(BEEP_HERTZ, BEEP_SECONDS)


def ringback() -> bytes:
    """What is heard while somebody else is rung, once: 450 Hz, one second in five, as in mainland China (GB/T 3380)."""
    return tone(_RINGBACK_HERTZ, 1.0) + quiet(4.0)


def patience() -> bytes:
    """One moment, please: two soft low tones and quiet, while the service cannot be asked."""
    return tone(330.0, 0.25, 0.08) + quiet(0.1) + tone(262.0, 0.35, 0.08) + quiet(2.3)
