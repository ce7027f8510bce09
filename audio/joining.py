"""Joining: several clips become one, without a click and without a jump in loudness. Samples are 8 kHz mono floats."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import soxr

from audio.activity import Samples, trimmed
from audio.telephone import RATE, TelephoneSamples, to_telephone

FADE_SECONDS: Final = 0.01
BREATH_SECONDS: Final = 0.06
"""Between two pieces with no mark between them: words of two speakers that touch are hard to understand."""

WORKING_RATE: Final = 16_000
"""Pieces are joined above the telephone's rate, so that the filter is applied once, to the whole."""


def joined(pieces: Sequence[Samples | float]) -> TelephoneSamples:
    """Clips (8 kHz) and seconds of quiet between them as one clip.

    Every piece is made equally loud, loses its own quiet, and begins and ends in a fade of 10 ms.
    """
    levelled = [_silence(piece) if isinstance(piece, float) else _faded(_levelled(piece)) for piece in pieces]
    return to_telephone(_resampled(_concatenated(levelled, pieces)), WORKING_RATE)


def _concatenated(levelled: Sequence[Samples], pieces: Sequence[Samples | float]) -> Samples:
    """A breath between two clips that no quiet divides."""
    whole: list[Samples] = []
    for index, samples in enumerate(levelled):
        if index and not isinstance(pieces[index], float) and not isinstance(pieces[index - 1], float):
            whole.append(_silence(BREATH_SECONDS))
        whole.append(samples)
    return np.concatenate(whole) if whole else np.zeros(0)


def _levelled(samples: Samples) -> Samples:
    return trimmed(to_telephone(samples, RATE), RATE)


def _faded(samples: Samples) -> Samples:
    length = min(round(FADE_SECONDS * RATE), len(samples) // 2)
    ramp = 0.5 - 0.5 * np.cos(np.pi * np.arange(length) / max(length, 1))
    faded = np.array(samples, dtype=np.float64)
    faded[:length] *= ramp
    faded[len(faded) - length :] *= ramp[::-1]
    return faded


def _silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * RATE))


def _resampled(samples: Samples) -> Samples:
    resampled: Samples = soxr.resample(samples, RATE, WORKING_RATE)
    return resampled
