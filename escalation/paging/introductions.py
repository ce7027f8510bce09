"""Introductions: whoever has accepted is connected with the resident, who first hears who would like to talk."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from contacts import phones
from contacts import queries as contacts
from contacts.models import Responder
from contacts.people.community import the_community
from contacts.queries import ResidentProfile
from core import actors, clock
from core.i18n import Language
from core.running import events
from escalation.models import Case
from escalation.paging.looks import REFUSAL_REMEMBERED
from ivr import queries
from ivr.dialogue.catalogue import words
from ivr.dialogue.engine import Dialogue, Heard, Position, Prompt, Step, Turn, begin
from ivr.dispatch import calls, legs
from ivr.dispatch.prerender import prepare_soon
from ivr.models import Call

OWNER = "introduction"
RING_SECONDS = 60
"""An old person walks slowly."""


class Introductions:
    """Owns the legs that ring residents for responders. They are no attempts, and nothing is asked in them."""

    def still_wanted(self, session: Session, call: Call) -> bool:
        """A leg never waits in the queue."""
        return False

    def next(self, session: Session, call: Call, position: Position | None, heard: Heard) -> Turn:
        """The resident hears who it is and is connected."""
        return begin(calls.dialogue_of(call))

    def ended(self, session: Session, call: Call) -> None:
        """The responder's own call goes on; its dialogue asks what next."""

    def was_machine(self, session: Session, call: Call) -> None:
        """The responder has heard that."""


def introduce(session: Session, parent: Call, case_id: UUID, responder_id: UUID) -> Call | None:
    """The leg that rings the resident out of the responder's call; None while that cannot be.

    Each further try takes the resident's next telephone.
    """
    profile = _profile(session, case_id)
    numbers = numbers_of(session, profile) if profile else ()
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


def numbers_of(session: Session, profile: ResidentProfile) -> Sequence[str]:
    """The resident's telephones that may be rung; those that the provider refuses only where there is no other."""
    community = the_community(session)
    known = [each for each in profile.numbers if phones.may_be_rung(each, community.region, community.area_code)]
    refused = contacts.refused_since(session, known, clock.now() - REFUSAL_REMEMBERED)
    return [each for each in known if each not in refused] or known


def _dialogue(session: Session, profile: ResidentProfile, responder_id: UUID) -> Dialogue:
    return introduction_dialogue(profile, session.get_one(Responder, responder_id))


def introduction_dialogue(profile: ResidentProfile, responder: Responder) -> Dialogue:
    """What a resident hears before they are connected with a responder."""
    language = Language(profile.language)
    said = {
        "called": profile.called,
        "community": profile.community_name,
        "responder": responder.name,
        "role": words(Prompt(key=f"role.{responder.role}"), language),
    }
    hello = Step(prompts=(Prompt(key="introduction.hello", words=said),), bridges=True)
    return Dialogue(name="introduction", language=language, first="hello", steps={"hello": hello})
