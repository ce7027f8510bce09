"""Understanding: what a spoken answer means, by a table of words for each language (``ivr/dialogue/spoken``).

It fails towards a person. Whatever sounds like trouble is taken for it, also in a sentence that says the opposite; and
"well" or "yes" is only what says nothing else at all. Not even that is an answer before it was confirmed
(``ivr.dialogue.script.Step.confirms``).
"""

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from core.i18n import Language
from ivr.dialogue.opt_out_words import tidy
from ivr.dialogue.script import Meaning

TABLES = Path(__file__).parent / "spoken"
LEAST_CONFIDENCE = 0.4
"""What the provider is less sure of than this (0 to 1) is nobody's "well"."""
WORRYING = (Meaning.UNWELL, Meaning.PERSON, Meaning.NEEDS)
"""Meanings that a single word gives, the most worrying first."""


@dataclass(frozen=True)
class Words:
    """The words of a language as patterns; ``hints`` help the provider to recognise them."""

    hints: Sequence[str]
    anywhere: dict[Meaning, re.Pattern[str]]
    whole: dict[Meaning, re.Pattern[str]]
    well: re.Pattern[str]
    negations: re.Pattern[str]
    greetings: re.Pattern[str]
    gap: str


def understood(said: str, language: Language, confidence: float = 1.0) -> Meaning | None:
    """The meaning of what was said, None when nothing is certain; a negated "well" is a worry.

    A greeting is no answer. "好" may mean well and yes, and is taken for the former.
    """
    words = table(language)
    plain = " ".join(words.greetings.sub(" ", _plain(said, words.gap)).split())
    for meaning in WORRYING:
        if words.anywhere[meaning].search(plain):
            return meaning
    for meaning, whole in words.whole.items():
        if whole.fullmatch(plain):
            return meaning if meaning is Meaning.NO or confidence >= LEAST_CONFIDENCE else None
    return Meaning.UNWELL if words.well.search(plain) and words.negations.search(plain) else None


def can_understand(language: Language) -> bool:
    """Whether there is a table of words for the language."""
    return _path(language).exists()


def hints(language: Language) -> Sequence[str]:
    """Words that the provider should expect."""
    return table(language).hints


@cache
def table(language: Language) -> Words:
    """The table of a language; raises ``FileNotFoundError`` when there is none."""
    with _path(language).open("rb") as file:
        kept: dict[str, list[str]] = tomllib.load(file)
    gap = " " if any(re.search("[a-z]", word) for word in kept["well"]) else ""
    either = {name: _either(entries, gap) for name, entries in kept.items()}
    whole = (Meaning.WELL, Meaning.YES, Meaning.NO)
    return Words(
        hints=kept["hints"],
        anywhere={meaning: _anywhere(either[meaning.value], gap) for meaning in WORRYING},
        whole={meaning: _made_of(either[meaning.value], either["fillers"], gap) for meaning in whole},
        well=_anywhere(either["well"], gap),
        negations=_anywhere(either["negations"], gap),
        greetings=_anywhere(either["greetings"], gap),
        gap=gap,
    )


def _path(language: Language) -> Path:
    return TABLES / f"{language.replace('-', '_')}.toml"


def _plain(text: str, gap: str) -> str:
    return tidy(text).replace(" ", gap)


def _either(entries: Iterable[str], gap: str) -> str:
    """Any of the entries, the longest first; ``*`` stands for any ending."""
    longest_first = sorted(entries, key=len, reverse=True)
    return "|".join(re.escape(_plain(entry, gap)) + (r"\w*" if entry.endswith("*") else "") for entry in longest_first)


def _anywhere(either: str, gap: str) -> re.Pattern[str]:
    """Where words are parted by gaps, whole words only."""
    return re.compile(rf"\b(?:{either})\b" if gap else f"(?:{either})")


def _made_of(words: str, fillers: str, gap: str) -> re.Pattern[str]:
    """At least one of the words, and nothing else but fillers around it."""
    return re.compile(rf"(?:(?:{fillers}){gap})*(?:{words})(?:{gap}(?:{words}|{fillers}))*")
