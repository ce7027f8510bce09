"""A sample of the shipped prompts, spoken by the neural voice in a call's own sentences, as a telephone hears them."""

from itertools import product

import pytest

from audio.clips.sentences import by_sentence
from audio.clips.speech import Speech
from audio.engines.engine import Engine
from audio.voice import Voice
from core.i18n import Language
from core.timbre import Timbre
from ivr.dialogue.catalogue import DEFAULT_PACE
from tests.audio.conftest import prompt_texts
from tests.audio.hearing import LONGEST_SECONDS, assert_fit_for_a_telephone, listen

SHORT = ["check_in.ok"]
SAMPLE = ["check_in.greeting", "check_in.menu", "call.ring_again", "page.engaged", "unknown.enter", "notice.told"]


def in_every_voice(keys):
    """Each of these by both voices of both languages."""
    return [
        pytest.param(
            Speech(prompt_texts(language)[key], language, DEFAULT_PACE[language], timbre, engine=Engine.NEURAL),
            id=f"{language}-{timbre}-{key}",
        )
        for language, timbre, key in product(Language, (Timbre.FEMALE, Timbre.MALE), keys)
    ]


@pytest.mark.parametrize("speech", in_every_voice(SHORT))
def test_a_short_prompt_of_the_neural_voice_is_fit_for_a_telephone(voice: Voice, speech: Speech) -> None:
    judge(voice, speech)


@pytest.mark.long
@pytest.mark.parametrize("speech", in_every_voice(SAMPLE))
def test_a_prompt_of_the_neural_voice_is_fit_for_a_telephone(voice: Voice, speech: Speech) -> None:
    judge(voice, speech)


def judge(voice: Voice, speech: Speech) -> None:
    clip = listen(voice.render(by_sentence(speech)))
    assert_fit_for_a_telephone(clip, speech)
    assert clip.keys == ()
    if speech.language is Language.ENGLISH:
        assert clip.measured.seconds <= LONGEST_SECONDS
