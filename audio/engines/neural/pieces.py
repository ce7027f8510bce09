"""A text as the neural voice is given it: pieces of phonemes, each for one voice, and the quiet behind each."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from audio.engines.neural import mandarin_phonemes
from audio.reading.characters import HAN
from audio.reading.english_names import told
from audio.reading.passages import SENTENCE_PAUSE_SECONDS
from audio.reading.syllables.names import Name
from audio.reading.syllables.pinyin import Word, pinyin
from core.i18n import Language

LONGEST_PIECE: Final = 400
"""Phonemes; the voice takes 510, and has heard few sentences that are longer than this."""
LONG_PIECE: Final = 120
"""Phonemes, about seven seconds: each second more takes 25 MB, so that a longer sentence is parted at a comma."""

_PASSAGE: Final = re.compile(rf"[{HAN}]+[^\w{HAN}]*|[^{HAN}]+")
_SENTENCE: Final = {
    Language.CHINESE: re.compile(r"[^。！？；]+[。！？；]*[”’」』]*|[。！？；]+"),
    Language.ENGLISH: re.compile(r".+?(?:[.!?;][”’\"')]*(?=\s)\s*|$)", re.DOTALL),
}
_ENDS_SENTENCE: Final = re.compile(r"[。！？；.!?;][”’」』\"')\s]*$")
_ENDS_CLAUSE: Final = re.compile(r"[，、：,:—…][”’」』\"')\s]*$")
_CLAUSE_PAUSE_SECONDS: Final = 0.15
_WORD_PAUSE_SECONDS: Final = 0.03
_MARKS: Final = str.maketrans("，、。！？；：（）《》「」『』～", ",,.!?;:()“”“”“”—")
_SILENT_MARKS: Final = re.compile(r"[^,.!?;:()“”—…]")
_COMMA: Final = re.compile(r"[,;:]\s+(?=\S)")
_CLOSING: Final = re.compile(r"\s+(?=[,.!?;:)”…])|(?<=[(“])\s+")


@dataclass(frozen=True)
class Piece:
    """What one voice says in one breath, and the seconds of quiet that follow.

    ``ends_sentence`` tells the pause between two sentences, which may be made longer, from that within one.
    """

    phonemes: str
    language: Language
    pause_seconds: float
    ends_sentence: bool


def pieces(text: str, language: Language, names: Sequence[Name], english: Callable[[str], str]) -> tuple[Piece, ...]:
    """The text, which has been read aloud, in pieces; ``english`` gives the phonemes of what is not Chinese.

    A Chinese name in an English text is a piece of its own; the Mandarin voice says foreign words itself. Raises
    ``ValueError`` for a character whose reading nobody knows.
    """
    sentences = (match[0] for match in _SENTENCE[language].finditer(text))
    return tuple(piece for sentence in sentences for piece in _pieces(sentence, language, names, english))


def _pieces(sentence: str, language: Language, names: Sequence[Name], english: Callable[[str], str]) -> Iterator[Piece]:
    parts = [sentence] if language is Language.CHINESE else [match[0] for match in _PASSAGE.finditer(sentence)]
    for part in parts:
        if not re.search(r"\w", part):
            continue
        is_chinese = language is Language.CHINESE or bool(re.match(f"[{HAN}]", part))
        said = _mandarin(part, names, english) if is_chinese else english(told(part))
        voice = Language.CHINESE if is_chinese else Language.ENGLISH
        yield from _short(said, voice, part)


def _short(said: str, language: Language, words: str) -> Iterator[Piece]:
    """One piece, or as many as the voice needs for what is long."""
    while (cut := _cut(said)) < len(said):
        yield Piece(said[:cut].strip(), language, _CLAUSE_PAUSE_SECONDS, ends_sentence=False)
        said = said[cut:]
    if said.strip():
        ends = bool(_ENDS_SENTENCE.search(words))
        pause = (
            SENTENCE_PAUSE_SECONDS
            if ends
            else _CLAUSE_PAUSE_SECONDS
            if _ENDS_CLAUSE.search(words)
            else _WORD_PAUSE_SECONDS
        )
        yield Piece(said.strip(), language, pause, ends)


def _cut(said: str) -> int:
    """Where a piece ends: behind the comma that parts a long one most evenly; without one, as late as can be."""
    if len(said) <= LONG_PIECE:
        return len(said)
    parts = -(-len(said) // LONG_PIECE)
    commas = [match.end() for match in _COMMA.finditer(said, 0, LONGEST_PIECE)]
    if commas:
        return min(commas, key=lambda end: abs(end - len(said) / parts))
    return len(said) if len(said) <= LONGEST_PIECE else said.rfind(" ", 1, LONGEST_PIECE) + 1 or LONGEST_PIECE


def _mandarin(text: str, names: Sequence[Name], english: Callable[[str], str]) -> str:
    """The phonemes, words apart, with the marks that the voice knows."""
    words = pinyin(text, names)
    return _CLOSING.sub("", " ".join(filter(None, (_word(each, english) for each in words)))).strip()


def _word(word: Word, english: Callable[[str], str]) -> str:
    if word.syllables:
        if "" in word.syllables:
            raise ValueError(f"nobody knows how {word.text} is read")
        return mandarin_phonemes.of_word(word.syllables)
    if re.search(r"\w", word.text):
        return english(word.text)
    return _SILENT_MARKS.sub("", word.text.translate(_MARKS))
