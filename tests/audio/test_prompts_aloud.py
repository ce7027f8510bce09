"""The shipped prompts, spoken by the real voice, as a telephone hears them."""

import numpy as np
import pytest
import soundfile

from audio.clips.speech import Speech
from audio.sound.activity import activity
from audio.sound.telephone import RATE
from audio.voice import Voice
from core.i18n import Language
from core.timbre import Timbre
from tests.audio.conftest import prompt_texts
from tests.audio.hearing import LONGEST_SECONDS, Heard, assert_fit_for_a_telephone, listen

USUAL = {Language.CHINESE: 170, Language.ENGLISH: 130}
PROMPTS = {
    (language, key): Speech(text, language, pace)
    for language, pace in USUAL.items()
    for key, text in prompt_texts(language).items()
}
EVERY_PROMPT = [pytest.param(speech, id=f"{language}-{key}") for (language, key), speech in PROMPTS.items()]
PACES = [(Language.CHINESE, pace) for pace in (140, 170, 200)] + [(Language.ENGLISH, pace) for pace in (110, 130, 160)]
FIRST_CHOICE_SECONDS = 6.0
MENUS = ("check_in.menu", "check_in.menu_again", "unknown.enter")


class Listener:
    """Listens to clips, each of them once; what is not made yet is spoken first."""

    def __init__(self, voice: Voice) -> None:
        self._voice = voice
        self._heard: dict[Speech, Heard] = {}

    def __getitem__(self, speech: Speech) -> Heard:
        if speech not in self._heard:
            self._heard[speech] = listen(self._voice.render(speech))
        return self._heard[speech]


@pytest.fixture(scope="module")
def heard(voice: Voice) -> Listener:
    return Listener(voice)


@pytest.mark.parametrize("speech", EVERY_PROMPT)
def test_every_prompt_sounds_as_a_telephone_needs_it(heard: Listener, speech: Speech) -> None:
    assert_fit_for_a_telephone(heard[speech], speech)


@pytest.mark.parametrize("speech", EVERY_PROMPT)
def test_no_moment_of_a_prompt_is_taken_for_a_key(heard: Listener, speech: Speech) -> None:
    assert heard[speech].keys == ()


@pytest.mark.parametrize("key", prompt_texts(Language.ENGLISH))
def test_no_english_prompt_is_longer_than_anybody_can_keep_in_mind(heard: Listener, key: str) -> None:
    assert heard[PROMPTS[Language.ENGLISH, key]].measured.seconds <= LONGEST_SECONDS


@pytest.mark.parametrize(
    ("before", "choices", "first"),
    [
        (("check_in.greeting",), "check_in.menu", "If you are well"),
        (("check_in.greeting",), "check_in.menu_spoken", "Say “I am well”"),
        ((), "page.offer", "To go"),
        ((), "page.offer_message", "To look after it"),
        ((), "page.offer_not_asked", "To look after it"),
        ((), "page.offer_silence_cluster", "To look after it"),
    ],
)
def test_the_first_choice_is_said_within_six_seconds_of_pick_up(
    voice: Voice, heard: Listener, before: tuple[str, ...], choices: str, first: str
) -> None:
    """The clips that are heard before it, and as much of its own prompt as comes before it, said alone."""
    texts = prompt_texts(Language.ENGLISH)
    waited = sum(heard[PROMPTS[Language.ENGLISH, key]].measured.seconds for key in before)
    if opening := texts[choices].partition(first)[0]:
        spoken = listen(voice.render(Speech(opening, Language.ENGLISH, USUAL[Language.ENGLISH])))
        waited += spoken.measured.activity.end_seconds
    assert first in texts[choices]
    assert waited <= FIRST_CHOICE_SECONDS


@pytest.mark.parametrize(("language", "pace"), PACES)
def test_the_menus_are_spoken_at_the_pace_that_was_asked_for(heard: Listener, language: Language, pace: int) -> None:
    for key in MENUS:
        speech = Speech(prompt_texts(language)[key], language, pace)
        assert heard[speech].pace(speech) == pytest.approx(pace, rel=0.1), key


@pytest.mark.parametrize("name", ["王琼", "欧阳雄", "Mrs Wang"])
def test_names_from_either_language_are_spoken_in_both(voice: Voice, name: str) -> None:
    assert voice.render(Speech(f"{name}，您好。", Language.CHINESE, 170))
    assert voice.render(Speech(f"Hello {name}. How are you?", Language.ENGLISH, 130))


@pytest.mark.parametrize(
    ("language", "text"),
    [(Language.CHINESE, "王奶奶，早上好，您今天好吗？"), (Language.ENGLISH, "Good morning, how are you today?")],
)
def test_a_woman_s_voice_is_higher_than_the_usual_one_and_a_man_s_is_not(
    voice: Voice, language: Language, text: str
) -> None:
    pitch = {
        timbre: _pitch(listen(voice.render(Speech(text, language, USUAL[language], timbre))).samples)
        for timbre in Timbre
    }
    assert pitch[Timbre.FEMALE] > 1.2 * max(pitch[Timbre.USUAL], pitch[Timbre.MALE])
    assert len({round(hertz) for hertz in pitch.values()}) == 3


def _pitch(samples: np.ndarray) -> float:
    """The median over frames of 40 ms of the pitch at which a frame resembles itself most, 70 to 400 Hz."""
    spoken = activity(samples, RATE)
    first, last = (round(at * RATE) for at in (spoken.start_seconds, spoken.end_seconds))
    found = []
    for start in range(first, last - 640, 320):
        frame = samples[start : start + 640] * np.hanning(640)
        alike = np.correlate(frame, frame, "full")[640:]
        lags = slice(RATE // 400, RATE // 70)
        if alike[lags].max() > 0.5 * float(frame @ frame) > 0.05:
            found.append(RATE / (lags.start + 1 + int(np.argmax(alike[lags]))))
    return float(np.median(found))


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
