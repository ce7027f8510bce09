"""Whole sentences of notices: how many characters with several readings, and how many sentences, are read rightly."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from audio.reading.pinyin import pinyin
from audio.reading.read_aloud import read_aloud
from core.i18n import Language

HERE = Path(__file__).parent
MARKED = re.compile(r"(.)(?:\{([a-z]+[1-5])\})?")
FULL_TONE_MATTERS = "得地的了着"
"""Elsewhere a neutral tone that is spoken fully is heard as the same word."""


@dataclass(frozen=True)
class Sentence:
    """A text, and of some of its characters the place and the syllable."""

    text: str
    marks: tuple[tuple[int, str], ...]

    def mistakes(self) -> list[tuple[str, str, str]]:
        """Character, syllable said, syllable meant."""
        read = read_aloud(self.text, Language.CHINESE)
        said = [each for word in pinyin(read) for each in (word.syllables or [""] * len(word.text))]
        wrong = []
        for place, meant in self.marks:
            character = self.text[place]
            nth = self.text[:place].count(character)
            heard = said[[at for at, each in enumerate(read) if each == character][nth]]
            if not _is_right(character, heard, meant):
                wrong.append((character, heard, meant))
        return wrong


def _is_right(character: str, heard: str, meant: str) -> bool:
    if character not in FULL_TONE_MATTERS and "5" in heard + meant:
        return heard[:-1] == meant[:-1]
    return heard == meant


def sentences(name: str) -> list[Sentence]:
    lines = (HERE / name).read_text("utf-8").splitlines()
    return [_sentence(each.strip()) for each in lines if each.strip() and not each.startswith("#")]


def _sentence(line: str) -> Sentence:
    found = MARKED.findall(line)
    marks = [(place, meant) for place, (_, meant) in enumerate(found) if meant]
    return Sentence("".join(character for character, _ in found), tuple(marks))


@pytest.mark.parametrize(
    ("name", "polyphones", "whole"),
    [("sentences_a.txt", 0.99, 0.98), ("sentences_b.txt", 0.99, 0.99), ("sentences_c.txt", 0.95, 0.93)],
)
def test_notices_are_read_rightly(name: str, polyphones: float, whole: float) -> None:
    read = sentences(name)
    assert len(read) >= 200
    mistakes = {each.text: each.mistakes() for each in read}
    wrong = {text: found for text, found in mistakes.items() if found}
    asked = sum(len(each.marks) for each in read)
    assert 1 - sum(map(len, wrong.values())) / asked >= polyphones, wrong
    assert 1 - len(wrong) / len(read) >= whole, wrong
