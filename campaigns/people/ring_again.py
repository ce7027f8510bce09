"""Ringing again: staff have the resident of a case rung now, to hear how they are; it is nobody's round.

The call is the office's own act: nothing is planned after it. What is said in it counts as if they had rung us.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from campaigns import queries
from campaigns.rounds.attempts import dialogue_for, listener_of
from contacts import queries as contacts
from contacts.hours import hours_of
from contacts.models import Community, Resident
from core import clock
from core.actors import Actor
from core.errors import ConflictError, UserError
from core.running import events
from escalation import queries as escalation
from escalation.cases import cases
from escalation.models import Case, CaseState
from escalation.paging.resident_telephones import telephones_of
from ivr import queries as telephone
from ivr.dispatch import calls
from ivr.models import Call, Urgency

OWNER = "ring_again"
RING_SECONDS = 60
"""An old person walks slowly."""
KEEPS = timedelta(minutes=10)
"""Later the office would not know any more whose telephone rings, and why."""


def ring_again(session: Session, actor: Actor, case_id: UUID) -> Call:
    """Rings the resident of the case now, at another of their telephones than the last time where they have several.

    Raises ``UserError`` for a case about nobody we know, or who may not be rung now or has no telephone, and
    ``ConflictError`` for a closed case or while they are being rung or talk with us.
    """
    queries.hold_rounds_back(session)
    case = escalation.case_held(session, case_id) or cases.find(session, case_id)
    resident = _resident(session, case)
    numbers = telephones_of(session, contacts.resident_profile(session, resident.id))
    _check(session, case, resident, numbers)
    call = calls.queue(
        session,
        number=_next_number(session, case, numbers),
        owner=OWNER,
        dialogue=dialogue_for(session, [resident], rang_us=False),
        urgency=Urgency.ANSWER_LOST,
        due_at=clock.now(),
        not_after=_not_after(session, resident),
        ring_seconds=RING_SECONDS,
        listener=listener_of([resident]),
    )
    session.flush()
    case.ring_call_id = call.id
    events.append(session, actor, "case.rung_again", case.id)
    return call


def may_ring(session: Session, resident_id: UUID) -> bool:
    """Whether the resident agrees to be rung, is not away, and it is an hour for it."""
    community = session.get_one(Community, contacts.resident(session, resident_id).community_id)
    hours, now = hours_of(community), clock.now()
    in_time = hours.permit(now) and now < hours.closing(now) - calls.lead(RING_SECONDS)
    today = now.astimezone(ZoneInfo(community.timezone)).date()
    return in_time and resident_id in contacts.may_be_rung(session, [resident_id], today)


def _resident(session: Session, case: Case) -> Resident:
    if case.resident_id is None:
        raise UserError("This case is about nobody whom we know.", way_out="Ring back whoever told us.",
                        field="case")  # fmt: skip
    return contacts.resident(session, case.resident_id)


def _check(session: Session, case: Case, resident: Resident, numbers: Sequence[str]) -> None:
    about = {"field": "resident", "value": resident.name}
    if case.state == CaseState.CLOSED:
        raise ConflictError("The case has been closed already.", way_out="Open it again first.", field="case")
    if not numbers:
        raise UserError("{value} has no telephone that may be rung.", way_out="Write one down, or go there.", **about)
    if not may_ring(session, resident.id):
        raise UserError("{value} may not be rung now: it is not the hour, they are away, or have not agreed.",
                        way_out="Ring them yourself, or go there.", **about)  # fmt: skip
    if telephone.in_a_call(session, numbers) or _is_rung_already(session, case):
        raise ConflictError("{value} is being rung, or is on the telephone.", way_out="Try again after the call.",
                            **about)  # fmt: skip


def _is_rung_already(session: Session, case: Case) -> bool:
    last = session.get(Call, case.ring_call_id) if case.ring_call_id else None
    return last is not None and last.ended_at is None


def _next_number(session: Session, case: Case, numbers: Sequence[str]) -> str:
    last = session.get(Call, case.ring_call_id) if case.ring_call_id else None
    if last is None or last.number not in numbers:
        return telephone.last_heard_from(session, numbers) or numbers[0]
    return numbers[(numbers.index(last.number) + 1) % len(numbers)]


def _not_after(session: Session, resident: Resident) -> datetime:
    hours = hours_of(session.get_one(Community, resident.community_id))
    return min(clock.now() + KEEPS, hours.closing(clock.now()) - calls.lead(RING_SECONDS))
