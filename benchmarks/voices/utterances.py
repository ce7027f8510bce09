"""What is spoken: every shipped prompt with words in its gaps, and a different person wherever one is named."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Final

from audio.clips.speech import Speech, by_engine
from audio.engines.engine import Engine
from benchmarks.voices.people import Person, people
from core.i18n import Language
from core.timbre import Timbre
from ivr.dialogue.catalogue import DEFAULT_PACE, NAME_GAPS, catalogue, examples, gaps, names_in, words
from ivr.dialogue.engine import Prompt

NAMES: Final = 200
SEED: Final = 19
CARRIERS: Final = {"problem": ("page.brief", "problem"), "role": ("introduction.hello", "role")}
"""What is no sentence is heard in one: the group of such prompts → the prompt in whose gap they stand."""

AND: Final = "problem.and"
"""It stands between two others."""


@dataclass(frozen=True)
class Utterance:
    """A prompt as it is spoken to somebody; ``key`` is the prompt whose words are tried."""

    key: str
    language: Language
    prompt: Prompt

    @property
    def text(self) -> str:
        """What is said."""
        return words(self.prompt, self.language)

    @property
    def people(self) -> tuple[str, ...]:
        """Who is named in it."""
        return tuple(dict.fromkeys(self.prompt.words[gap] for gap in NAME_GAPS if gap in self.prompt.words))

    def speech(self, engine: Engine, timbre: Timbre = Timbre.USUAL, model: str = "") -> Speech:
        """As a call has it spoken by this engine, at the usual pace."""
        plain = Speech(
            self.text, self.language, DEFAULT_PACE[self.language], timbre=timbre, names=names_in(self.prompt)
        )
        return by_engine(plain, engine, model)


def utterances(
    language: Language, names: int = NAMES, seed: int = SEED, limit: int | None = None
) -> Sequence[Utterance]:
    """Every prompt once, and those in which people are named again until all ``names`` were said.

    With a ``limit`` so many prompts, taken evenly from the catalogue; they name the same people as without.
    """
    keys = list(catalogue(language))
    chosen = set(keys if limit is None else _evenly(keys, limit))
    return [each for each in _all(language, keys, people(names, seed)) if each.key in chosen]


def _all(language: Language, keys: Sequence[str], persons: Sequence[Person]) -> Iterator[Utterance]:
    named = [key for key in keys if _name_gaps(key, language) and not _carried(key, language)[1]]
    left, again = len(persons), cycle(persons)
    for key in keys:
        yield _utterance(key, language, again)
        left -= len(_name_gaps(key, language))
    for key in cycle(named):
        if left <= 0:
            return
        yield _utterance(key, language, again)
        left -= len(_name_gaps(key, language))


def _utterance(key: str, language: Language, persons: Iterator[Person]) -> Utterance:
    spoken, given = _carried(key, language)
    filled: dict[str, str] = {gap: _word(gap, language, persons) for gap in gaps(spoken, language)}
    return Utterance(key, language, Prompt(key=spoken, words={**filled, **given}))


def _word(gap: str, language: Language, persons: Iterator[Person]) -> str:
    if gap not in NAME_GAPS:
        return examples(language)[gap]
    return next(persons).called(language) if gap == "called" else next(persons).name(language)


def _carried(key: str, language: Language) -> tuple[str, Mapping[str, str]]:
    """The prompt that is spoken, and what stands in one of its gaps."""
    group, _, _ = key.partition(".")
    if group not in CARRIERS:
        return key, {}
    carrier, gap = CARRIERS[group]
    told = catalogue(language)
    alone = told[key] if key != AND else told["problem.unwell"] + told[AND] + told["problem.wants_person"]
    return carrier, {gap: alone}


def _name_gaps(key: str, language: Language) -> Sequence[str]:
    return [gap for gap in gaps(_carried(key, language)[0], language) if gap in NAME_GAPS]


def _evenly(keys: Sequence[str], limit: int) -> Sequence[str]:
    return [keys[index * len(keys) // limit] for index in range(min(limit, len(keys)))] if limit < len(keys) else keys
