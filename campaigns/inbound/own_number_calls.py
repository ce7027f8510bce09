"""Calls and texts from one of our own numbers: somebody forwards our calls to us, or pretends to be us.

There is nobody to talk with and nothing to look after: the call ends with a goodbye, and the text is not answered, so
that nothing rings or writes to itself for ever. The log tells the operator.
"""

import logging

from sqlalchemy.orm import Session

from contacts.community.community import the_community
from core import actors
from core.i18n import Language
from core.running import events
from ivr import queries as ivr
from ivr.dialogue.engine import Dialogue, End, Heard, Position, Prompt, Turn, advance, begin
from ivr.dispatch import calls
from ivr.models import Call
from ivr.ports.owners import CallOwner

log = logging.getLogger(__name__)
OURSELVES = "ourselves"


class OwnNumberCalls(CallOwner):
    """Owns calls from our own numbers."""

    def next(self, session: Session, call: Call, position: Position | None, heard: Heard) -> Turn:
        """A goodbye."""
        dialogue = calls.dialogue_of(call)
        return begin(dialogue) if position is None else advance(dialogue, position, heard)


def is_ours(session: Session, number: str) -> bool:
    """Whether one of our lines has this number (E.164)."""
    return any(line.number == number for line in ivr.lines(session))


def goodbye(session: Session, number: str) -> Dialogue:
    """What is said to ourselves; the log tells the operator that it happened."""
    note(session, "call.from_ourselves", number)
    steps = {"goodbye": End(prompts=(Prompt(key="page.goodbye"),))}
    return Dialogue(name="ourselves", language=Language(the_community(session).language), first="goodbye", steps=steps)


def note(session: Session, kind: str, number: str) -> None:
    """Notes that something came from our own ``number``."""
    log.warning("%s: %s is our own number; is somebody forwarding our calls to it?", kind, number)
    events.append(session, actors.system(), kind, number=number)
