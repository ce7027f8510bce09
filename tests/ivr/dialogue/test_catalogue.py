"""Prompts, their gaps, their pieces and their examples."""

import pytest

from core.i18n import Language
from ivr.dialogue.catalogue import catalogue, example, examples, gaps, pieces, sentence, words
from ivr.dialogue.engine import Prompt

EVERY = [(language, key) for language in Language for key in catalogue(language)]


@pytest.mark.parametrize(("language", "key"), EVERY)
def test_every_prompt_can_be_listened_to_with_examples_in_its_gaps(language, key):
    spoken = words(example(key, language), language)
    assert spoken
    assert "{" not in spoken


@pytest.mark.parametrize("language", Language)
def test_there_is_no_example_for_a_gap_that_no_prompt_has(language):
    assert set(examples(language)) == {gap for key in catalogue(language) for gap in gaps(key, language)}


def test_both_languages_have_the_same_prompts_with_the_same_gaps():
    chinese, english = Language.CHINESE, Language.ENGLISH
    assert catalogue(chinese).keys() == catalogue(english).keys()
    assert all(set(gaps(key, chinese)) == set(gaps(key, english)) for key in catalogue(chinese))


@pytest.mark.parametrize(("language", "key"), EVERY)
def test_the_pieces_of_a_prompt_are_the_prompt(language, key):
    prompt = example(key, language)
    assert "".join(piece.text for piece in pieces(prompt, language)) == words(prompt, language)


def test_a_prompt_is_taken_apart_at_its_gaps_and_the_marks_become_pauses():
    prompt = Prompt(key="check_in.greeting", words={"called": "王奶奶", "community": "槐东社区"})
    taken = [(piece.words, piece.gap, piece.before, piece.after) for piece in pieces(prompt, Language.CHINESE)]
    assert taken == [
        ("王奶奶", "called", 0.0, 0.0),
        ("您好。我是", None, 0.2, 0.0),
        ("槐东社区", "community", 0.0, 0.0),
        ("的早安电话，这是自动电话", None, 0.0, 0.45),
    ]


@pytest.mark.parametrize(
    ("note", "language", "said"),
    [
        ("钥匙在楼栋长处", Language.CHINESE, "钥匙在楼栋长处。"),
        (" 钥匙在门卫。", Language.CHINESE, "钥匙在门卫。"),
        ("敲门要响，", Language.CHINESE, "敲门要响。"),
        ("Knock loudly", Language.ENGLISH, "Knock loudly."),
        ("Is nobody there? Ring next door!", Language.ENGLISH, "Is nobody there? Ring next door!"),
        ("  ", Language.CHINESE, ""),
    ],
)
def test_what_somebody_has_written_ends_before_something_else_is_said(note, language, said):
    assert sentence(note, language) == said


def test_marks_alone_and_empty_gaps_are_pieces_without_words():
    prompt = Prompt(key="page.details", words={"name": "王奶奶", "place": "3号楼", "access": ""})
    silent = [piece for piece in pieces(prompt, Language.CHINESE) if not piece.words]
    assert [(piece.text, piece.after) for piece in silent] == [("，", 0.2), ("。", 0.45), ("", 0.0)]
