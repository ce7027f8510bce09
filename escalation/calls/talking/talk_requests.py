"""Asking to talk: whoever has a case in hand lets their own telephone ring, and is connected from there."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from contacts import queries as contacts
from core import clock
from core.errors import ConflictError
from escalation.calls import introduction_calls
from escalation.calls.reminders.reminding import numbers_of
from escalation.calls.talking.talk_dialogue import talk_dialogue
from escalation.deeds import by_link
from escalation.deeds.by_link import Opened
from escalation.models import Case, Page, PageState
from escalation.paging import looks, matters, paging
from escalation.paging.page_order import urgency
from escalation.paging.resident_telephones import telephones_of
from escalation.queries import paging as queries_paging
from ivr.dispatch import calls
from ivr.dispatch.prerender import prepare_soon
from ivr.models import Call

OWNER = "talk"
DIAL_WITHIN = timedelta(minutes=5)
"""Whoever waits longer for their own telephone has put it away."""


def can_talk(session: Session, case: Case) -> bool:
    """Whether the case is about a resident who has a telephone that may be rung."""
    profile = contacts.resident_profile(session, case.resident_id) if case.resident_id else None
    return profile is not None and bool(telephones_of(session, profile))


def is_rung(session: Session, case: Case, responder_id: UUID) -> bool:
    """Whether their telephone is about to ring, or rings, so that they are connected."""
    rung = queries_paging.pages_ringing(session, responder_id)
    return any(page.case_id == case.id and session.get_one(Call, page.call_id).owner == OWNER for page in rung)


def ring(session: Session, found: Opened) -> None:
    """Rings the responder who has opened the link, at any hour: it is they who have asked.

    Raises ``ConflictError`` where the case is not theirs, nobody can be connected, no telephone of theirs is known, or
    it is rung or in use already. The call is a page, so that it counts among those of an hour.
    """
    paging.alone_on_ladders(session, found.case.community_id)
    case, responder = by_link.held(session, found), found.responder
    if not can_talk(session, case):
        raise ConflictError("There is no telephone to connect you with.", way_out="Please ring the bell.")
    numbers = numbers_of(session, case, responder)
    if not numbers:
        raise ConflictError("We know no telephone of yours that we can ring.", way_out="Ask your office.")
    now = clock.now()
    engaged, _ = queries_paging.engaged_and_rung(session, [responder.id], now)
    if responder.id in engaged:
        raise ConflictError("Your telephone is being rung, or in use.", way_out="Pick it up, or try again afterwards.")
    dialogue = talk_dialogue(matters.matter(session, case, responder.language))
    call = calls.queue(session, number=numbers[0], owner=OWNER, dialogue=dialogue, urgency=urgency(case.urgency, 0),
                       due_at=now, not_after=now + DIAL_WITHIN, ring_seconds=looks.RING_SECONDS)  # fmt: skip
    session.flush()
    session.add(Page(case=case, responder_id=responder.id, call_id=call.id, state=PageState.CALLING, asked_at=now))
    session.flush()
    prepare_soon(session, dialogue)
    introduction_calls.prepare(session, case.id, responder.id)
