"""Pauses within a sentence: quiet is put between its phrases, and the sentence keeps its melody.

Who speaks slowly to somebody old rests between clauses and phrases and draws few sounds out: a glide that is drawn out
is heard as a sound of its own (at 0.7 of its speed the voice says "yi yao" for 要).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from audio.sound.activity import Samples, faded

AT_CLAUSE_SECONDS: Final = 0.6
AT_PHRASE_SECONDS: Final = 0.15
"""So much more quiet a comma, and the end of a phrase, are given where people are spoken to as slowly as usual."""
_AROUND_SECONDS: Final = 0.025
_CUT_SECONDS: Final = 0.01


@dataclass(frozen=True)
class Gap:
    """Where a phrase ends: between which seconds of the sound, and whether a clause ends there."""

    start: float
    end: float
    ends_clause: bool


def most_seconds(*, ends_clause: bool, slower: float) -> float:
    """The quiet that a gap is given before the voice is slowed down; ``slower`` than usual, so many times."""
    return slower * (AT_CLAUSE_SECONDS if ends_clause else AT_PHRASE_SECONDS)


def shared(seconds: float, gaps: Sequence[Gap], slower: float) -> Sequence[float]:
    """So many seconds of quiet, a share for each gap: the clauses first, then the phrases, the rest for all of them."""
    shares = np.zeros(len(gaps))
    for those in ([gap.ends_clause for gap in gaps], [not gap.ends_clause for gap in gaps]):
        most = np.array([most_seconds(ends_clause=gap.ends_clause, slower=slower) for gap in gaps]) * those
        shares += most * min(1.0, max(seconds - shares.sum(), 0.0) / most.sum()) if most.any() else 0.0
    left = max(seconds - shares.sum(), 0.0)
    return (shares + left * shares / shares.sum()).tolist() if shares.any() else shares.tolist()


def with_quiet(samples: Samples, rate: int, gaps: Sequence[Gap], seconds: Sequence[float]) -> Samples:
    """The same with so many seconds of quiet at each gap, where it is quietest, without a click."""
    if not gaps:
        return samples
    cuts = [_quietest(samples, rate, gap) for gap in gaps]
    spoken = [faded(part, rate) for part in np.split(samples, cuts)]
    quiet = [np.zeros(round(each * rate)) for each in seconds]
    return np.concatenate([part for pair in zip(spoken, [*quiet, np.zeros(0)], strict=True) for part in pair])


def _quietest(samples: Samples, rate: int, gap: Gap) -> int:
    """The middle of the quietest moment between two phrases."""
    window = round(_CUT_SECONDS * rate)
    first, last = (round(each * rate) for each in (gap.start - _AROUND_SECONDS, gap.end + _AROUND_SECONDS))
    around = samples[max(first - window // 2, 0) : last + window // 2]
    if len(around) <= window:
        return min(max((first + last) // 2, 0), len(samples))
    loud = np.convolve(np.square(around, dtype=np.float64), np.ones(window), "valid")
    return max(first - window // 2, 0) + int(np.argmin(loud)) + window // 2
