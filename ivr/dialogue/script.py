"""Dialogues as data: a script of steps and keys, which the engine (``ivr.dialogue.engine``) carries out.

Reading a script back is cheap and forgiving; ``ivr.dialogue.validation`` checks a new one before any call gets it.
``docs/dialogues.md`` explains every field with an example.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from itertools import combinations
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    SerializerFunctionWrapHandler,
    field_validator,
    model_serializer,
)

from core.i18n import Language
from ivr.dialogue.earlier_steps import of_any_version

WAIT_FOR_KEY_SECONDS = 10
PLAYS = 3
DOUBT_PLAYS = 2
SLOWER_PERCENT = 85
"""How slow whatever is repeated is spoken, of the usual pace."""
MAX_KEYS = 5
END = "hang_up"
"""Where a choice or a step leads that ends the call on purpose; no step has this name."""
HANG_UP = "hang_up"
"""The name of what it means that the call ends at a question."""
PAIR = "/"
"""Stands between a step's name and the two keys of a question that its doubt asks."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Prompt(_Frozen):
    """Something to be said: a key of the prompt catalogue and the words that fill its gaps.

    The engine says what is repeated ``slower``, at ``SLOWER_PERCENT`` of the pace; no script needs to ask for it.
    """

    key: str
    words: Mapping[str, str] = {}
    slower: bool = False

    def slowly(self) -> "Prompt":
        """The same, said slower."""
        return self.model_copy(update={"slower": True})


class Choice(_Frozen):
    """What a key (or silence) means and where it leads, ``END`` on purpose; ``fact`` is reported about ``subject``.

    ``instead`` are the other steps to which it may lead, each by what must be so for that, in the owner's own word:
    the owner knows whether the office is open, or a case was taken by somebody else meanwhile.
    """

    leads_to: str | None = None
    fact: str | None = None
    subject: str | None = None
    instead: Mapping[str, str] = {}


class Meaning(StrEnum):
    """What a spoken answer can mean, as far as it is understood (``ivr.dialogue.speech_meanings``)."""

    WELL = "well"
    NEEDS = "needs"
    UNWELL = "unwell"
    PERSON = "person"
    YES = "yes"
    NO = "no"


class Reading(_Frozen):
    """What one key of a doubt means, said once more: "if you are unwell, press 3"."""

    key: str
    prompt: Prompt


class Doubt(_Frozen):
    """Two different keys came within two seconds: which of them was meant?

    ``readings`` are the keys that exclude each other, the most worrying first. ``ask`` names the two keys (its gaps
    ``first`` and ``second`` are filled by the engine), then each of the two readings is said. Whoever does not answer,
    or hangs up, has pressed the more worrying one.
    """

    ask: Prompt
    readings: tuple[Reading, ...]

    @property
    def order(self) -> str:
        """Its keys, the most worrying first."""
        return "".join(reading.key for reading in self.readings)


