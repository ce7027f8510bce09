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
class Break:
    """Between two phrases: the tokens that stand there, and whether a clause ends (a comma)."""

    first: int
    last: int
    ends_clause: bool


@dataclass(frozen=True)
class Expected:
    """The lengths of one utterance's tokens at the voice's own speed, and where it may be given more quiet."""

    lengths: Lengths
    breaks: Sequence[Break]


@dataclass(frozen=True)
class Plan:
    """The ``speed`` of the voice, and the seconds of quiet that are to be given to the breaks besides."""

    speed: float
    quiet_seconds: float


FRAME_SECONDS: Final = 600 / 24_000
SLOWEST, FASTEST = 0.85, 1.25
"""Speeds between which the voices are understood as well as at their own."""
SLOWEST_OF_ALL: Final = 0.78
"""Where quiet of the usual length is not enough."""
_LAST_TOKENS: Final = 3
"""The quiet behind a sentence stands at its last phoneme, its mark or the token behind: wherever it is longest."""
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


def planned(utterances: Sequence[Expected], seconds: float, longest_quiet: float) -> Plan:
    """How these are spoken in so many seconds.

    The voice is slowed down to ``SLOWEST``, then the breaks are given up to ``longest_quiet`` seconds together, then
    it is slowed down to ``SLOWEST_OF_ALL``; whatever is lacking then is quiet, too.
    """

    def spoken(speed: float) -> float:
        return sum(spoken_seconds(each.lengths, speed) for each in utterances)

    least_spoken = seconds - longest_quiet
    if spoken(SLOWEST) >= least_spoken:
        speed = _found(spoken, seconds, SLOWEST, FASTEST)
    else:
        speed = _found(spoken, least_spoken, SLOWEST_OF_ALL, SLOWEST)
    return Plan(speed, max(seconds - spoken(speed), 0.0))


def _found(spoken: Callable[[float], float], seconds: float, low: float, high: float) -> float:
    """Who is faster speaks for less long."""
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if spoken(middle) > seconds else (low, middle)
    return (low + high) / 2
