"""What had been pressed before a key: second thoughts are told from answers by the time between the two."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from sqlalchemy.orm import Session

from core import clock
from ivr import calls, queries
from ivr.dialogue import Before, Dialogue, Heard, Sound
from ivr.models import Call
from ivr.queries import Exchanged

_PRESSED = f"{Sound.KEY}:"
_KEYS = frozenset({Sound.KEY, Sound.DIGITS, Sound.LOST})


def with_what_came_before(session: Session, call: Call, number: int, heard: Heard) -> Heard:
    """What was heard at turn ``number``, with the answer given before, where the call's dialogue doubts any."""
    dialogue = calls.dialogue_of(call)
    if heard.sound not in _KEYS or not any(step.doubt for step in dialogue.steps.values()):
        return heard
    return replace(heard, before=before(dialogue, queries.turns_before(session, call.id, number), clock.now()))


def before(dialogue: Dialogue, turns: Sequence[Exchanged], now: datetime) -> Before | None:
    """The last answer that a doubt watches over; ``turns`` are those of the call so far, the earliest first.

    The seconds are those of the clock, in which people press keys in a rehearsal too.
    """
    seconds = next(
        ((now - turn.at).total_seconds() for turn in reversed(turns) if turn.heard.startswith(_PRESSED)), 0.0
    )
    for asked, answered in reversed(list(pairwise(turns))):
        key = answered.heard.removeprefix(_PRESSED)
        step = dialogue.steps.get(asked.step or "")
        if asked.step and step and step.doubt and key != answered.heard and key in step.doubt.order:
            return Before(asked.step, key, seconds)
    return None
