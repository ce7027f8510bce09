"""Pace: what is counted, and the espeak rate that comes near a pace."""

import re
from typing import Final

from audio.reading.characters import HAN
from core.i18n import Language

_CHINESE_UNITS: Final = re.compile(rf"[{HAN}]|[^\W\d_{HAN}]+|\d")
_ENGLISH_UNITS: Final = re.compile(rf"[\d{HAN}]|[^\W\d_{HAN}]+(?:['’][^\W\d_{HAN}]+)*")
SLOWEST_RATE: Final = 80
FASTEST_RATE: Final = 260
_AVERAGE: Final = {Language.CHINESE: (94, 1.29), Language.ENGLISH: (90, 1.15)}
"""The line through the measured paces of the shipped prompts: the pace at the slowest rate, and what a step adds."""

MEASURABLE_UNITS: Final = {Language.CHINESE: 8, Language.ENGLISH: 5}
"""Shorter texts have no pace of their own: one long word or one pause decides their length."""


def units(spoken: str, language: Language) -> int:
    """Chinese characters, foreign words counting one each; or English words, Chinese characters counting one each."""
    pattern = _CHINESE_UNITS if language is Language.CHINESE else _ENGLISH_UNITS
    return len(pattern.findall(spoken))


def measured_pace(spoken: str, language: Language, seconds: float) -> float:
    """Units a minute of speech that lasted ``seconds`` from its first sound to its last."""
    return units(spoken, language) * 60 / seconds


def first_rate(language: Language, pace: float) -> int:
    """The espeak rate (its own words a minute) that gives this pace on average, within what espeak can speak.

    A single prompt lies up to a third beside the average: pauses and long words weigh differently in each.
    """
    slowest, step = _AVERAGE[language]
    rate = SLOWEST_RATE + (pace - slowest) / step
    return round(min(max(rate, SLOWEST_RATE), FASTEST_RATE))


def better_rate(language: Language, rate: int, pace: int, measured: float) -> int:
    """The rate to try next, when ``rate`` gave the ``measured`` pace and ``pace`` is wanted."""
    slowest, step = _AVERAGE[language]
    average = slowest + step * (rate - SLOWEST_RATE)
    return first_rate(language, pace * average / measured)
