"""Pages: the calls that ask responders, and what becomes of them."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from contacts import queries as contacts
from contacts.models import Community, Responder, Role
from contacts.queries import ResponderNear
from core import clock, events
from core.database import alone
from escalation import ownership, queries
from escalation.ladder import Asked, Candidate, climb
from escalation.models import Case, CaseKind, CaseState, Page, PageState
from escalation.page_dialogue import (
    OFFER,
    OFFER_UNVERIFIED,
    message_page_dialogue,
    not_asked_page_dialogue,
    page_dialogue,
)
from escalation.policies import POLICIES
from ivr import calls
from ivr.dialogue import Dialogue
from ivr.models import Call, Urgency
from ivr.voicing import prepare_soon
from ivr.written import written

OWNER = "page"
LADDERS = "ladders"
RING_SECONDS = 45
DIAL_WITHIN = timedelta(minutes=10)
REFUSAL_REMEMBERED = timedelta(days=1)
"""Then the number is tried again: what the provider refuses may have been put right there."""
MOST_WOKEN = 3
"""Waiting cases that a free telephone wakes; more than one, because its owner may have declined the first."""


def ask_next(session: Session, case: Case) -> None:
    """Asks whomever the ladder names now and notes when to look again.

    Ladders climb one after the other: two that looked side by side would name the same responder, and the unit of work
    of the second, with the key that a resident has just pressed, would fail on the responder's live page.
    """
    alone(session, LADDERS)
    telephones = ownership.telephones(session, case)
    around = contacts.responders_near(session, case.community_id, areas_of(session, case))
    near = _who_can_be_rung(session, ownership.passed_over(around, telephones))
    candidates = [Candidate(each.responder_id, Role(each.role), each.distance, each.number in telephones.household)
                  for each in near]  # fmt: skip
    asked = _asked(session, case)
    step = climb(POLICIES[CaseKind(case.kind)], candidates, asked, queries.engaged_responders(session), clock.now())
    case.look_at = step.look_at
    numbers = {each.responder_id: each for each in near}
    for responder_id in step.ask:
        _page(session, case, responder_id, numbers[responder_id].number, numbers[responder_id].language)


def ask(session: Session, case: Case, responder: Responder) -> bool:
    """Rings this responder about the case out of turn, once they hang up; False if they are being asked already."""
    if responder.id in queries.responders_being_asked(session):
        return False
    _page(session, case, responder.id, responder.number, responder.language)
    return True


def _asked(session: Session, case: Case) -> list[Asked]:
    """The ladder waited for the telephone that was rung while the resident waits; when it looks, that time is over."""
    waited_for = queries.pages_of_legs(session, case.id)
    return [
        Asked(
            page.responder_id,
            PageState.UNANSWERED if page.id in waited_for else PageState(page.state),
            page.asked_at,
        )
        for page in queries.pages_of(session, case.id)
    ]


def tell_anew(session: Session, case: Case) -> None:
    """More is known about the case: whoever's telephone rings about it, and is not answered yet, will hear that."""
    for page in queries.pages_of(session, case.id):
        call = session.get_one(Call, page.call_id)
        if page.state == PageState.CALLING and call.owner == OWNER and call.answered_at is None:
            dialogue = _dialogue(session, case, session.get_one(Responder, page.responder_id).language)
            call.dialogue = written(dialogue)
            prepare_soon(session, dialogue)


def end_page(session: Session, page: Page, state: PageState) -> None:
    """The page is over; its case's ladder looks again at once."""
    if page.state != PageState.CALLING:
        return
    now = clock.now()
    page.state, page.ended_at = state, now
    events.append(session, f"page.{state}", page.case_id, responder=str(page.responder_id))
    case = session.get_one(Case, page.case_id)
    if case.state == CaseState.OPEN:
        case.look_at = now


def hung_up(session: Session, number: str) -> None:
    """A call with this telephone is over; cases that waited for the responder whose it is look again at once."""
    responder = contacts.responder_by_number(session, number)
    if responder is None:
        return
    session.flush()
    for case in queries.waiting_cases(session, responder, MOST_WOKEN):
        case.look_at = clock.now()


def withdraw_others(session: Session, case: Case, but: UUID | None) -> None:
    """Nobody else needs to be asked about this case any more."""
    for page in queries.pages_of(session, case.id):
        if page.state == PageState.CALLING and page.responder_id != but:
            end_page(session, page, PageState.WITHDRAWN)
            calls.want_ended(session, session.get_one(Call, page.call_id))


def _who_can_be_rung(session: Session, near: Sequence[ResponderNear]) -> Sequence[ResponderNear]:
    """Nobody is waited for whose number the provider has just refused, as long as there is anybody else."""
    refused = contacts.refused_since(session, [each.number for each in near], clock.now() - REFUSAL_REMEMBERED)
    return [each for each in near if each.number not in refused] or near


def areas_of(session: Session, case: Case) -> Sequence[UUID]:
    """Where the case is, nearest first; a message may be about anywhere."""
    if case.resident_id is None:
        return list(contacts.areas(session, case.community_id))
    return contacts.resident_profile(session, case.resident_id).area_ids


def _dialogue(session: Session, case: Case, language: str) -> Dialogue:
    if case.resident_id is None:
        community = session.get_one(Community, case.community_id).name
        if case.kind == CaseKind.NOT_ASKED:
            return not_asked_page_dialogue(community, case.people or 0, language)
        return message_page_dialogue(community, language)
    profile = contacts.resident_profile(session, case.resident_id)
    offer = OFFER_UNVERIFIED if case.caller else OFFER
    return page_dialogue(profile, CaseKind(case.kind), language, offer, case.needs)


def _page(session: Session, case: Case, responder_id: UUID, number: str, language: str) -> None:
    now = clock.now()
    call = calls.queue(
        session,
        number=number,
        owner=OWNER,
        dialogue=_dialogue(session, case, language),
        urgency=Urgency.ALERT,
        due_at=now,
        not_after=now + DIAL_WITHIN,
        ring_seconds=RING_SECONDS,
    )
    session.flush()
    session.add(
        Page(case_id=case.id, responder_id=responder_id, call_id=call.id, state=PageState.CALLING, asked_at=now)
    )
    session.flush()
    events.append(session, "page.asked", case.id, responder=str(responder_id))
