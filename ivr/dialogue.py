"""Dialogues: scripts of steps and keys, carried out by a pure function.

A dialogue is data. ``begin`` and ``advance`` take it, a position and what was heard, and return the next ``Turn``: what
to say, which key to ask for, and the facts learnt. Nothing here knows telephones, residents or cases.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from core.i18n import Language

WAIT_FOR_KEY_SECONDS = 10
PLAYS = 3
MAX_KEYS = 5


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Prompt(_Frozen):
    """Something to be said: a key of the prompt catalogue and the words that fill its gaps."""

    key: str
    words: Mapping[str, str] = {}


class Choice(_Frozen):
    """What a key (or silence) means and where it leads: ``fact`` is reported to the owner about ``subject``."""

    leads_to: str | None = None
    fact: str | None = None
    subject: str | None = None


class Step(_Frozen):
    """Something said, and either a menu (``keys``) or simply what follows (``then``; None ends the call).

    ``again`` is said instead of ``prompts`` from the second play on; ``sorry`` precedes it after a wrong key.
    ``machine`` is where an answering machine leads instead of another play; a patience that is at its end is a silence
    all the same.
    """

    prompts: tuple[Prompt, ...]
    again: tuple[Prompt, ...] = ()
    sorry: tuple[Prompt, ...] = ()
    keys: Mapping[str, Choice] = Field(default={}, max_length=MAX_KEYS)
    silence: Choice = Choice()
    machine: Choice | None = None
    then: str | None = None
    plays: int = Field(default=PLAYS, ge=1)
    wait_seconds: int = Field(default=WAIT_FOR_KEY_SECONDS, ge=1)


class Dialogue(_Frozen):
    """A whole script. Every step a choice leads to exists, and every step can be reached."""

    name: str
    language: Language
    first: str
    steps: Mapping[str, Step]
    pace: int | None = None
    entrances: tuple[str, ...] = ()
    """Steps that the owner may jump to although no key leads there."""
    leaves_message: bool = False
    """Whether a machine that answers is interrupted and left a message, by turning to the owner."""

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        targets = {self.first, *self.entrances}
        for name, step in self.steps.items():
            choices = [*step.keys.values(), step.silence, *([step.machine] if step.machine else [])]
            leads = {choice.leads_to for choice in choices if choice.leads_to} | ({step.then} if step.then else set())
            if missing := leads - self.steps.keys():
                raise ValueError(f"step {name!r} leads to {sorted(missing)}, which the dialogue does not have")
            targets |= leads
        if missing := targets - self.steps.keys():
            raise ValueError(f"the dialogue has no step {sorted(missing)}")
        if unreachable := self.steps.keys() - targets:
            raise ValueError(f"nothing leads to {sorted(unreachable)}")
        return self

    def prompts(self) -> set[tuple[str, tuple[tuple[str, str], ...]]]:
        """Every prompt that the dialogue may say, as (key, sorted words)."""
        spoken = (p for step in self.steps.values() for p in (*step.prompts, *step.again, *step.sorry))
        return {(prompt.key, tuple(sorted(prompt.words.items()))) for prompt in spoken}


class Sound(StrEnum):
    """What came from the other end."""

    ANSWERED = "answered"
    KEY = "key"
    SILENCE = "silence"
    MACHINE = "machine"
    LOST = "lost"
    """A key that could not be stored while its caller waited; they were told that a person will be in touch."""


@dataclass(frozen=True)
class Heard:
    """One thing heard; ``key`` is a single digit, ``*`` or ``#`` when ``sound`` is KEY or LOST."""

    sound: Sound
    key: str = ""

    def __str__(self) -> str:
        return f"{self.sound}:{self.key}" if self.key else self.sound.value


@dataclass(frozen=True)
class Position:
    """Where in the dialogue the call is: the step, and how often it has been played (1 = the first time)."""

    step: str
    play: int = 1


@dataclass(frozen=True)
class Fact:
    """Something learnt: its name (the owner's vocabulary) and whom it is about."""

    name: str
    subject: str | None = None


@dataclass(frozen=True)
class Turn:
    """What to say now. With ``position`` None our side hangs up afterwards; otherwise a key is asked for."""

    say: tuple[Prompt, ...]
    position: Position | None
    wait_seconds: int = WAIT_FOR_KEY_SECONDS
    facts: tuple[Fact, ...] = ()


def begin(dialogue: Dialogue) -> Turn:
    """The first words of the dialogue."""
    return enter(dialogue, dialogue.first)


def enter(dialogue: Dialogue, step: str) -> Turn:
    """The words of ``step`` and of what follows it, up to the next menu or the end of the call."""
    return _arrive(dialogue, Choice(leads_to=step))


def advance(dialogue: Dialogue, position: Position, heard: Heard) -> Turn:
    """The next turn after ``heard`` at ``position``: a choice taken, the menu said again, or the patience's end.

    A step without a menu only reports back when it has been said, and goes on to what follows.
    """
    step = dialogue.steps[position.step]
    if heard.sound is Sound.KEY and heard.key in step.keys:
        return _arrive(dialogue, step.keys[heard.key])
    if heard.sound is Sound.MACHINE and step.machine is not None and position.play < step.plays:
        return _arrive(dialogue, step.machine)
    if position.play >= step.plays:
        return _arrive(dialogue, step.silence)
    sorry = step.sorry if heard.sound is Sound.KEY else ()
    again = Position(position.step, position.play + 1)
    return Turn((*sorry, *(step.again or step.prompts)), again, step.wait_seconds)


def _arrive(dialogue: Dialogue, choice: Choice) -> Turn:
    facts = (Fact(choice.fact, choice.subject),) if choice.fact else ()
    said: list[Prompt] = []
    name = choice.leads_to
    while name is not None:
        step = dialogue.steps[name]
        said += step.prompts
        if step.keys:
            return Turn(tuple(said), Position(name), step.wait_seconds, facts)
        name = step.then
    return Turn(tuple(said), None, facts=facts)
