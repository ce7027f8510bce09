"""Joining: several clips become one, without a click and without a jump in loudness. Samples are 8 kHz mono floats."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import soxr

from audio.sound.activity import Samples, faded, trimmed
from audio.sound.telephone import RATE, TARGET_LUFS, TelephoneSamples, measure, to_telephone

BREATH_SECONDS: Final = 0.06
"""Between two pieces with no mark between them: words of two speakers that touch are hard to understand."""

WORKING_RATE: Final = 16_000
"""Pieces are joined above the telephone's rate, so that the filter is applied once, to the whole."""


def joined(pieces: Sequence[Samples | float]) -> TelephoneSamples:
    """Clips (8 kHz) and seconds of quiet between them as one clip.

    Every piece is made equally loud, loses its own quiet, and begins and ends in a short fade.
    """
    levelled = [_silence(piece) if isinstance(piece, float) else _levelled(piece) for piece in pieces]
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
    """Only turned up or down: the filter and the limiter are the whole's."""
    spoken = faded(trimmed(samples, RATE), RATE)
    loudness = measure(spoken).loudness_lufs
    return spoken * 10 ** ((TARGET_LUFS - loudness) / 20) if np.isfinite(loudness) else spoken


def _silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * RATE))


def _resampled(samples: Samples) -> Samples:
    resampled: Samples = soxr.resample(samples, RATE, WORKING_RATE)
    return resampled
