"""The lists of our own readings, in the folder ``mandarin_readings``: read once, when first needed."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from audio.reading.characters import HAN

FOLDER: Final = Path(__file__).parent / "mandarin_readings"


@dataclass(frozen=True)
class Surname:
    """How a surname is spoken, whether its character is a common word as well, and one that begins a sentence so."""

    syllables: tuple[str, ...]
    is_a_word: bool
    only_in_names: bool


@dataclass(frozen=True)
class Polyphone:
    """A pattern that matches one character, its syllable there, and whether it counts ``alone`` only."""

    pattern: re.Pattern[str]
    syllable: str
    alone: bool


@cache
def surnames() -> Mapping[str, Surname]:
    """Surname → how it is spoken."""
    return {
        surname: Surname(tuple(each for each in said if each[-1].isdigit()), "name" in said, "only" in said)
        for surname, *said in _lines("surnames.txt")
    }


@cache
def given_names() -> frozenset[str]:
    """Characters that given names are made of, and words that are given names as well."""
    return frozenset(each for line in _lines("given_names.txt") for each in line)


@cache
def words_of_ours() -> Mapping[str, Sequence[str]]:
    """Word → a syllable for each of its characters."""
    return {word: said for word, *said in _lines("words.txt")}


@cache
def polyphones() -> Sequence[Polyphone]:
    """In the order in which they apply; later ones win."""
    return [
        Polyphone(
            re.compile(pattern.replace("[\\H]", f"[{HAN}]").replace("\\H", f"[{HAN}]")),
            said.lstrip("!"),
            said[0] != "!",
        )
        for said, pattern in _lines("polyphones.txt")
    ]


def _lines(name: str) -> Iterator[list[str]]:
    for line in (FOLDER / name).read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line.split()
