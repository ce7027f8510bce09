"""All prompts are spoken, to many different people."""

import pytest

from audio.clips.pieces import Joined
from audio.engines.engine import Engine
from benchmarks.voices.people import people
from benchmarks.voices.utterances import utterances
from core.i18n import Language
from core.timbre import Timbre
from ivr.dialogue.catalogue import catalogue

LANGUAGES = list(Language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_prompt_is_there_and_two_hundred_people_are_named(language: Language) -> None:
    said = utterances(language)
    assert {each.key for each in said} == set(catalogue(language))
    assert len({name for each in said for name in each.people}) >= 200
    assert all(name in each.text for each in said for name in each.people)
    assert not any("{" in each.text for each in said)


def test_no_two_people_are_called_alike_and_a_seed_draws_the_same() -> None:
    drawn = people(200, 19)
    for language in LANGUAGES:
        assert len({each.called(language) for each in drawn}) == 200
    assert people(200, 19) == drawn
    assert people(30, 19) == drawn[:30]
    assert people(200, 20) != drawn
    with pytest.raises(ValueError, match="different names"):
        people(10_000, 19)


def test_a_person_is_called_the_same_in_both_languages() -> None:
    one = next(each for each in people(200, 19) if each.surname == "彭")
    assert one.called(Language.CHINESE) == "彭奶奶"
    assert one.called(Language.ENGLISH) == "Grandma Peng"
    assert one.name(Language.CHINESE) == "彭" + one.given
    assert one.name(Language.ENGLISH).startswith("Peng ")


@pytest.mark.parametrize("language", LANGUAGES)
def test_fewer_prompts_are_spread_over_all_and_name_the_same_people(language: Language) -> None:
    whole, some = utterances(language), utterances(language, limit=12)
    assert len({each.key for each in some}) == 12
    assert len({each.key.split(".")[0] for each in some}) >= 6
    assert [each for each in whole if each in some] == list(some)


def test_what_is_no_sentence_is_heard_in_one() -> None:
    said = {each.key: each.text for each in utterances(Language.CHINESE, names=1)}
    assert said["problem.busy"] == "3号楼有一位居民的电话一直占线。"
    assert said["problem.and"] == "3号楼有一位居民说身体不舒服，也想和人说说话。"
    assert "我们的社区护士，想和您说说话" in said["role.nurse"]


def test_it_is_spoken_as_in_a_call() -> None:
    greeting = next(each for each in utterances(Language.CHINESE) if each.key == "check_in.greeting")
    speech = greeting.speech(Engine.PYTTSX3, Timbre.MALE)
    assert (speech.pace, speech.timbre, speech.engine) == (170, Timbre.MALE, Engine.PYTTSX3)
    assert [name.text for name in speech.names] == list(greeting.people)
    assert not isinstance(speech, Joined)
