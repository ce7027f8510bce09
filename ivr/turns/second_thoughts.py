"""What had been pressed before a key: second thoughts are told from answers by the time between the two."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from math import inf

from sqlalchemy.orm import Session

from core import clock
from ivr import queries
from ivr.dialogue.engine import PRESSED, Before, Dialogue, Heard, Menu, Sound
from ivr.dispatch import calls
from ivr.models import Call
from ivr.queries import Exchanged

FIRST_SECOND_KEY = 2
"""The turn before which no key can have been pressed: turn 0 has picked up, turn 1 hears the first."""
_KEYS = frozenset({Sound.KEY, Sound.DIGITS, Sound.SILENCE, Sound.LOST, Sound.MISSED})


def with_what_came_before(session: Session, call: Call, number: int, heard: Heard) -> Heard:
    """What was heard at turn ``number``, with what had been pressed in the call before that."""
    if heard.sound not in _KEYS or number < FIRST_SECOND_KEY:
        return heard
    turns = queries.turns_before(session, call.id, number)
    return replace(heard, before=before(calls.dialogue_of(call), turns, clock.now()))


def before(dialogue: Dialogue, turns: Sequence[Exchanged], now: datetime) -> Before | None:
    """What had been pressed; ``turns`` are those of the call so far, the earliest first.

    The seconds are those of the clock, in which people press keys in a rehearsal too.
    """
    pressed = next((turn for turn in reversed(turns) if _keys(turn)), None)
    last = _keys(pressed)[-1] if pressed else ""
    since = Before(last, (now - pressed.at).total_seconds() if pressed else inf)
    for asked, answered in reversed(list(pairwise(turns))):
        step = dialogue.steps.get(asked.step or "")
        if isinstance(step, Menu) and step.doubt:
            key = _keys(answered)[:1]
            return replace(since, step=asked.step, key=key if key in step.doubt.order else "")
    return since if pressed else None


def _keys(turn: Exchanged) -> str:
    """The keys that were heard; nothing where none was, or where what was typed is not written down."""
    return turn.key if turn.sound in PRESSED else ""
