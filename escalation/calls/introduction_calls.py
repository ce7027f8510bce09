"""Introductions: whoever has accepted is connected with the resident, who first hears who would like to talk."""

from uuid import UUID

from sqlalchemy.orm import Session

from contacts import queries as contacts
from contacts.models import Responder
from contacts.queries import ResidentProfile
from core import actors
from core.running import events
from escalation.calls.introduction_dialogue import introduction_dialogue
from escalation.models import Case
from escalation.paging.resident_telephones import telephones_of
from ivr import queries
from ivr.dialogue.engine import Dialogue, Heard, Position, Turn, begin
from ivr.dispatch import calls, legs
from ivr.dispatch.prerender import prepare_soon
from ivr.models import Call
from ivr.ports.owners import CallOwner

OWNER = "introduction"
RING_SECONDS = 60
"""An old person walks slowly."""


class IntroductionCalls(CallOwner):
    """Owns the legs that ring residents for responders. They are no attempts, and nothing is asked in them."""

    def next(self, session: Session, call: Call, position: Position | None, heard: Heard) -> Turn:
        """The resident hears who it is and is connected."""
        return begin(calls.dialogue_of(call))


def introduce(session: Session, parent: Call, case_id: UUID, responder_id: UUID) -> Call | None:
    """The leg that rings the resident out of the responder's call; None while that cannot be.

    Each further try takes the resident's next telephone.
    """
    profile = _profile(session, case_id)
    numbers = telephones_of(session, profile) if profile else ()
    if profile is None or not numbers:
        return None
    leg = legs.open_leg(
        session,
        parent,
        number=numbers[queries.count_legs(session, parent.id) % len(numbers)],
        owner=OWNER,
        dialogue=_dialogue(session, profile, responder_id),
        ring_seconds=RING_SECONDS,
    )
    if leg is not None:
        events.append(session, actors.responder(responder_id), "case.connecting", case_id, responder=str(responder_id))
    return leg


def prepare(session: Session, case_id: UUID, responder_id: UUID) -> None:
    """Makes what the resident will hear, while the responder listens to where they live."""
    if profile := _profile(session, case_id):
        prepare_soon(session, _dialogue(session, profile, responder_id))


def _profile(session: Session, case_id: UUID) -> ResidentProfile | None:
    """Nobody can be introduced to whoever has left a message."""
    resident_id = session.get_one(Case, case_id).resident_id
    return contacts.resident_profile(session, resident_id) if resident_id else None


def _dialogue(session: Session, profile: ResidentProfile, responder_id: UUID) -> Dialogue:
    return introduction_dialogue(profile, session.get_one(Responder, responder_id))
