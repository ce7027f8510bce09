"""Letters by which a name is typed: every reading of a character, in each spelling."""

import pytest

from audio.reading.typed_letters import spellings, typed_syllables


@pytest.mark.parametrize(
    ("character", "among"),
    [("单", {"dan", "shan", "chan"}), ("吕", {"lv", "lu", "lyu"}), ("解", {"jie", "xie"}), ("垚", {"yao"}),
     ("贠", {"yun"}), ("王", {"wang"}), ("女", {"nv", "nu", "nyu"})],
)  # fmt: skip
def test_every_reading_is_among_them(character, among):
    assert among <= typed_syllables(character)


@pytest.mark.parametrize("character", ["a", "1", " ", "é", "王王", ""])
def test_what_is_no_chinese_character_has_none(character):
    assert typed_syllables(character) == frozenset()


def test_a_tone_is_no_part_of_what_is_typed():
    assert (spellings("lve4"), spellings("ge3"), spellings("")) == (
        frozenset({"lve", "lue", "lyue"}), frozenset({"ge"}), frozenset({""}))  # fmt: skip
