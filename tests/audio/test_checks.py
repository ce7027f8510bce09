import numpy as np
import pytest

from audio.sound.activity import Samples
from audio.sound.checks import BadRenderingError, Problem, check
from core.i18n import Language

RATE = 22050
TEXT = "王奶奶，您好。我是早安电话。"


def speech(seconds: float, amplitude: float = 0.2) -> Samples:
    return np.random.default_rng(1).normal(0, amplitude / 3, round(seconds * RATE))


def quiet(seconds: float) -> Samples:
    return np.zeros(round(seconds * RATE))


def test_speech_of_the_right_length_passes() -> None:
    check(speech(4), RATE, TEXT, Language.CHINESE, 170)


@pytest.mark.parametrize(
    ("samples", "problem"),
    [
        (quiet(0.39), Problem.QUIET),
        (speech(4, 0.01), Problem.QUIET),
        (np.zeros(0), Problem.QUIET),
        (np.concatenate((speech(2), quiet(8))), Problem.MOSTLY_SILENT),
        (speech(0.5), Problem.TOO_SHORT),
        (speech(20), Problem.TOO_LONG),
    ],
)
def test_what_cannot_be_the_text_is_refused_by_name(samples: Samples, problem: Problem) -> None:
    with pytest.raises(BadRenderingError) as refusal:
        check(samples, RATE, TEXT, Language.CHINESE, 170)
    assert refusal.value.problem is problem


def test_a_character_spoken_as_a_code_is_too_long() -> None:
    with pytest.raises(BadRenderingError, match="too long"):
        check(speech(1.9), RATE, "王", Language.CHINESE, 170)


def test_a_pace_slower_than_the_voice_can_speak_asks_for_no_slower_speech() -> None:
    check(speech(8), RATE, TEXT, Language.CHINESE, 20)
