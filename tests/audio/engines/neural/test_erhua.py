"""儿 is heard in the syllable before it, where people say it so, and is a syllable where it is one."""

import re
from collections.abc import Sequence

import pytest

from audio.engines.neural import voice_files
from audio.engines.neural.mandarin_phonemes import TONES, of_word
from audio.engines.neural.pieces import pieces
from audio.reading.read_aloud import read_aloud
from audio.reading.syllables.names import Name, named
from core.i18n import Language
from tests.audio.conftest import prompt_texts
from tests.audio.engines.neural.test_mandarin_phonemes import SYLLABLES


def said(text: str, names: Sequence[Name] = ()) -> str:
    return "".join(each.phonemes for each in pieces(text, Language.CHINESE, names, lambda _: "")).replace(" ", "")


@pytest.mark.parametrize(
    ("text", "sounds"),
    [
        ("点儿", "tjaɚ↓"), ("玩儿", "waɚ↗"), ("药片儿", "jau↘pʰjaɚ↘"), ("圈儿", "ʨʰɥaɚ→"), ("门儿", "mɚ↗"),
        ("棍儿", "kwɚ↘"), ("今儿", "ʨiɚ→"), ("裙儿", "ʨʰyɚ↗"), ("孩儿", "xaɚ↗"), ("块儿", "kʰwaɚ↘"), ("味儿", "wɚ↘"),
        ("会儿", "xwɚ↘"), ("事儿", "ʂɚ↘"), ("字儿", "ʦɚ↘"), ("空儿", "kʰʊ\u0303ɚ↘"), ("瓶儿", "pʰi\u0303ɚ↗"),
        ("亮儿", "lja\u0303ɚ↘"), ("这儿", "ꭧɤ↘ɚ"), ("那儿", "na↘ɚ"), ("花儿", "xwa→ɚ"), ("鸟儿", "njau↓ɚ"),
        ("小曲儿", "ɕjau↓ʨʰy↓ɚ"), ("兔儿", "tʰu↘ɚ"),
    ],
)  # fmt: skip
def test_a_syllable_with_a_suffix_is_one(text: str, sounds: str) -> None:
    assert said(text) == sounds


@pytest.mark.parametrize(
    ("text", "sounds"),
    [
        ("女儿", "ny↓ɚ↗"), ("儿子", "ɚ↗ʦɨ"), ("儿童", "ɚ↗tʰʊ↗ŋ"), ("婴儿", "i→ŋɚ↗"), ("幼儿园", "jou↘ɚ↗ɥɛ↗n"),
        ("孤儿", "ku→ɚ↗"), ("托儿所", "tʰwo→ɚ↗swo↓"), ("生儿育女", "ʂə→ŋɚ↗y↘ny↓"), ("我儿", "wo↓ɚ↗"), ("儿", "ɚ↗"),
    ],
)  # fmt: skip
def test_where_it_is_a_syllable_it_is_said_as_one(text: str, sounds: str) -> None:
    assert said(text) == sounds


def test_it_belongs_to_the_word_before_it_whatever_the_dictionary_parts() -> None:
    assert said("看电影儿。") == "kʰa↘ntjɛ↘ni\u0303ɚ↓."
    assert said("一点儿，儿。") == "i↘tjaɚ↓,ɚ↗."


def test_in_a_name_it_is_a_syllable_unless_the_family_says_otherwise() -> None:
    assert said("莲儿奶奶", [named("莲儿奶奶", "")]) == "ljɛ↗nɚ↗nai↓nai"
    assert said("莲儿奶奶", [named("莲儿奶奶", "儿=er5")]) == "ljaɚ↗nai↓nai"
    assert said("莲儿奶奶在这儿", [named("莲儿奶奶", "")]).endswith("ꭧɤ↘ɚ")


@pytest.mark.parametrize("tone", TONES)
def test_every_syllable_takes_it_in_symbols_of_the_voice(tone: str) -> None:
    known = set(voice_files.vocabulary())
    rhotic = {syllable: of_word((syllable + tone, "er5")) for syllable in SYLLABLES}
    assert {syllable for syllable, sounds in rhotic.items() if set(sounds) - known} == set()
    assert {syllable for syllable, sounds in rhotic.items() if sounds.count("ɚ") != 1} == {"er"}
    assert not [sounds for sounds in rhotic.values() if re.search("[aɛəiyʊ][→↗↓↘]?[nŋ]|[aew]iɚ|ɨɚ", sounds)]


def test_the_shipped_prompts_say_in_a_moment_as_people_do() -> None:
    with_it = [text for text in prompt_texts(Language.CHINESE).values() if "儿" in text]
    assert len(with_it) >= 6
    for text in with_it:
        assert "i↗xwɚ↘" in said(read_aloud(text, Language.CHINESE)), text
