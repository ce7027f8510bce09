"""Scoring: how much of what was said was not heard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from audio.reading.read_aloud import read_aloud
from audio.reading.syllables.names import named
from audio.reading.syllables.pinyin import pinyin
from benchmarks.voices import written_english, written_mandarin
from benchmarks.voices.results import Heard
from core.i18n import Language


@dataclass(frozen=True)
class Errors:
    """So many are ``wrong`` ``of`` all."""

    wrong: int = 0
    of: int = 0

    def __add__(self, other: Errors) -> Errors:
        return Errors(self.wrong + other.wrong, self.of + other.of)

    @property
    def percent(self) -> float:
        """0 where there are none at all."""
        return 100 * self.wrong / self.of if self.of else 0.0


@dataclass(frozen=True)
class Score:
    """Errors of Mandarin characters or of English ``words``, of pinyin (Mandarin) and of people's names, each whole.

    A name is right where all its syllables, whatever their tones, or all its words were heard one after the other.
    """

    words: Errors = field(default_factory=Errors)
    pinyin: Errors = field(default_factory=Errors)
    toneless: Errors = field(default_factory=Errors)
    names: Errors = field(default_factory=Errors)

    def __add__(self, other: Score) -> Score:
        return Score(
            self.words + other.words,
            self.pinyin + other.pinyin,
            self.toneless + other.toneless,
            self.names + other.names,
        )


def score(heard: Heard) -> Score:
    """What was heard beside what was said; all is wrong where nothing could be said."""
    return _mandarin(heard) if heard.language is Language.CHINESE else _english(heard)


def total(scores: Sequence[Score]) -> Score:
    """All of them together: long prompts weigh more than short ones."""
    return sum(scores, Score())


def distance(said: Sequence[str], heard: Sequence[str]) -> int:
    """The fewest insertions, deletions and replacements that make one of the other (Levenshtein)."""
    row = list(range(len(heard) + 1))
    for at, each in enumerate(said, start=1):
        before, row[0] = row[0], at
        for to, other in enumerate(heard, start=1):
            before, row[to] = row[to], min(row[to] + 1, row[to - 1] + 1, before + (each != other))
    return row[-1]


def _errors(said: Sequence[str], heard: Sequence[str]) -> Errors:
    """Never more than were said: a recogniser that repeats a word without end has understood nothing, and no less."""
    return Errors(min(distance(said, heard), len(said)), len(said))


def _mandarin(heard: Heard) -> Score:
    said = written_mandarin.as_compared(read_aloud(heard.text, Language.CHINESE))
    got = written_mandarin.as_compared(heard.heard)
    toned, toned_got = _syllables(said, heard.people), _syllables(got, heard.people)
    plain, plain_got = _without_tones(toned), _without_tones(toned_got)
    names = [_without_tones(_syllables(each, [each])) for each in heard.people]
    return Score(
        _errors(said, got), _errors(toned, toned_got), _errors(plain, plain_got), _names_missed(names, plain_got)
    )


def _english(heard: Heard) -> Score:
    said = written_english.as_compared(read_aloud(heard.text, Language.ENGLISH))
    got = written_english.as_compared(heard.heard)
    names = [written_english.as_compared(each) for each in heard.people]
    return Score(_errors(said, got), names=_names_missed(names, got))


def _syllables(text: str, people: Sequence[str]) -> list[str]:
    """One for each character; what is not Chinese, as it stands."""
    told = pinyin(text, [named(each, "") for each in people])
    return [each for word in told for each in word.syllables or tuple(word.text)]


def _without_tones(syllables: Sequence[str]) -> list[str]:
    return [each.rstrip("12345") for each in syllables]


def _names_missed(names: Sequence[Sequence[str]], heard: Sequence[str]) -> Errors:
    return Errors(sum(not _stands_in(tuple(each), heard) for each in names), len(names))


def _stands_in(name: tuple[str, ...], heard: Sequence[str]) -> bool:
    return any(tuple(heard[at : at + len(name)]) == name for at in range(len(heard) - len(name) + 1))
