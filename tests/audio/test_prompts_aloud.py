"""The shipped prompts, spoken by the real voice, as a telephone hears them."""

import numpy as np
import pytest
import soundfile

from audio.activity import activity
from audio.pace import MEASURABLE_UNITS, measured_pace, units
from audio.reading import read_aloud
from audio.speech import Speech
from audio.telephone import PEAK_DBFS, RATE, TARGET_LUFS, measure
from audio.voice import Voice
from core.i18n import Language
from tests.audio.conftest import prompt_texts

EVERY_PROMPT = [
    pytest.param(Speech(text, language, pace), id=f"{language.value}-{key}")
    for language, pace in ((Language.CHINESE, 170), (Language.ENGLISH, 130))
    for key, text in prompt_texts(language).items()
]
PACES = [(Language.CHINESE, pace) for pace in (140, 170, 200)] + [(Language.ENGLISH, pace) for pace in (110, 130, 160)]


@pytest.mark.parametrize("speech", EVERY_PROMPT)
def test_every_prompt_sounds_as_a_telephone_needs_it(voice: Voice, speech: Speech) -> None:
    path = voice.render(speech).path
    kind = soundfile.info(path)
    samples, _ = soundfile.read(path)
    clip = measure(samples)
    assert (kind.samplerate, kind.channels, kind.subtype) == (8000, 1, "ULAW")
    assert clip.peak_dbfs <= PEAK_DBFS
    assert clip.loudness_lufs == pytest.approx(TARGET_LUFS, abs=2)
    assert _share_in_band(samples) >= 0.9
    assert clip.active_share > 0.3
    assert 0.1 <= clip.activity.start_seconds <= 0.25
    assert 0.5 <= clip.seconds - clip.activity.end_seconds <= 0.75


@pytest.mark.parametrize(("language", "pace"), PACES)
def test_the_menus_are_spoken_at_the_pace_that_was_asked_for(voice: Voice, language: Language, pace: int) -> None:
    texts = prompt_texts(language)
    for key in ("check_in.menu", "check_in.menu_again", "unknown.enter"):
        assert _pace(voice, Speech(texts[key], language, pace)) == pytest.approx(pace, rel=0.1), key


@pytest.mark.parametrize(("language", "pace"), [(Language.CHINESE, 170), (Language.ENGLISH, 130)])
def test_every_longer_prompt_keeps_the_usual_pace(voice: Voice, language: Language, pace: int) -> None:
    for key, text in prompt_texts(language).items():
        if units(read_aloud(text, language), language) >= MEASURABLE_UNITS[language]:
            assert _pace(voice, Speech(text, language, pace)) == pytest.approx(pace, rel=0.1), key


@pytest.mark.parametrize("name", ["王琼", "欧阳雄", "Mrs Wang"])
def test_names_from_either_language_are_spoken_in_both(voice: Voice, name: str) -> None:
    assert voice.render(Speech(f"{name}，您好。", Language.CHINESE, 170))
    assert voice.render(Speech(f"Hello {name}. How are you?", Language.ENGLISH, 130))


def _pace(voice: Voice, speech: Speech) -> float:
    samples, _ = soundfile.read(voice.render(speech).path)
    return measured_pace(read_aloud(speech.text, speech.language), speech.language, activity(samples, RATE).seconds)


def _share_in_band(samples: np.ndarray) -> float:
    power = np.abs(np.fft.rfft(samples)) ** 2
    frequencies = np.fft.rfftfreq(len(samples), 1 / RATE)
    return float(power[(frequencies >= 300) & (frequencies <= 3400)].sum() / power.sum())


@pytest.mark.parametrize(("language", "pace"), [(Language.CHINESE, 170), (Language.ENGLISH, 130)])
def test_between_two_choices_it_is_quiet_for_half_a_second_or_a_little_more(
    voice: Voice, language: Language, pace: int
):
    samples, _ = soundfile.read(voice.render(Speech(prompt_texts(language)["check_in.menu"], language, pace)).path)
    longest = sorted(_pauses(samples), reverse=True)[:3]
    assert all(0.48 <= pause <= 0.75 for pause in longest), longest


def _pauses(samples: np.ndarray) -> list[float]:
    """The seconds of each quiet stretch within the clip."""
    window = RATE // 50
    loud = [bool(np.sqrt(np.mean(samples[at : at + window] ** 2)) >= 0.01) for at in range(0, len(samples), window)]
    first, last = loud.index(True), len(loud) - loud[::-1].index(True)
    stretches = "".join("x" if each else " " for each in loud[first:last]).split("x")
    return [len(stretch) * window / RATE for stretch in stretches if stretch]
