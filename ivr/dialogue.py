"""Dialogues: scripts of steps and keys, carried out by a pure function.

A dialogue is data. ``begin`` and ``advance`` take it, a position and what was heard, and return the next ``Turn``: what
to say, which key to ask for, and the facts learnt. Nothing here knows telephones, residents or cases.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self
from uuid import UUID

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


class Entry(_Frozen):
    """Several digits are asked for: ``most`` at most, # ends them and * begins them again.

    What they mean only the owner knows: it enters another step, or lets ``advance`` ask again; ``wrong`` is where the
    last of the step's plays leads when nothing that was typed meant anything.
    """

    most: int = Field(ge=2)
    wrong: Choice


class Recording(_Frozen):
    """What is said after a beep is recorded, until # or silence; ``then`` is where a recording leads."""

    then: Choice
    max_seconds: int = Field(default=60, ge=1)
    silence_seconds: int = Field(default=6, ge=1)


class Connect(_Frozen):
    """Whom the owner connects after the prompts, in the owner's own word, and where it leads when that is over."""

    whom: str
    connected: Choice = Choice()
    not_connected: Choice = Choice()


class Step(_Frozen):
    """Something said, and either a question or simply what follows (``then``; None ends the call).

    A question is a menu (``keys``), an ``entry`` of several digits (then ``keys`` are keys pressed alone), a
    ``recording``, or what comes of ringing somebody else when all is said (``connect``). With ``bridges`` the call,
    which is itself the one that connects, does not end after the last words: whoever waits at the other end is heard.

    ``again`` is said instead of ``prompts`` from the second play on; ``sorry`` precedes it after a wrong
    key. ``machine`` is where an answering machine leads instead of another play. Whoever has nothing to type, or to
    say on a recording, goes on to ``silence`` at once. A patience that is at its end is a silence, a machine's too.
    """

    prompts: tuple[Prompt, ...]
    again: tuple[Prompt, ...] = ()
    sorry: tuple[Prompt, ...] = ()
    keys: Mapping[str, Choice] = Field(default={}, max_length=MAX_KEYS)
    silence: Choice = Choice()
    machine: Choice | None = None
    entry: Entry | None = None
    recording: Recording | None = None
    then: str | None = None
    connect: Connect | None = None
    bridges: bool = False
    plays: int = Field(default=PLAYS, ge=1)
    wait_seconds: int = Field(default=WAIT_FOR_KEY_SECONDS, ge=1)

    @property
    def asks(self) -> bool:
        """Whether something is awaited from the other end."""
        return bool(self.keys or self.entry or self.recording or self.connect)

    def choices(self) -> list[Choice]:
        """Everything that can be chosen here."""
        others = (self.machine, self.entry and self.entry.wrong, self.recording and self.recording.then)
        connecting = (self.connect.connected, self.connect.not_connected) if self.connect else ()
        return [*self.keys.values(), self.silence, *(choice for choice in others if choice), *connecting]


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
            leads = {choice.leads_to for choice in step.choices() if choice.leads_to}
            leads |= {step.then} if step.then else set()
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
    DIGITS = "digits"
    RECORDING = "recording"
    SILENCE = "silence"
    MACHINE = "machine"
    CONNECTED = "connected"
    """The two were connected, and that is over."""
    NOT_CONNECTED = "not_connected"
    LOST = "lost"
    """A key that could not be stored while its caller waited; they were told that a person will be in touch."""


@dataclass(frozen=True)
class Heard:
    """One thing heard.

    ``key`` is a single digit, ``*`` or ``#`` when ``sound`` is KEY or LOST, everything typed when it is DIGITS, and the
    provider's id of the recording when it is RECORDING; ``seconds`` is then its length.
    """

    sound: Sound
    key: str = ""
    seconds: int = 0

    @property
    def typed(self) -> str:
        """The digits typed, without whatever stands before the last ``*``."""
        return self.key.rpartition("*")[2] if self.sound in {Sound.KEY, Sound.DIGITS} else ""

    def __str__(self) -> str:
        """For the record of the call, which must not keep a PIN: several digits are never written down."""
        return f"{self.sound}:{self.key}" if self.key and self.sound is not Sound.DIGITS else self.sound.value


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
    """What to say now. With ``position`` None our side hangs up afterwards; otherwise a key is asked for.

    ``entry`` asks for several digits in place of one key, ``recording`` for something spoken. ``connect`` names whom
    the owner is to connect instead of asking; the owner puts the call that it has made for that into ``leg``
    (``ivr.legs``). ``bridges``: our side does not hang up, the other end is heard.
    """

    say: tuple[Prompt, ...]
    position: Position | None
    wait_seconds: int = WAIT_FOR_KEY_SECONDS
    facts: tuple[Fact, ...] = ()
    entry: Entry | None = None
    recording: Recording | None = None
    connect: str | None = None
    leg: UUID | None = None
    bridges: bool = False


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
    if choice := _taken(step, position, heard):
        return _arrive(dialogue, choice)
    pressed = heard.sound in {Sound.KEY, Sound.DIGITS}
    if not pressed and (step.entry or step.recording):
        return _arrive(dialogue, step.silence)
    if position.play >= step.plays:
        return _arrive(dialogue, step.entry.wrong if step.entry else step.silence)
    sorry = step.sorry if pressed else ()
    return _ask(step, (*sorry, *(step.again or step.prompts)), Position(position.step, position.play + 1))


def _taken(step: Step, position: Position, heard: Heard) -> Choice | None:
    """The choice that was made; where one key was asked for, only the first of several counts.

    Whatever is heard instead of what came of connecting, nobody was connected.
    """
    if step.connect:
        return step.connect.connected if heard.sound is Sound.CONNECTED else step.connect.not_connected
    if heard.sound in {Sound.KEY, Sound.DIGITS}:
        return step.keys.get(heard.key if step.entry else heard.key[:1])
    if heard.sound is Sound.RECORDING and step.recording:
        return step.recording.then
    return step.machine if heard.sound is Sound.MACHINE and position.play < step.plays else None


def _ask(step: Step, said: tuple[Prompt, ...], position: Position, facts: tuple[Fact, ...] = ()) -> Turn:
    connect = step.connect.whom if step.connect else None
    return Turn(said, position, step.wait_seconds, facts, step.entry, step.recording, connect)


def _arrive(dialogue: Dialogue, choice: Choice) -> Turn:
    facts = (Fact(choice.fact, choice.subject),) if choice.fact else ()
    said: list[Prompt] = []
    name = choice.leads_to
    while name is not None:
        step = dialogue.steps[name]
        said += step.prompts
        if step.asks:
            return _ask(step, tuple(said), Position(name), facts)
        if step.bridges:
            return Turn(tuple(said), None, facts=facts, bridges=True)
        name = step.then
    return Turn(tuple(said), None, facts=facts)
