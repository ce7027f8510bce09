"""Pinyin in the neural voice's own alphabet: every syllable in every tone, in symbols that it knows."""

from itertools import product

import pytest
from pypinyin.constants import PINYIN_DICT
from pypinyin.contrib.tone_convert import to_normal

from audio.engines.neural import voice_files
from audio.engines.neural.mandarin_phonemes import TONES, of_word, phonemes

SYLLABLES = sorted(
    {
        to_normal(each, v_to_u=False).replace("ü", "v")
        for readings in PINYIN_DICT.values()
        for each in readings.split(",")
    }
    - {"", "ê", "hm", "hng", "m", "n", "ng"}
)


def test_all_the_syllables_that_are_read_are_tried() -> None:
    assert len(SYLLABLES) > 400
    assert {"zhuang", "nve", "lv", "er", "shi", "xiong"} <= set(SYLLABLES)


@pytest.mark.parametrize("tone", TONES)
def test_every_syllable_is_said_in_symbols_of_the_voice_and_like_no_other(tone: str) -> None:
    known = set(voice_files.vocabulary())
    said = {syllable: phonemes(syllable + tone) for syllable in SYLLABLES}
    assert {syllable for syllable, sounds in said.items() if not sounds or set(sounds) - known} == set()
    same = [(one, other) for one, other in product(said, said) if one < other and said[one] == said[other]]
    assert set(same) <= {("lo", "luo"), ("lue", "lve"), ("nue", "nve"), ("bo", "buo"), ("o", "yo"), ("m", "mu")}


@pytest.mark.parametrize(
    ("syllable", "sounds"),
    [
        ("ni3", "ni↓"), ("hao3", "xau↓"), ("nai5", "nai"), ("zhuang1", "ꭧwa→ŋ"), ("shi4", "ʂɨ↘"), ("si4", "sɨ↘"),
        ("nv3", "ny↓"), ("xue2", "ɕɥe↗"), ("quan2", "ʨʰɥɛ↗n"), ("er2", "ɚ↗"), ("yi1", "i→"), ("wu3", "u↓"),
        ("yuan4", "ɥɛ↘n"), ("xiong2", "ɕjʊ↗ŋ"), ("gui4", "kwei↘"), ("liu4", "ljou↘"), ("jun1", "ʨy→n"),
    ],
)  # fmt: skip
def test_a_syllable_has_its_sounds_and_its_tone_behind_the_vowel(syllable: str, sounds: str) -> None:
    assert phonemes(syllable) == sounds


def test_the_syllables_of_a_word_are_said_together() -> None:
    assert of_word(("nai3", "nai5")) == "nai↓nai"
    assert of_word(("er4", "shi2", "er4")) == "ɚ↘ʂɨ↗ɚ↘"


@pytest.mark.parametrize("wrong", ["", "ni", "ni6", "xyz3", "3", "nihao3"])
def test_what_is_no_syllable_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="no syllable"):
        phonemes(wrong)
