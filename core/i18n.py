"""Translations: gettext catalogues for everything a person reads on a screen or in a text message."""

import re
from collections.abc import Mapping
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


def translate(language: Language | str, text: str, /, **parameters: object) -> str:
    """``text`` (the English catalogue key) in ``language``, with its ``{placeholders}`` filled in."""
    translated = _catalogue(Language(language)).get(text) or text
    return translated.format(**parameters) if parameters else translated


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
