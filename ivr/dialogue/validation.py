"""Proofreading: what is wrong with a dialogue, all of it at once and in words for a person.

Whoever makes a dialogue has it ``checked`` before a call gets it (``ivr.dialogue.stored`` does); what a call carries
has been, and is only read. The rules about where steps lead are in ``ivr.dialogue.reachability``.
"""

import string
from collections.abc import Iterator, Mapping
from functools import cache

from core.i18n import Language
from ivr.dialogue import reachability
from ivr.dialogue.catalogue import MELODY, catalogue
from ivr.dialogue.problems import DialogueError, Problem
from ivr.dialogue.script import (
    END,
    MAX_KEYS,
    PAIR,
    QUESTIONS,
    Choice,
    Dialogue,
    Digits,
    Meaning,
    Menu,
    Prompt,
    Step,
)

KEYS = frozenset("0123456789*#")
CONFIRMING = frozenset({Meaning.YES, Meaning.WELL})
"""What may be said to confirm a word: yes, or the same once more."""


def checked(dialogue: Dialogue) -> Dialogue:
    """The dialogue itself; raises ``DialogueError`` with every problem when there is one."""
    if found := problems(dialogue):
        raise DialogueError(dialogue.name, found)
    return dialogue


def problems(dialogue: Dialogue) -> tuple[Problem, ...]:
    """Everything that is wrong, each thing once, in the order of the steps."""
    found = [*reachability.problems(dialogue)]
    for name, step in dialogue.steps.items():
        found += _of_step(name, step)
        found += _of_consents(name, step, frozenset(dialogue.consents))
    for name, step in dialogue.every_step():
        found += _of_words(name, step)
    return tuple(dict.fromkeys(found))


def _of_step(name: str, step: Step) -> Iterator[Problem]:
    if name == END or PAIR in name:
        yield Problem("No step may have this name.", name)
    if isinstance(step, Menu | Digits):
        yield from _of_keys(name, step.keys)
    if isinstance(step, QUESTIONS) and not step.prompts:
        yield Problem("It asks without saying anything.", name)
    if isinstance(step, Menu):
        if not (step.keys or step.spoken):
            yield Problem("The menu has neither keys nor spoken words.", name)
        yield from _of_doubt(name, step)


def _of_keys(name: str, keys: Mapping[str, Choice]) -> Iterator[Problem]:
    if len(keys) > MAX_KEYS:
        yield Problem("The menu has {count} keys; nobody remembers more than {most}.", name,
                      count=len(keys), most=MAX_KEYS)  # fmt: skip
    for key in keys:
        if key not in KEYS:
            yield Problem("There is no such key on a telephone.", name, key)


def _of_doubt(name: str, menu: Menu) -> Iterator[Problem]:
    if menu.doubt is None:
        return
    doubted = menu.doubt.order
    for key in doubted:
        if key not in menu.keys:
            yield Problem("Two keys in a hurry are doubted here, but this one is no key of the menu.", name, key)
    if len(set(doubted)) < max(2, len(doubted)):
        yield Problem("A doubt needs two or more different keys.", name)


def _of_consents(name: str, step: Step, consents: frozenset[str]) -> Iterator[Problem]:
    """Only an explicit key, or a word that was confirmed, may be taken for a consent."""
    for what, choice in (*step.silences(), *step.events()):
        if choice.fact in consents:
            yield Problem("Here “{fact}” would be taken for granted although nobody has said so.", name, what,
                          fact=choice.fact)  # fmt: skip
    if isinstance(step, Menu):
        yield from _of_menu_consents(name, step, consents)


def _of_menu_consents(name: str, menu: Menu, consents: frozenset[str]) -> Iterator[Problem]:
    for meaning, choice in menu.spoken.items():
        if choice.fact in consents and not (menu.confirms and meaning in CONFIRMING):
            yield Problem("A spoken word may mean “{fact}” only after it was confirmed.", name, meaning.value,
                          fact=choice.fact)  # fmt: skip
    for key in menu.doubt.order[:-1] if menu.doubt else "":
        if (choice := menu.keys.get(key, Choice())).fact in consents:
            yield Problem("Of two keys in doubt the more worrying one counts, so “{fact}” must be the last of them.",
                          name, key, fact=choice.fact)  # fmt: skip


def _of_words(name: str, step: Step) -> Iterator[Problem]:
    others = (*step.again, *step.sorry) if isinstance(step, QUESTIONS) else ()
    for prompt in (*step.prompts, *others):
        if prompt.key != MELODY.key:
            yield from _of_prompt(name, prompt)


def _of_prompt(name: str, prompt: Prompt) -> Iterator[Problem]:
    known = _gaps_by_language(prompt.key)
    for language, gaps in known.items():
        if gaps is None:
            yield Problem("The prompt “{prompt}” has no words in {language}.", name, prompt=prompt.key,
                          language=language.value)  # fmt: skip
        for gap in sorted((gaps or frozenset()) - prompt.words.keys()):
            yield Problem("Nothing fills the gap “{gap}” of the prompt “{prompt}”.", name, gap=gap, prompt=prompt.key)
    every_gap = frozenset[str]().union(*(gaps for gaps in known.values() if gaps))
    is_known = any(gaps is not None for gaps in known.values())
    for word in sorted(prompt.words.keys() - every_gap) if is_known else ():
        yield Problem("“{word}” fills no gap of the prompt “{prompt}”.", name, word=word, prompt=prompt.key)


@cache
def _gaps_by_language(key: str) -> Mapping[Language, frozenset[str] | None]:
    """The gaps of a prompt in each language's words; None where the language has no words for it."""
    texts = {language: catalogue(language).get(key) for language in Language}
    return {language: None if text is None else gaps(text) for language, text in texts.items()}


def gaps(text: str) -> frozenset[str]:
    """The gaps in the words of a prompt."""
    return frozenset(field for _, field, _, _ in string.Formatter().parse(text) if field is not None)
