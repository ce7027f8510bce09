"""Passages: the parts of a text that one voice can speak. The English voice says "Chinese letter" for each 王."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from audio.reading.characters import HAN
from audio.reading.english_names import told
from audio.reading.syllables.names import Name
from audio.reading.syllables.spelling import spelled
from core.i18n import Language

SENTENCE_PAUSE_SECONDS: Final = 0.6
"""Between 500 and 750 ms: the time that older people need between two choices."""
_SENTENCE: Final = re.compile(r"[^。！？；]+[。！？；]*[”’」』]*|[。！？；]+")
_PASSAGE: Final = re.compile(rf"[{HAN}]+[^\w{HAN}]*|[^{HAN}]+")


@dataclass(frozen=True)
class Passage:
    """Words for one voice, as espeak spells them, and the quiet that follows before the next one speaks."""

    words: str
    language: Language
    pause_seconds: float


def passages(words: str, language: Language, names: Sequence[Name] = ()) -> tuple[Passage, ...]:
    """A Chinese name in an English text is a passage of its own; the Mandarin voice speaks foreign words itself.

    ``names`` are of people who are named in the words. That voice hardly pauses between sentences, and the choices of a
    menu are sentences: each is a passage.
    """
    if language is Language.CHINESE:
        return tuple(_sentence(match[0], names) for match in _SENTENCE.finditer(words) if re.search(r"\w", match[0]))
    return tuple(_passage(match[0], names) for match in _PASSAGE.finditer(words) if re.search(r"\w", match[0]))


def _sentence(words: str, names: Sequence[Name]) -> Passage:
    pause = SENTENCE_PAUSE_SECONDS if words.rstrip()[-1] in "。！？；" else 0.0
    return Passage(spelled(words, names), Language.CHINESE, pause)


def _passage(words: str, names: Sequence[Name]) -> Passage:
    language = Language.CHINESE if re.match(f"[{HAN}]", words) else Language.ENGLISH
    ending = words.rstrip()[-1]
    said = spelled(words, names) if language is Language.CHINESE else told(words)
    return Passage(said, language, 0.3 if ending in ".!?。！？" else 0.15 if ending in ",;:，；：" else 0.05)
