"""The engine of dialogues: a pure function from a script, a position and what was heard to what to say next.

``begin`` and ``advance`` return the next ``Turn``: what to say, which key to ask for, and the facts learnt. Nothing
here knows telephones, residents or cases. The script itself, a document, is described in ``ivr.dialogue.script``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from ivr.dialogue.script import (
    DOUBT_PLAYS,
    END,
    MAX_KEYS,
    PAIR,
    PLAYS,
    QUESTIONS,
    SLOWER_PERCENT,
    WAIT_FOR_KEY_SECONDS,
    Bridge,
    Choice,
    Connect,
    Dialogue,
    Digits,
    Doubt,
    End,
    Meaning,
    Menu,
    Prompt,
    Question,
    Reading,
    Record,
    Say,
    Step,
)
from ivr.dialogue.sounds import PRESSED, Sound

__all__ = [
    "DOUBT_PLAYS",
    "END",
    "MAX_KEYS",
    "PAIR",
    "PLAYS",
    "PRESSED",
    "QUESTIONS",
    "SLOWER_PERCENT",
    "WAIT_FOR_KEY_SECONDS",
    "Before",
    "Bridge",
    "Choice",
    "Connect",
    "Dialogue",
    "Digits",
    "Doubt",
    "End",
    "Fact",
    "Heard",
    "Meaning",
    "Menu",
    "Position",
    "Prompt",
    "Question",
    "Reading",
    "Record",
    "Say",
    "Sound",
    "Step",
    "Turn",
    "advance",
    "begin",
    "connect_again",
    "enter",
    "left",
    "otherwise",
]
"""Whoever writes or carries out a dialogue needs its words and its engine together."""

HURRIED_SECONDS = 2.0
"""Two keys closer together than this may both have been meant, or neither: nobody has heard an answer in between."""


@dataclass(frozen=True)
class Before:
    """What was pressed before: the ``last`` key, and so many ``seconds`` ago (nothing, and never, where none was).

    ``step`` is the last question of this call that a doubt watches over, if there was one, and ``key`` the key of that
    doubt that answered it; empty where nothing or anything else did.
    """

    last: str
    seconds: float
    step: str | None = None
    key: str = ""


@dataclass(frozen=True)
class Heard:
    """One thing heard.

    ``key`` is a single digit, ``*`` or ``#`` when ``sound`` is KEY or LOST, everything typed when it is DIGITS, what
    was understood (a ``Meaning``, or nothing) when it is SPEECH, and the provider's id of the recording when it is
    RECORDING; ``seconds`` is then its length. ``before`` is what had been pressed earlier.
    """

    sound: Sound
    key: str = ""
    seconds: int = 0
    before: Before | None = None

    @property
    def typed(self) -> str:
        """The digits typed, without whatever stands before the last ``*``."""
        return self.key.rpartition("*")[2] if self.sound in PRESSED else ""

    @property
    def by_hand(self) -> bool:
        """Whether a person has certainly pressed something, whoever opines that a machine has answered."""
        return self.sound in PRESSED or (self.sound is Sound.LOST and len(self.key) == 1)


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
    """What to say now. With ``position`` None our side hangs up afterwards; otherwise something ``asks`` there.

    Whom a ``Connect`` names the owner connects; it puts the call that it has made for that into ``leg``
    (``ivr.dispatch.legs``). ``bridges``: our side does not hang up, the other end is heard. ``afterthought``: a key
    that is pressed before we have hung up still counts, and is heard at that position. ``instead``: where the choice
    leads that was taken when that is so (see ``otherwise``).
    """

    say: tuple[Prompt, ...]
    position: Position | None
    asks: Question | None = None
    facts: tuple[Fact, ...] = ()
    leg: UUID | None = None
    bridges: bool = False
    afterthought: Position | None = None
    instead: Mapping[str, str] = field(default_factory=dict, compare=False)

    @property
    def heard_at(self) -> Position | None:
        """Where whatever is heard next is heard."""
        return self.position or self.afterthought

    def connects(self, whom: str) -> bool:
        """Whether the owner is to connect this one, in its own word."""
        return isinstance(self.asks, Connect) and self.asks.whom == whom


def begin(dialogue: Dialogue) -> Turn:
    """The first words of the dialogue."""
    return enter(dialogue, dialogue.first)


def enter(dialogue: Dialogue, step: str) -> Turn:
    """The words of ``step`` and of what follows it, up to the next menu or the end of the call."""
    return replace(_arrive_at(dialogue, step), afterthought=None)


def advance(dialogue: Dialogue, position: Position, heard: Heard) -> Turn:
    """The next turn after ``heard`` at ``position``: a choice taken, the menu said again, or the patience's end.

    A key may also be a second thought about the question before. Whoever has answered can change their mind until we
    have hung up. A step without a menu only reports back when it has been said, and goes on to what follows.
    """
    turn = _second_thought(dialogue, position, heard) or _answer(dialogue, position, heard)
    doubted = _doubt_of(dialogue.step(position.step)) is not None
    watched = doubted or (heard.before is not None and heard.before.step is not None)
    return turn if watched and heard.sound is not Sound.MACHINE else replace(turn, afterthought=None)


def connect_again(dialogue: Dialogue, position: Position, leg: UUID) -> Turn:
    """Somebody else is rung for whoever waits at ``position``, a ``Connect``, in the call ``leg``."""
    step = dialogue.step(position.step)
    if not isinstance(step, Connect):
        raise TypeError(f"the step {position.step} connects nobody")
    return Turn(step.again, Position(position.step, position.play + 1), step, leg=leg)


def otherwise(dialogue: Dialogue, turn: Turn, so: str, unknown: str | None = None) -> Turn:
    """Where the choice leads that brought this turn when ``so`` is so; what was learnt stays.

    ``unknown`` is the step for a choice that does not say, in a call whose dialogue an earlier version has made;
    without it the turn stays what it is.
    """
    step = turn.instead.get(so, unknown)
    return replace(enter(dialogue, step), facts=turn.facts) if step else turn


def left(dialogue: Dialogue, position: Position) -> tuple[Fact, ...]:
    """What it means that the call ended at ``position`` without an answer to its question."""
    step = dialogue.step(position.step) if dialogue.has(position.step) else None
    return _facts(step.hang_up) if isinstance(step, QUESTIONS) else ()


def _second_thought(dialogue: Dialogue, position: Position, heard: Heard) -> Turn | None:
    """What a key means that belongs to an answer given before; None when it answers the question at ``position``.

    A key that follows the one before in a hurry, or while nothing is asked any more, belongs to the same answer: the
    same key again is a trembling finger, two that exclude each other are doubted, any other one is a change of mind.
    """
    before, key, here = heard.before, heard.key[:1], dialogue.step(position.step)
    if before is None or heard.sound not in PRESSED or isinstance(here, Digits):
        return None
    hurried = before.seconds < HURRIED_SECONDS
    if hurried and PAIR in position.step:
        return _again(dialogue, position, ())
    if hurried and key == before.last and isinstance(here, Menu) and not here.twice and _weighs(dialogue, here, key):
        return _ask(here, here.prompts, position)
    asks = isinstance(here, QUESTIONS)
    if before.step is None or (asks and not hurried):
        return None
    if key == before.key:
        return (
            _ask(here, here.prompts, position) if isinstance(here, QUESTIONS) else _arrive_at(dialogue, position.step)
        )
    asked = dialogue.step(before.step)
    doubt = _doubt_of(asked)
    if hurried and doubt and (pair := _pair(doubt, before.key + key)):
        return _arrive_at(dialogue, f"{before.step}{PAIR}{pair}")
    choice = asked.keys.get(key) if isinstance(asked, Menu | Digits) else None
    return _arrive(dialogue, choice) if choice and choice.leads_to != position.step else None


def _doubt_of(step: Step) -> Doubt | None:
    return step.doubt if isinstance(step, Menu) else None


def _weighs(dialogue: Dialogue, menu: Menu, key: str) -> bool:
    """Whether the key would be a consent here."""
    choice = menu.keys.get(key)
    return choice is not None and choice.fact in dialogue.consents


def _answer(dialogue: Dialogue, position: Position, heard: Heard) -> Turn:
    step = dialogue.step(position.step)
    if not isinstance(step, QUESTIONS):
        return _arrive_at(dialogue, position.step) if heard.sound in PRESSED else Turn((), None)
    doubt = _doubt_of(step)
    if heard.sound in PRESSED and doubt and (pair := _pair(doubt, heard.key)):
        return _arrive_at(dialogue, f"{position.step}{PAIR}{pair}")
    if choice := _taken(step, position, heard):
        return _arrive(dialogue, choice)
    if heard.sound is Sound.MISSED:
        return _ask(step, step.repeats(), position)
    answered = heard.sound in {*PRESSED, Sound.SPEECH}
    if not answered and isinstance(step, Digits | Record):
        return _arrive(dialogue, step.silence)
    return _again(dialogue, position, step.sorry if answered else ())


def _pair(doubt: Doubt, pressed: str) -> str:
    """The two most worrying of the keys that exclude each other; nothing unless two different ones were pressed."""
    excluded = [key for key in doubt.order if key in pressed]
    return "".join(excluded[:2]) if len(excluded) > 1 else ""


def _taken(step: Question, position: Position, heard: Heard) -> Choice | None:
    """The choice that was made; where one key was asked for, only the first of several counts.

    Whatever is heard instead of what came of connecting, nobody was connected.
    """
    match step:
        case Connect():
            return step.connected if heard.sound is Sound.CONNECTED else step.not_connected
        case Record():
            return step.then if heard.sound is Sound.RECORDING else None
        case Digits() if heard.sound in PRESSED:
            return step.keys.get(heard.key)
        case Menu() if heard.sound in PRESSED:
            return step.keys.get(heard.key[:1])
        case Menu() if heard.sound is Sound.SPEECH:
            return next((choice for meaning, choice in step.spoken.items() if meaning == heard.key), None)
    return step.machine if heard.sound is Sound.MACHINE and position.play < step.plays else None


def _again(dialogue: Dialogue, position: Position, sorry: tuple[Prompt, ...]) -> Turn:
    """The question once more, slower, until the patience is at its end; what leads silence elsewhere does at once."""
    step = dialogue.step(position.step)
    if not isinstance(step, QUESTIONS):
        raise TypeError(f"the step {position.step} asks nothing")
    at_the_end = _at_the_end(step)
    if position.play >= step.plays:
        return _arrive(dialogue, step.wrong if isinstance(step, Digits) else at_the_end)
    said = (*(prompt.slowly() for prompt in sorry), *step.repeats())
    return replace(_ask(step, said, Position(position.step, position.play + 1)), instead=at_the_end.instead)


def _at_the_end(step: Question) -> Choice:
    """What counts when nobody has answered at all."""
    return step.not_connected if isinstance(step, Connect) else step.silence


def _ask(step: Question, said: tuple[Prompt, ...], position: Position, facts: tuple[Fact, ...] = ()) -> Turn:
    return Turn(said, position, step, facts)


def _arrive_at(dialogue: Dialogue, step: str) -> Turn:
    return _arrive(dialogue, Choice(leads_to=step))


def _arrive(dialogue: Dialogue, choice: Choice) -> Turn:
    return replace(_reach(dialogue, choice), instead=choice.instead)


def _reach(dialogue: Dialogue, choice: Choice) -> Turn:
    """The words from where the choice leads up to the next question, or to the end."""
    facts, said = _facts(choice), list[Prompt]()
    first = name = choice.leads_to
    while name is not None and name != END:
        step = dialogue.step(name)
        said += step.prompts
        if isinstance(step, QUESTIONS):
            return _ask(step, tuple(said), Position(name), facts)
        if isinstance(step, Bridge):
            return Turn(tuple(said), None, facts=facts, bridges=True)
        name = step.then if isinstance(step, Say) else END
    closing = Position(first) if first is not None and first != END else None
    return Turn(tuple(said), None, facts=facts, afterthought=closing)


def _facts(choice: Choice | None) -> tuple[Fact, ...]:
    return (Fact(choice.fact, choice.subject),) if choice and choice.fact else ()
