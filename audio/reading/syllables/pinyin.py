"""Text to pinyin: which syllable each Chinese character is spoken with.

pypinyin with the phrases of CC-CEDICT reads the words; over it lie our own lists (the folder ``mandarin_readings``):
words of this service, surnames where a name stands, rules for characters that stand alone, and the tones of 一 and 不.
The library and its phrases take a second to load and 130 MB: only who speaks or is asked for pinyin loads them.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from audio.reading.characters import HAN
from audio.reading.syllables.names import Name, named_parts
from audio.reading.syllables.sandhi import spoken_tones
from audio.reading.syllables.surnames import surnames_in
from audio.reading.syllables.tables import polyphones, words_of_ours

SUFFIX: Final = "er5"
"""An 儿 that is no syllable of its own: it ends the one before it (一点儿)."""
_RUN: Final = re.compile(rf"[{HAN}]+|[^{HAN}]+")


@dataclass(frozen=True)
class Word:
    """A word and its ``syllables`` (tone 1 to 4, 5 for the neutral tone, v for ü), none for what is not Chinese."""

    text: str
    syllables: tuple[str, ...]


def pinyin(text: str, names: Sequence[Name] = ()) -> tuple[Word, ...]:
    """The words of a text that has been read aloud (no digits); ``names`` are spoken as the names of people."""
    words = [word for part, name in named_parts(text, names) for word in (_named(part, name) if name else _words(part))]
    return _with_suffixes(_retold(words, spoken_tones(text, [each for word in words for each in _padded(word)])))


def _with_suffixes(words: Sequence[Word]) -> tuple[Word, ...]:
    """The same, an 儿 that is no syllable of its own with the word before it: 电影儿 is one word."""
    told = list[Word]()
    for word in words:
        if told and told[-1].syllables and word.syllables[:1] == (SUFFIX,):
            before = told.pop()
            word = Word(before.text + word.text, before.syllables + word.syllables)
        told.append(word)
    return tuple(told)


def _words(text: str) -> Iterator[Word]:
    """The words of a text without known names, before the tones of 一 and 不."""
    words = [word for run in _RUN.findall(text) for word in _read(run)]
    syllables = [each for word in words for each in _padded(word)]
    lone = [len(word.syllables) == 1 for word in words for _ in word.text]
    for each in polyphones():
        for match in each.pattern.finditer(text):
            place = match.start(match.lastindex or 0)
            if lone[place] or not each.alone:
                syllables[place] = each.syllable
    for start, said in surnames_in(text, lone):
        syllables[start : start + len(said)] = said
    yield from _retold(words, syllables)


def _named(text: str, name: Name) -> Iterator[Word]:
    """A name's characters: those of its surname and of its own reading are known, the rest is read as words."""
    for part, said in name.spoken(text):
        yield from (Word(part, said),) if said else map(_in_a_name, _words(part))


def _in_a_name(word: Word) -> Word:
    """婉儿 has two syllables; a family that says it with one gives its own reading (``wan3 er5``)."""
    return Word(word.text, tuple("er2" if each == SUFFIX else each for each in word.syllables))


def _read(run: str) -> Iterator[Word]:
    """What the library makes of a run; what is not Chinese is left."""
    if not re.match(f"[{HAN}]", run):
        yield Word(run, ())
        return
    read = _library()
    for word in read.cut(run):
        yield Word(word, tuple(read.syllables(word)))


def _padded(word: Word) -> Sequence[str]:
    """One entry for each character."""
    return word.syllables or [""] * len(word.text)


def _retold(words: Sequence[Word], syllables: Sequence[str]) -> tuple[Word, ...]:
    """The same words with these syllables, one (or nothing) for each character."""
    told, start = list[Word](), 0
    for word in words:
        end = start + len(word.text)
        told.append(Word(word.text, tuple(syllables[start:end]) if word.syllables else ()))
        start = end
    return tuple(told)


class _Library:
    """pypinyin with the phrases of CC-CEDICT and ours."""

    def __init__(self) -> None:
        from pypinyin import Style, lazy_pinyin, load_phrases_dict
        from pypinyin.contrib.tone_convert import to_tone
        from pypinyin.seg.mmseg import seg
        from pypinyin_dict.phrase_pinyin_data import cc_cedict

        ours = {word: [[to_tone(each)] for each in said] for word, said in words_of_ours().items()}
        load_phrases_dict(cc_cedict.phrases_dict | ours)  # at once: each loading trains the segmenter anew
        self.cut = seg.cut
        self._lazy_pinyin = lazy_pinyin
        self._style = Style.TONE3

    def syllables(self, word: str) -> Sequence[str]:
        """One for each character; the character itself where the library knows none."""
        said = self._lazy_pinyin([word], style=self._style, neutral_tone_with_five=True, v_to_u=False)
        if len(said) != len(word):
            said = [each for character in word for each in self._alone(character)]
        return [each if each[-1:].isdigit() else "" for each in said]

    def _alone(self, character: str) -> Sequence[str]:
        said = self._lazy_pinyin([character], style=self._style, neutral_tone_with_five=True, v_to_u=False)
        return said if len(said) == 1 else [character]


@cache
def _library() -> _Library:
    return _Library()
