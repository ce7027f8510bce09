"""The words that were chosen for residents and the office stand where they are said: nobody loses them by rewording."""

import pytest

from core.i18n import Language, translate
from ivr.dialogue.catalogue import catalogue, words
from tests.zaoan.cli.prompts.test_every_dialogue import dialogues

CHINESE, ENGLISH = Language.CHINESE, Language.ENGLISH
SPOKEN = [
    (CHINESE, "check_in", "要是您一切都好，请按1"),
    (CHINESE, "check_in", "要是想请人帮忙买东西，请按2"),
    (CHINESE, "check_in", "我现在就去找人帮您"),
    (CHINESE, "check_in", "要是很急，挂了电话，请马上打120"),
    (CHINESE, "check_in", "都不是，请按0"),
    (CHINESE, "truth", "我还没有联系到能过来的人，现在还在找"),
    (CHINESE, "truth", "已经有人答应来帮您了"),
    (CHINESE, "truth", "要是很急，挂了电话，请马上打120"),
    (ENGLISH, "check_in", "I'm glad you're well"),
    (ENGLISH, "check_in", "I didn't hear a key press"),
    (ENGLISH, "check_in", "Goodbye"),
    (ENGLISH, "notice", "I didn't hear a key press"),
    (ENGLISH, "truth", "I didn't hear a key press"),
]
WRITTEN = [
    (CHINESE, "{needing} need somebody", {"needing": 9}, "有 9 位要人去看看"),
    (CHINESE, "everybody has been looked after", {}, "每一位都问到了，也照应到了"),
    (CHINESE, "chapter:truth", {}, "回电说明"),
    (ENGLISH, "{needing} need somebody", {"needing": 9}, "9 need somebody"),
    (ENGLISH, "Everybody has been rung. The rest needs a person.", {}, "The rest needs a person."),
    (ENGLISH, "“{value}” is not a column we know, so it was left out.", {"value": "X"}, "“X” is not a column we know"),
]
NO_LONGER = {
    CHINESE: ("实话电话", "如果您一切都好", "需要东西，请按2。如果", "以上都不是"),
    ENGLISH: ("Good bye", "did not press", "I did not hear", "is not a known column", "I am glad that you are well"),
}


@pytest.mark.parametrize(("language", "name", "sentence"), SPOKEN)
def test_what_was_chosen_is_said_in_its_dialogue(language, name, sentence):
    made = [each for each in dialogues(language) if each.name.partition("/")[0] == name]
    said = {
        words(prompt, language)
        for dialogue in made
        for prompt in dialogue.prompts()
        if prompt.key in catalogue(language)
    }
    assert any(sentence in each for each in said), sorted(said)


@pytest.mark.parametrize(("language", "text", "gaps", "written"), WRITTEN)
def test_what_was_chosen_is_written(language, text, gaps, written):
    assert written in translate(language, text, **gaps)


@pytest.mark.parametrize("language", Language)
def test_no_prompt_says_what_was_given_up(language):
    assert [key for key, text in catalogue(language).items() if any(each in text for each in NO_LONGER[language])] == []