class _Step(_Frozen):
    """Something said. Which of the kinds below it is, a document says by its ``kind``."""

    kind: str
    prompts: tuple[Prompt, ...]

    @model_serializer(mode="wrap")
    def _with_kind(self, others: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {"kind": self.kind, **others(self)}

    def leads(self) -> Iterator[tuple[str | None, str | None]]:
        """Where everything that can be heard here leads, by its name; None names what follows by itself."""
        yield None, END

    def silences(self) -> Iterator[tuple[str, Choice]]:
        """What counts where nobody has pressed or said anything that was understood, by its name."""
        yield from ()

    def events(self) -> Iterator[tuple[str, Choice]]:
        """What somebody did that is no answer: they spoke onto a recording, or talked with whom we rang."""
        yield from ()

    def answers(self) -> Iterator[tuple[str, Choice]]:
        """What a key, or a spoken word, means, by its name."""
        yield from ()

    def choices(self) -> Iterator[Choice]:
        """Everything that can be chosen, done or left here."""
        return (choice for _, choice in (*self.answers(), *self.events(), *self.silences()))

    def speaks(self) -> Iterator[Prompt]:
        """Everything that may be said at this step itself."""
        yield from self.prompts

    def doubts(self) -> Iterator[tuple[str, "Menu"]]:
        """Every question of its doubt, with its two keys."""
        yield from ()


class Say(_Step):
    """Something said, and what follows at once."""

    kind: Literal["say"] = "say"
    then: str

    @field_validator("then")
    @classmethod
    def _is_a_step(cls, then: str) -> str:
        if then == END:
            raise ValueError("what ends the call is of the kind `end`")
        return then

    def leads(self) -> Iterator[tuple[str | None, str | None]]:
        """To what follows."""
        yield None, self.then


class End(_Step):
    """The last words of the call."""

    kind: Literal["end"] = "end"


class Bridge(_Step):
    """The last words to somebody whom another call rang; then whoever waits at its other end is heard."""

    kind: Literal["bridge"] = "bridge"


class _Question(_Step):
    """Something is awaited from the other end.

    ``again`` is said instead of ``prompts`` from the second play on, slower; ``sorry`` precedes it after a wrong
    key. ``hang_up`` is what it means when the call ends at this question.
    """

    again: tuple[Prompt, ...] = ()
    sorry: tuple[Prompt, ...] = ()
    hang_up: Choice | None = None
    plays: int = Field(default=PLAYS, ge=1)
    wait_seconds: int = Field(default=WAIT_FOR_KEY_SECONDS, ge=1)

    def leads(self) -> Iterator[tuple[str | None, str | None]]:
        """Where each choice leads, and where else its owner may lead."""
        for name, choice in (*self.answers(), *self.silences(), *self.events()):
            if name != HANG_UP:
                yield name, choice.leads_to
                yield from ((name, step) for step in choice.instead.values())

    def silences(self) -> Iterator[tuple[str, Choice]]:
        """That the call ends here."""
        if self.hang_up is not None:
            yield HANG_UP, self.hang_up

    def repeats(self) -> tuple[Prompt, ...]:
        """What is said from the second play on."""
        return tuple(prompt.slowly() for prompt in self.again or self.prompts)

    def speaks(self) -> Iterator[Prompt]:
        """The question, and how it is asked again."""
        yield from self.prompts
        if self.plays > 1:
            yield from self.repeats()
            yield from (prompt.slowly() for prompt in self.sorry)


class _Keys(_Question):
    """A question that keys answer. ``silence`` is where it leads when the patience is at its end, a machine's too.

    ``machine`` is where an answering machine leads instead of another play.
    """

    keys: Mapping[str, Choice] = {}
    silence: Choice = Choice()
    machine: Choice | None = None

    def answers(self) -> Iterator[tuple[str, Choice]]:
        """What each key means."""
        yield from self.keys.items()

    def silences(self) -> Iterator[tuple[str, Choice]]:
        """Nobody there, a machine, or the end of the call."""
        yield "silence", self.silence
        if self.machine is not None:
            yield "machine", self.machine
        yield from super().silences()


class Menu(_Keys):
    """A key is awaited, and what the words ``spoken`` in its place mean.

    With ``confirms`` the step asks whether a spoken word was understood: only here may a word give what the dialogue
    calls a consent. With ``twice`` the key that led here is asked for again; elsewhere the same key again in a hurry is
    a trembling finger, and no consent.
    """

    kind: Literal["menu"] = "menu"
    spoken: Mapping[Meaning, Choice] = {}
    doubt: Doubt | None = None
    confirms: bool = False
    twice: bool = False

    def answers(self) -> Iterator[tuple[str, Choice]]:
        """What each key means, and each word."""
        yield from super().answers()
        yield from ((str(meaning), choice) for meaning, choice in self.spoken.items())

    def in_doubt(self, keys: str) -> "Menu":
        """The question which of two keys was meant; ``keys`` are both, the more worrying one first."""
        if self.doubt is None or keys not in map("".join, combinations(self.doubt.order, 2)):
            raise LookupError(f"this step does not doubt the keys {keys}")
        first, second = reversed(keys)
        said = {reading.key: reading.prompt for reading in self.doubt.readings}
        words = {**self.doubt.ask.words, "first": first, "second": second}
        worse = self.keys[keys[0]]
        return Menu(
            prompts=(Prompt(key=self.doubt.ask.key, words=words), said[first], said[second]),
            sorry=self.sorry,
            keys={key: self.keys[key] for key in keys},
            silence=worse,
            hang_up=worse.model_copy(update={"leads_to": END, "instead": {}}),
            plays=DOUBT_PLAYS,
        )

    def doubts(self) -> Iterator[tuple[str, "Menu"]]:
        """Every question of its doubt, with its two keys."""
        doubted = [key for key in self.doubt.order if key in self.keys] if self.doubt else []
        for pair in combinations(doubted, 2):
            yield "".join(pair), self.in_doubt("".join(pair))


class Digits(_Keys):
    """Several digits are asked for: ``most`` at most, # ends them and * begins them again; ``keys`` are pressed alone.

    What they mean only the owner knows: it enters another step, or lets ``advance`` ask again; ``wrong`` is where the
    last of the step's plays leads when nothing that was typed meant anything. Whoever has nothing to type goes on to
    ``silence`` at once.
    """

    kind: Literal["digits"] = "digits"
    most: int = Field(ge=2)
    wrong: Choice

    def silences(self) -> Iterator[tuple[str, Choice]]:
        """Nobody there, or nothing right."""
        yield from super().silences()
        yield "wrong", self.wrong


class Record(_Question):
    """What is said after a beep is recorded, until # or silence; ``then`` is where a recording leads.

    Whoever has nothing to say goes on to ``silence`` at once.
    """

    kind: Literal["record"] = "record"
    then: Choice
    silence: Choice = Choice()
    max_seconds: int = Field(default=60, ge=1)
    silence_seconds: int = Field(default=6, ge=1)

    def silences(self) -> Iterator[tuple[str, Choice]]:
        """Nothing was said."""
        yield "silence", self.silence
        yield from super().silences()

    def events(self) -> Iterator[tuple[str, Choice]]:
        """There is a recording."""
        yield "recording", self.then


class Connect(_Question):
    """``whom`` the owner connects after the prompts, in the owner's own word, and where it leads when that is over."""

    kind: Literal["connect"] = "connect"
    whom: str
    connected: Choice = Choice()
    not_connected: Choice = Choice()

    def silences(self) -> Iterator[tuple[str, Choice]]:
        """Nobody was to be had."""
        yield "not_connected", self.not_connected
        yield from super().silences()

    def events(self) -> Iterator[tuple[str, Choice]]:
        """The two have talked."""
        yield "connected", self.connected


Question = Menu | Digits | Record | Connect
QUESTIONS = (Menu, Digits, Record, Connect)
Step = Annotated[Say | End | Bridge | Question, Discriminator("kind"), BeforeValidator(of_any_version)]
"""One step of a dialogue, of one of these kinds."""


class Dialogue(_Frozen):
    """A whole script. ``consents`` are the facts that only an explicit key, or a confirmed word, may give."""

    name: str
    language: Language
    first: str
    steps: Mapping[str, Step]
    pace: int | None = None
    consents: tuple[str, ...] = ()
    entrances: tuple[str, ...] = ()
    """Steps at which the owner may begin, besides the first; further on it only goes where a choice leads."""
    spare: tuple[Prompt, ...] = ()
    """Prompts of no step that the owner may say in place of others."""
    alternatives: Mapping[str, tuple[str, ...]] = {}
    """Which these are: by the key of a prompt that is only sometimes so, the keys of what is said when it is not."""
    leaves_message: bool = False
    """Whether a machine that answers is interrupted and left a message, by turning to the owner."""

    def step(self, name: str) -> Step:
        """The step, or the question of a step's doubt, of this name; raises ``LookupError``."""
        own, mark, pair = name.partition(PAIR)
        step = self.steps[own]
        if not mark:
            return step
        if not isinstance(step, Menu):
            raise LookupError(f"the step {own} is no menu, and doubts no keys")
        return step.in_doubt(pair)

    def prompts(self) -> list[Prompt]:
        """Everything that may be said, each once; what is repeated is repeated slower."""
        spoken = [*(prompt for _, step in self.every_step() for prompt in step.speaks()), *self.spare]
        return list({(each.key, tuple(sorted(each.words.items())), each.slower): each for each in spoken}.values())

    def otherwise(self, prompt: Prompt) -> Iterator[Prompt]:
        """What the owner may say in place of this prompt."""
        keys = self.alternatives.get(prompt.key, ())
        return (each for each in self.spare if each.key in keys and each.words == prompt.words)

    def enterable(self) -> tuple[str, ...]:
        """Every step to which the owner, and not a key alone, may lead."""
        choices = [choice for step in self.steps.values() for choice in step.choices()]
        return tuple(dict.fromkeys((*self.entrances, *(name for each in choices for name in each.instead.values()))))

    def has(self, name: str) -> bool:
        """Whether there is such a step; names come back to us in addresses."""
        try:
            self.step(name)
        except (LookupError, ValueError):
            return False
        return True

    def every_step(self) -> Iterator[tuple[str, Step]]:
        """All steps with their names, and the questions of their doubts."""
        for name, step in self.steps.items():
            yield name, step
            for pair, question in step.doubts():
                yield f"{name}{PAIR}{pair}", question
