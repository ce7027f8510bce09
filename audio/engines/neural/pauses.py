"""Pauses within a sentence: the quiet at a comma is made longer, and the sentence keeps its melody.

Who speaks slowly to somebody old rests longer between clauses and draws few sounds out: a glide that is drawn out is
heard as a sound of its own (at 0.7 of its speed the voice says "yi yao" for 要).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from audio.sound.activity import FRAME_SECONDS, Samples

SHORTEST_SECONDS: Final = 0.07
"""A stop before a t or a k is shorter; a comma is longer."""
QUIET_RMS: Final = 0.004


@dataclass(frozen=True)
class Gap:
    """Quiet between two clauses: its middle, and how long it lasts, both in seconds of the sound."""

    middle: float
    seconds: float


def gaps(samples: Samples, rate: int) -> tuple[Gap, ...]:
    """The quiet places within a sound that begins and ends with speech, in their order."""
    frame = round(rate * FRAME_SECONDS)
    frames = np.asarray(samples[: len(samples) // frame * frame], dtype=np.float64).reshape(-1, frame)
    is_quiet = np.einsum("ij,ij->i", frames, frames) < QUIET_RMS**2 * frame
    edges = np.flatnonzero(np.diff(np.concatenate(([False], is_quiet, [False])).astype(np.int8)))
    found = [(begin * FRAME_SECONDS, end * FRAME_SECONDS) for begin, end in edges.reshape(-1, 2)]
    return tuple(Gap((begin + end) / 2, end - begin) for begin, end in found if end - begin >= SHORTEST_SECONDS)


def lengthened(samples: Samples, rate: int, places: Sequence[Gap], seconds: float, longest: float) -> Samples:
    """The same with up to so many ``seconds`` more of quiet, shared among the gaps, none over ``longest``."""
    if not places or seconds <= 0:
        return samples
    parts, start = list[Samples](), 0
    for place in places:
        cut = round(place.middle * rate)
        more = min(seconds / len(places), max(longest - place.seconds, 0.0))
        parts += [samples[start:cut], np.zeros(round(more * rate))]
        start = cut
    return np.concatenate([*parts, samples[start:]])
