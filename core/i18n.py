"""Translations: gettext catalogues for everything a person reads on a screen or in a text message."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

LOCALES = Path(__file__).parent / "locales"
_ENTRY = re.compile(r"""^msgid ("[^\n]*"(?:\n"[^\n]*")*)\nmsgstr ("[^\n]*"(?:\n"[^\n]*")*)$""", re.MULTILINE)
_BETWEEN_LINES = '"\n"'
_ESCAPED = re.compile(r"\\(.)")


class Language(StrEnum):
    """Languages of the interface and of the shipped prompts, as BCP 47 tags."""

    CHINESE = "zh-CN"
    ENGLISH = "en"


@dataclass(frozen=True)
class InWords:
    """What fills a gap with other words in each language."""

    chinese: str
    english: str

    def said(self, language: Language) -> str:
        """The words of this language."""
        return self.chinese if language is Language.CHINESE else self.english


class _Gap:
    """What fills a gap; its format may be two words, for one and for any other number: ``{count:is|are}``."""

    def __init__(self, value: object) -> None:
        self._value = value

    def __format__(self, spec: str) -> str:
        one, several, other = spec.partition("|")
        if several:
            return one if str(self._value) == "1" else other
        return format(self._value, spec)

    def __str__(self) -> str:
        return str(self._value)


def translate(language: Language | str, text: str, /, **parameters: object) -> str:
    """``text`` (the English catalogue key) in ``language``, with its ``{placeholders}`` filled in.

    A list fills a gap as that language separates its words, ``InWords`` with those of that language. Beside a number
    stands what depends on it: ``{people} {people:person is|people are} rung``.
    """
    spoken = Language(language)
    translated = _catalogue(spoken).get(text) or text
    if not parameters:
        return translated
    filled = {name: _filled(spoken, value) for name, value in parameters.items()}
    if "|" in translated:
        filled = {name: _Gap(value) for name, value in filled.items()}
    return translated.format(**filled)


def in_words(text: str, /, **parameters: object) -> InWords:
    """What fills a gap with ``text`` (a catalogue key) in each language."""
    chinese, english = (translate(each, text, **parameters) for each in (Language.CHINESE, Language.ENGLISH))
    return InWords(chinese, english)


def listed(language: Language | str, words: Iterable[object]) -> str:
    """The words one after the other, separated as this language does."""
    spoken = Language(language)
    return ("、" if spoken is Language.CHINESE else ", ").join(str(_filled(spoken, each)) for each in words)


def _filled(language: Language, value: object) -> object:
    if isinstance(value, InWords):
        return value.said(language)
    if isinstance(value, list | tuple):
        return listed(language, value)
    return value


@cache
def _catalogue(language: Language) -> Mapping[str, str]:
    """The catalogue as its .po text has it, so no build step can leave it stale.

    Read by these few lines, because every command reads it at its start: Babel's own reader takes a third of that
    start. Our catalogues know no plurals and no contexts; a test compares what both readers find.
    """
    path = LOCALES / language.replace("-", "_") / "LC_MESSAGES" / "messages.po"
    found = _ENTRY.findall(path.read_text(encoding="utf-8"))
    return {_unquoted(written): _unquoted(translated) for written, translated in found}


def _unquoted(quoted: str) -> str:
    """The text of one or more quoted lines."""
    joined = quoted[1:-1].replace(_BETWEEN_LINES, "")
    return _ESCAPED.sub(_character, joined) if "\\" in joined else joined


def _character(escaped: re.Match[str]) -> str:
    return {"n": "\n", "t": "\t", "r": "\r"}.get(escaped[1], escaped[1])
