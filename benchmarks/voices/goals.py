"""The goals: what the best voice must reach, each a figure with its bound."""

from collections.abc import Mapping, Sequence
from typing import Final

from audio.engines.engine import Engine
from benchmarks.figures import Figure, at_most
from benchmarks.voices.lines import Line
from benchmarks.voices.results import Heard
from benchmarks.voices.scoring import Score, score, total
from core.i18n import Language

CHARACTERS_PERCENT: Final = 8.0
TONELESS_PERCENT: Final = 2.5
WORDS_PERCENT: Final = 4.0
SHARE_OF_PYTTSX3: Final = 1 / 3
"""Below so much of what is misheard when pyttsx3 says the same prompt."""

Prompt = tuple[Language, str]
"""A language and a prompt's key."""


def goals(heard: Sequence[Heard]) -> Sequence[Figure]:
    """Those that can be judged by what was measured, on the telephone's own µ-law; keys on every line."""
    clear = [each for each in heard if each.line is Line.CLEAR]
    return [*_heard_well(clear), *_better(clear), _no_keys(heard)]


def by_prompt(heard: Sequence[Heard]) -> Mapping[Prompt, Score]:
    """All that was said of each prompt together."""
    found: dict[Prompt, list[Score]] = {}
    for each in heard:
        found.setdefault((each.language, each.key), []).append(score(each))
    return {prompt: total(scores) for prompt, scores in found.items()}


def not_better(heard: Sequence[Heard]) -> Sequence[Prompt]:
    """Prompts of which the neural voice leaves as much misheard as a third of what pyttsx3 does, or more."""
    ours, plain = (by_prompt(_spoken_by(engine, heard)) for engine in (Engine.NEURAL, Engine.PYTTSX3))
    return [prompt for prompt in ours if prompt in plain and not _is_below(ours[prompt], plain[prompt])]


def _heard_well(clear: Sequence[Heard]) -> list[Figure]:
    ours = _spoken_by(Engine.NEURAL, clear)
    mandarin, english = (_total_in(language, ours) for language in (Language.CHINESE, Language.ENGLISH))
    figures = []
    if mandarin.words.of:
        figures += [
            Figure("Mandarin characters wrong", mandarin.words.percent, "%", bound=at_most(CHARACTERS_PERCENT)),
            Figure("pinyin without tones wrong", mandarin.toneless.percent, "%", bound=at_most(TONELESS_PERCENT)),
        ]
    if english.words.of:
        figures += [Figure("English words wrong", english.words.percent, "%", bound=at_most(WORDS_PERCENT))]
    return figures


def _better(clear: Sequence[Heard]) -> list[Figure]:
    compared = set(by_prompt(_spoken_by(Engine.NEURAL, clear))) & set(by_prompt(_spoken_by(Engine.PYTTSX3, clear)))
    if not compared:
        return []
    name = "prompts with a third of pyttsx3's errors or more"
    return [Figure(name, len(not_better(clear)), f"of {len(compared)}", bound=at_most(0))]


def _no_keys(heard: Sequence[Heard]) -> Figure:
    taken = [each for each in heard if each.keys]
    return Figure("sounds of which a moment is taken for a key", len(taken), f"of {len(heard)}", bound=at_most(0))


def _spoken_by(engine: Engine, heard: Sequence[Heard]) -> list[Heard]:
    return [each for each in heard if each.engine is engine]


def _total_in(language: Language, heard: Sequence[Heard]) -> Score:
    return total([score(each) for each in heard if each.language is language])


def _is_below(ours: Score, plain: Score) -> bool:
    return not ours.words.wrong or ours.words.percent < SHARE_OF_PYTTSX3 * plain.words.percent
