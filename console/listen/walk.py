"""A call walked through without a telephone: what is said to each thing that somebody does, up to the call's end."""

from collections.abc import Sequence
from dataclasses import dataclass

from ivr.dialogue.engine import (
    Connect,
    Dialogue,
    Digits,
    Fact,
    Heard,
    Meaning,
    Menu,
    Prompt,
    Record,
    Sound,
    Step,
    Turn,
    advance,
    begin,
    enter,
    left,
)

MOST_EXCHANGES = 40
"""Nobody listens to a longer preview, and its address would become too long."""
HANGS_UP, SILENCE, MACHINE = "hangs_up", "silence", "machine"
SPEAKS, TALKED, NOBODY = "recording", "connected", "not_connected"
TOKENS = {
    SILENCE: Heard(Sound.SILENCE),
    MACHINE: Heard(Sound.MACHINE),
    SPEAKS: Heard(Sound.RECORDING, "RE" + "0" * 32, 8),
    TALKED: Heard(Sound.CONNECTED),
    NOBODY: Heard(Sound.NOT_CONNECTED),
}
KEYS = "123456789*0#"
INSTEAD = "@"
"""Precedes the step that the service itself may go on with: ``@offer-0`` where the duty telephone is offered."""
OWNERS = ("offer", "connecting", "told", "no_longer", "in_a_call")
"""Steps which somebody who listens should hear although no key leads there."""


@dataclass(frozen=True)
class Exchange:
    """What was done (None: the telephone was picked up), what was learnt from it, and what is said then."""

    done: str | None
    facts: Sequence[Fact]
    said: Sequence[Prompt]


@dataclass(frozen=True)
class Walk:
    """A call so far: its ``exchanges``, and what may be done next (nothing when it is over)."""

    exchanges: Sequence[Exchange]
    choices: Sequence[str]

    @property
    def is_over(self) -> bool:
        """Whether the call has ended."""
        return not self.choices


def walk(dialogue: Dialogue, done: Sequence[str]) -> Walk:
    """Everything that was ``done`` in the call, one after the other; what makes no sense any more is left out."""
    turn = begin(dialogue)
    exchanges = [Exchange(None, turn.facts, turn.say)]
    for each in done[:MOST_EXCHANGES]:
        if turn.position is None:
            break
        if each == HANGS_UP:
            exchanges.append(Exchange(each, left(dialogue, turn.position), ()))
            return Walk(exchanges, ())
        next_turn = _next(dialogue, turn, each)
        if next_turn is None:
            continue
        turn = next_turn
        exchanges.append(Exchange(each, turn.facts, turn.say))
    return Walk(exchanges, _choices(dialogue, turn) if len(exchanges) <= MOST_EXCHANGES else ())


def _next(dialogue: Dialogue, turn: Turn, done: str) -> Turn | None:
    if done.startswith(INSTEAD):
        step = done.removeprefix(INSTEAD)
        return enter(dialogue, step) if step in dialogue.enterable() else None
    heard = _heard(done)
    return advance(dialogue, turn.position, heard) if heard and turn.position else None


def _heard(done: str) -> Heard | None:
    if done in TOKENS:
        return TOKENS[done]
    if done in KEYS:
        return Heard(Sound.KEY, done)
    if done in set(Meaning):
        return Heard(Sound.SPEECH, done)
    return Heard(Sound.DIGITS, done) if done.isdigit() else None


def _choices(dialogue: Dialogue, turn: Turn) -> Sequence[str]:
    """What somebody at the telephone could do now; keys that mean nothing here are among it, as on a telephone."""
    if turn.position is None:
        return ()
    step = dialogue.step(turn.position.step)
    instead = [f"{INSTEAD}{name}" for name in dialogue.enterable() if name.partition("-")[0] in OWNERS]
    leaves = [MACHINE] if isinstance(step, Menu | Digits) and step.machine else []
    return [*_answers(step), *leaves, HANGS_UP, *instead]


def _answers(step: Step) -> Sequence[str]:
    match step:
        case Connect():
            return [TALKED, NOBODY]
        case Record():
            return [SPEAKS, SILENCE]
    spoken = step.spoken if isinstance(step, Menu) else ()
    return [*KEYS, *(str(meaning) for meaning in spoken), SILENCE]
