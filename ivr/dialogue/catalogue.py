"""The prompt catalogue: what the voice says, its gaps, and the pieces that a person may record one by one."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Final

from audio.reading.characters import HAN
from audio.reading.syllables.names import Name, named
from core.i18n import Language
from ivr.dialogue.engine import Prompt

CATALOGUES: Final = Path(__file__).parent / "prompts"
MELODY: Final = Prompt(key="melody")
"""Not words of the catalogue but a few soft notes, for whoever is being connected."""
DEFAULT_PACE: Final = {Language.CHINESE: 170, Language.ENGLISH: 130}
NAME_GAPS: Final = ("called", "name", "responder")
"""Where people stand: their surnames are spoken as surnames are."""

WRITTEN_GAPS: Final = ("message", "access")
"""What the office has written freely: residents may be named in it."""
_HAN: Final = re.compile(f"[{HAN}]")
_MARKS: Final = " ，。！？；：、,.!?;:"
_SENTENCE_ENDS: Final = frozenset("。！？.!?")
_SENTENCE_SECONDS: Final = 0.45
_CLAUSE_SECONDS: Final = 0.2


@dataclass(frozen=True)
class Piece:
    """A part of a prompt: the words of ``gap``, or with ``gap`` None words that are always the same.

    ``text`` is written with marks around the ``words``; ``before`` and ``after`` are the seconds of quiet that they ask
    for. Words may be empty.
    """

    text: str
    words: str
    gap: str | None
    before: float
    after: float


@cache
def catalogue(language: Language) -> Mapping[str, str]:
    """The prompts of a language: key → words with ``{gaps}``."""
    name = Language(language).replace("-", "_")
    with (CATALOGUES / f"{name}.toml").open("rb") as file:
        return {f"{group}.{name}": text for group, texts in tomllib.load(file).items() for name, text in texts.items()}


@cache
def examples(language: Language) -> Mapping[str, str]:
    """For every gap of the catalogue words that stand in it on an ordinary day: gap → words."""
    with (CATALOGUES / "examples.toml").open("rb") as file:
        spoken: Mapping[str, str] = tomllib.load(file)[Language(language).value]
    return spoken


def words(prompt: Prompt, language: Language) -> str:
    """What the voice says; raises ``KeyError`` for a prompt or a gap that nobody has filled."""
    return catalogue(language)[prompt.key].format(**prompt.words)


def names_in(prompt: Prompt, readings: Mapping[str, str] = {}) -> tuple[Name, ...]:
    """The people named in the prompt's gaps; ``readings``: what they are called → how their family reads it, or "".

    In what the office has written freely those of ``readings`` are found.
    """
    called = [prompt.words[gap].strip() for gap in NAME_GAPS if prompt.words.get(gap, "").strip()]
    written = written_in(prompt)
    named_freely = [each for each in readings if each in written]
    names = dict.fromkeys(called + named_freely)
    return tuple(named(each, readings.get(each, "")) for each in names if _HAN.search(each))


def written_in(prompt: Prompt) -> str:
    """What of the prompt somebody has written freely; nothing where there is nothing."""
    return "\n".join(prompt.words[gap] for gap in WRITTEN_GAPS if gap in prompt.words)


def sentence(note: str, language: Language) -> str:
    """What somebody has written, as sentences after which something else can be said; nothing stays nothing."""
    said = note.strip()
    if not said or said[-1] in _SENTENCE_ENDS:
        return said
    return said.rstrip(_MARKS) + ("。" if language is Language.CHINESE else ".")


def example(key: str, language: Language) -> Prompt:
    """The prompt with its gaps filled by the examples. Raises ``KeyError`` for an unknown prompt."""
    return Prompt(key=key, words={gap: examples(language)[gap] for gap in gaps(key, language)})


def gaps(key: str, language: Language) -> tuple[str, ...]:
    """The gaps of a prompt, in their order, each once. Raises ``KeyError`` for an unknown prompt."""
    return tuple(dict.fromkeys(piece.gap for piece in _template(key, language) if piece.gap))


def pieces(prompt: Prompt, language: Language) -> tuple[Piece, ...]:
    """The prompt taken apart at its gaps; the words of a gap are those of the prompt."""
    return tuple(_filled(piece, prompt) if piece.gap else piece for piece in _template(prompt.key, language))


def bare(text: str) -> str:
    """Words without the marks around them: how a recording's words are compared with what is to be said."""
    return text.strip(_MARKS)


@cache
def _template(key: str, language: Language) -> tuple[Piece, ...]:
    found: list[Piece] = []
    for fixed, gap, _, _ in Formatter().parse(catalogue(language)[key]):
        if fixed:
            found.append(_piece(fixed, None))
        if gap:
            found.append(Piece("", "", gap, 0.0, 0.0))
    return tuple(found)


def _filled(piece: Piece, prompt: Prompt) -> Piece:
    assert piece.gap is not None
    return _piece(prompt.words[piece.gap], piece.gap)


def _piece(text: str, gap: str | None) -> Piece:
    inner = text.strip(_MARKS)
    if not inner:
        return Piece(text, "", gap, _quiet(text), _quiet(text))
    start = text.index(inner)
    return Piece(text, inner, gap, _quiet(text[:start]), _quiet(text[start + len(inner) :]))


def _quiet(marks: str) -> float:
    if _SENTENCE_ENDS.intersection(marks):
        return _SENTENCE_SECONDS
    return _CLAUSE_SECONDS if marks.strip() else 0.0
