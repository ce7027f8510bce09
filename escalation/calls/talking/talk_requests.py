"""Asking to talk: whoever has a case in hand lets their own telephone ring, or is rung for the office, and is connected
from there."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from contacts import queries as contacts
from contacts.models import Responder
from core import clock
from core.actors import Actor
from core.errors import ConflictError
from core.running import events
from escalation.calls import introduction_calls
from escalation.calls.reminders.reminding import numbers_of
from escalation.calls.talking.talk_dialogue import talk_dialogue
from escalation.deeds import by_link, giving_back
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
_NOBODY, _UNKNOWN, _ENGAGED = "nobody", "unknown", "engaged"
_TOLD_THEM = {
    _NOBODY: ("There is no telephone to connect you with.", "Please ring the bell."),
    _UNKNOWN: ("We know no telephone of yours that we can ring.", "Ask your office."),
    _ENGAGED: ("Your telephone is being rung, or in use.", "Pick it up, or try again afterwards."),
}
_TOLD_OTHERS = {
    _NOBODY: ("The resident has no telephone that may be rung.", "Somebody has to go there."),
    _UNKNOWN: ("We know no telephone of {name} that we can ring.", "Hand the case over to somebody else."),
    _ENGAGED: ("The telephone of {name} is being rung, or in use.", "Try again afterwards."),
}
"""Why nobody is rung, and the way out, as whoever has asked is told it."""


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
    _ring(session, by_link.held(session, found), found.responder, by_office=False)


def ring_holder(session: Session, actor: Actor, case_id: UUID) -> Case:
    """The same for whoever has the case in hand, because the office wants them connected with its resident."""
    case = giving_back.held_in_hand(session, case_id)
    responder = session.get_one(Responder, case.accepted_by_id)
    _ring(session, case, responder, by_office=True)
    events.append(session, actor, "case.holder_rung", case.id, responder=str(responder.id))
    return case


def _ring(session: Session, case: Case, responder: Responder, *, by_office: bool) -> None:
    told = _TOLD_OTHERS if by_office else _TOLD_THEM
    if not can_talk(session, case):
        raise _refused(told[_NOBODY], responder)
    numbers = numbers_of(session, case, responder)
    if not numbers:
        raise _refused(told[_UNKNOWN], responder)
    now = clock.now()
    engaged, _ = queries_paging.engaged_and_rung(session, [responder.id], now)
    if responder.id in engaged:
        raise _refused(told[_ENGAGED], responder)
    dialogue = talk_dialogue(matters.matter(session, case, responder.language), by_office=by_office)
    call = calls.queue(session, number=numbers[0], owner=OWNER, dialogue=dialogue, urgency=urgency(case.urgency, 0),
                       due_at=now, not_after=now + DIAL_WITHIN, ring_seconds=looks.RING_SECONDS)  # fmt: skip
    session.flush()
    session.add(Page(case=case, responder_id=responder.id, call_id=call.id, state=PageState.CALLING, asked_at=now))
    session.flush()
    prepare_soon(session, dialogue)
    introduction_calls.prepare(session, case.id, responder.id)


def _refused(told: tuple[str, str], responder: Responder) -> ConflictError:
    message, way_out = told
    return ConflictError(message, way_out=way_out, name=responder.name)
