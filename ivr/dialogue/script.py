"""Dialogues as data: a script of steps and keys, which the engine (``ivr.dialogue.engine``) carries out.

Reading a script back is cheap and forgiving; ``ivr.dialogue.validation`` checks a new one before any call gets it.
``docs/dialogues.md`` explains every field with an example.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from itertools import combinations

from pydantic import BaseModel, ConfigDict, Field

from core.i18n import Language

WAIT_FOR_KEY_SECONDS = 10
PLAYS = 3
DOUBT_PLAYS = 2
SLOWER_PERCENT = 85
"""How slow whatever is repeated is spoken, of the usual pace."""
MAX_KEYS = 5
END = "hang_up"
"""Where a choice or a step leads that ends the call on purpose; no step has this name."""
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


class Step(_Frozen):
    """Something said, and either a question or simply what follows (``then``; ``END`` ends the call).

    A question is a menu (``keys``, and what the words ``spoken`` in place of a key mean), an ``entry`` of several
    digits (then ``keys`` are keys pressed alone), a ``recording``, or what comes of ringing somebody else when all is
    said (``connect``). With ``bridges`` the call, which is itself the one that connects, does not end after the last
    words: whoever waits at the other end is heard.

    ``again`` is said instead of ``prompts`` from the second play on, slower; ``sorry`` precedes it after a wrong
    key. ``machine`` is where an answering machine leads instead of another play. Whoever has nothing to type, or to
    say on a recording, goes on to ``silence`` at once. A patience that is at its end is a silence, a machine's too.
    ``hang_up`` is what it means when the call ends at this question. With ``confirms`` the step asks whether a spoken
    word was understood: only here may a word give what the dialogue calls a consent. With ``twice`` the key that led
    here is asked for again; elsewhere the same key again in a hurry is a trembling finger, and no consent.
    """

    prompts: tuple[Prompt, ...]
    again: tuple[Prompt, ...] = ()
    sorry: tuple[Prompt, ...] = ()
    keys: Mapping[str, Choice] = {}
    spoken: Mapping[Meaning, Choice] = {}
    silence: Choice = Choice()
    machine: Choice | None = None
    hang_up: Choice | None = None
    doubt: Doubt | None = None
    confirms: bool = False
    twice: bool = False
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
        return bool(self.keys or self.spoken or self.entry or self.recording or self.connect)

    def leads(self) -> Iterator[tuple[str | None, str | None]]:
        """Where everything that can be heard here leads, by its name; None names what follows by itself."""
        if not self.asks:
            yield None, END if self.bridges else self.then
            return
        for key, choice in (*self.keys.items(), *self.spoken.items(), *self.silences(), *self.events()):
            if key != "hang_up":
                yield str(key), choice.leads_to
                yield from ((str(key), step) for step in choice.instead.values())

    def silences(self) -> Iterator[tuple[str, Choice]]:
        """What counts where nobody has pressed or said anything that was understood, by its name."""
        nobody = {
            "silence": None if self.connect else self.silence,
            "machine": self.machine,
            "wrong": self.entry.wrong if self.entry else None,
            "not_connected": self.connect.not_connected if self.connect else None,
            "hang_up": self.hang_up,
        }
        return ((name, choice) for name, choice in nobody.items() if choice is not None)

    def events(self) -> Iterator[tuple[str, Choice]]:
        """What somebody did that is no answer: they spoke onto a recording, or talked with whom we rang."""
        if self.recording:
            yield "recording", self.recording.then
        if self.connect:
            yield "connected", self.connect.connected

    def choices(self) -> Iterator[Choice]:
        """Everything that can be chosen, done or left here."""
        yield from (*self.keys.values(), *self.spoken.values())
        yield from (choice for _, choice in (*self.events(), *self.silences()))

    def repeats(self) -> tuple[Prompt, ...]:
        """What is said from the second play on."""
        return tuple(prompt.slowly() for prompt in self.again or self.prompts)

    def speaks(self) -> Iterator[Prompt]:
        """Everything that may be said at this step itself."""
        yield from self.prompts
        if self.asks and self.plays > 1:
            yield from self.repeats()
            yield from (prompt.slowly() for prompt in self.sorry)

    def in_doubt(self, keys: str) -> "Step":
        """The question which of two keys was meant; ``keys`` are both, the more worrying one first."""
        if self.doubt is None or keys not in map("".join, combinations(self.doubt.order, 2)):
            raise LookupError(f"this step does not doubt the keys {keys}")
        first, second = reversed(keys)
        said = {reading.key: reading.prompt for reading in self.doubt.readings}
        words = {**self.doubt.ask.words, "first": first, "second": second}
        worse = self.keys[keys[0]]
        return Step(
            prompts=(Prompt(key=self.doubt.ask.key, words=words), said[first], said[second]),
            sorry=self.sorry,
            keys={key: self.keys[key] for key in keys},
            silence=worse,
            hang_up=worse.model_copy(update={"leads_to": END, "instead": {}}),
            plays=DOUBT_PLAYS,
        )

    def doubts(self) -> Iterator[tuple[str, "Step"]]:
        """Every question of its doubt, with its two keys."""
        doubted = [key for key in self.doubt.order if key in self.keys] if self.doubt else []
        for pair in combinations(doubted, 2):
            yield "".join(pair), self.in_doubt("".join(pair))


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
        return self.steps[own].in_doubt(pair) if mark else self.steps[own]

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
