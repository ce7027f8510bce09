"""Whether a raw rendering is speech: espeak has been seen to write silence, fragments and nonsense without an error."""

from enum import StrEnum
from typing import Final

from audio.sound.activity import Samples, activity, rms
from audio.sound.pace import units
from core.i18n import Language

QUIETEST_RMS: Final = 0.02
LEAST_ACTIVE_SHARE: Final = 0.3
SLOWEST_PACE: Final = 90
"""espeak speaks no slower, whatever is asked of it."""

BRIEFEST: Final = 0.4
LONGEST: Final = {Language.CHINESE: 2.5, Language.ENGLISH: 3.5}
"""Times the seconds that the pace allows. One unknown character spoken as a code takes five times as long; a long
English word alone takes three times as long as the average word."""


class Problem(StrEnum):
    """What is wrong with a rendering."""

    QUIET = "it is silent or too quiet"
    MOSTLY_SILENT = "it is mostly silent"
    TOO_SHORT = "it is too short for its text"
    TOO_LONG = "it is too long for its text"


class BadRenderingError(Exception):
    """The engine wrote a file that is not the text spoken; ``problem`` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.value)
        self.problem = problem


def check(samples: Samples, rate: int, spoken: str, language: Language, pace: int) -> None:
    """Raises ``BadRenderingError`` unless the mono samples can be ``spoken``, spoken at about ``pace``."""
    expected_seconds = units(spoken, language) * 60 / max(pace, SLOWEST_PACE)
    if problem := problem_of(samples, rate, expected_seconds, language):
        raise BadRenderingError(problem)


def problem_of(samples: Samples, rate: int, expected_seconds: float, language: Language) -> Problem | None:
    """The first problem found, or None."""
    if rms(samples) < QUIETEST_RMS:
        return Problem.QUIET
    speech = activity(samples, rate)
    if speech.share < LEAST_ACTIVE_SHARE:
        return Problem.MOSTLY_SILENT
    if speech.seconds < BRIEFEST * expected_seconds:
        return Problem.TOO_SHORT
    if speech.seconds > LONGEST[language] * expected_seconds:
        return Problem.TOO_LONG
    return None
