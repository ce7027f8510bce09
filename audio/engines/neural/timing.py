"""How long the neural voice will speak: from the lengths that it expects, before any sound is drawn.

Lengths count frames of ``FRAME_SECONDS``, one for each token: the phonemes, and a token of quiet on both sides.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Lengths = NDArray[np.float32]


@dataclass(frozen=True)
class Expected:
    """The lengths of one utterance's tokens at the voice's own speed, and at which of them a comma stands."""

    lengths: Lengths
    commas: Sequence[int]


FRAME_SECONDS: Final = 600 / 24_000
SLOWEST, FASTEST = 0.85, 1.25
"""Speeds between which the voices are understood as well as at their own."""
SLOWEST_OF_ALL: Final = 0.78
"""Where pauses are not enough, for a sentence without a comma."""
_LAST_TOKENS: Final = 3
"""The quiet behind a sentence stands at its last phoneme, its mark or the token behind: wherever it is longest."""
_PAUSE_FRAMES: Final = 8
"""So long a comma lasts with the tokens on both sides of it where the voice pauses; elsewhere it speaks on."""
_STEPS: Final = 12


def frames(lengths: Lengths, speed: float) -> Lengths:
    """Whole frames at a speed, one for each token at the least.

    They are rounded along the way and not each for itself: most phonemes last two frames, and 2 / 0.85 alone is 2
    again, so that a voice that is slowed down by 0.85 would be slower by half of that.
    """
    ends = np.cumsum(np.maximum(lengths / speed, 1.0), dtype=np.float64)
    return np.diff(np.floor(ends + 0.5), prepend=0.0).astype(np.float32)  # half to even would give 2.5 none after 1.5


def spoken_seconds(lengths: Lengths, speed: float) -> float:
    """From the first sound to the last, without the quiet around them."""
    at_speed = frames(lengths, speed)
    quiet_from = len(at_speed) - _LAST_TOKENS + int(np.argmax(at_speed[-_LAST_TOKENS:]))
    return float(at_speed[1:quiet_from].sum()) * FRAME_SECONDS


def pauses(expected: Expected, speed: float) -> int:
    """At how many of the commas the voice will be quiet for a moment."""
    at_speed = frames(expected.lengths, speed)
    return sum(int(at_speed[comma - 1 : comma + 2].sum()) >= _PAUSE_FRAMES for comma in expected.commas)


def speed_for(utterances: Sequence[Expected], seconds: float, more: float) -> float:
    """The speed at which these are spoken in so many seconds, of which each pause at a comma may have ``more``."""

    def spoken(speed: float) -> float:
        return sum(spoken_seconds(each.lengths, speed) for each in utterances)

    def with_pauses(speed: float) -> float:
        return spoken(speed) + more * sum(pauses(each, speed) for each in utterances)

    if with_pauses(SLOWEST) < seconds:
        return _found(with_pauses, seconds, SLOWEST_OF_ALL, SLOWEST)
    return _found(spoken, seconds, SLOWEST, FASTEST)


def _found(spoken: Callable[[float], float], seconds: float, low: float, high: float) -> float:
    """Who is faster speaks for less long."""
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if spoken(middle) > seconds else (low, middle)
    return (low + high) / 2
