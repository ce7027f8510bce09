"""The truth call: when nobody has accepted an ``unwell`` within five minutes, the resident is rung back and told so.

It is the one call that the promise "never after an answer" allows, because somebody who has said that they are unwell
waits for a person whom we have led them to expect. The rules, in clock time:

* once for each case, whatever is said again, and while the ladder goes on asking;
* only about what the resident's own telephone said: a stranger's word about them would only frighten them;
* not if somebody has accepted or closed the case, and not while they are in a call with us (a little later, then);
* at any hour within half an hour of their word: they are awake, have told us so minutes ago, and it is our reply.
  Later only in permitted hours, and after two hours not at all: what was true then is not worth a ring now.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from contacts import queries as contacts
from contacts.hours import Hours, hours_of
from contacts.models import Community
from core import clock
from escalation.models import Case, CaseKind, CaseState, TruthCall
from escalation.paging.resident_telephones import telephones_of
from ivr import queries as telephone
from ivr.dispatch import calls

log = logging.getLogger(__name__)

OWNER = "truth"
PATIENCE = timedelta(minutes=5)
ANY_HOUR = timedelta(minutes=30)
KEEPS = timedelta(hours=2)
ENGAGED_PAUSE = timedelta(seconds=30)
RING_SECONDS = 60


def latest(said_at: datetime, now: datetime, hours: Hours) -> datetime:
    """Until when it may ring what a resident said at ``said_at``."""
    any_hour = said_at + ANY_HOUR
    if not hours.permit(now):
        return any_hour
    return max(any_hour, min(said_at + KEEPS, hours.closing(now)))


def may_ring(said_at: datetime, now: datetime, hours: Hours) -> bool:
    """Whether the call may still be placed now."""
    return now <= latest(said_at, now, hours) - calls.lead(RING_SECONDS)


def arm(session: Session, case: Case) -> None:
    """A resident has just said that they are unwell: from now on the five minutes of their case run."""
    if not _is_theirs(case):
        return
    now = clock.now()
    known = session.get(TruthCall, case.id, with_for_update=True)
    if known is None:
        _begin(session, case, now)
    elif known.call_id is None:
        known.said_at, known.due_at = now, known.due_at or now + PATIENCE


def arm_new(session: Session, case: Case) -> None:
    """As ``arm``, of a case that has just been made, so that no minutes of its run yet."""
    if _is_theirs(case):
        session.add(_from_now_on(case, clock.now()))


def arm_again(session: Session, case: Case) -> None:
    """A resident has said on another occasion that they are unwell: what was rung about then is too old to count."""
    known = session.get(TruthCall, case.id, with_for_update=True)
    if _is_theirs(case) and known is not None and clock.now() - known.said_at > KEEPS:
        known.call_id, known.due_at = None, None
        session.flush()
    arm(session, case)


def is_needed(session: Session, case: Case) -> bool:
    """Whether nobody has accepted yet, and whoever waits for them wishes to be called."""
    return (
        case.state == CaseState.OPEN
        and case.kind == CaseKind.UNWELL
        and case.resident_id is not None
        and contacts.has_consent(session, case.resident_id)
    )


def is_engaged(session: Session, case: Case) -> bool:
    """Whether one of the resident's telephones is in a call with us."""
    return case.resident_id is not None and telephone.in_a_call(session, numbers_of(session, case))


def still_in_time(session: Session, told: TruthCall) -> bool:
    """Whether the call may be placed now."""
    community = session.get_one(Community, session.get_one(Case, told.case_id).community_id)
    return may_ring(told.said_at, clock.now(), hours_of(community))


def try_again(told: TruthCall) -> None:
    """The call has rung nobody, so that it does not count as the one that there may be."""
    told.call_id, told.due_at = None, clock.now() + ENGAGED_PAUSE


def _is_theirs(case: Case) -> bool:
    """Whether it is about what the resident's own telephone said of an illness."""
    return case.kind == CaseKind.UNWELL and case.resident_id is not None and case.caller is None


def _begin(session: Session, case: Case, now: datetime) -> None:
    try:
        with session.begin_nested():
            session.add(_from_now_on(case, now))
    except IntegrityError:
        log.info("the five minutes of case %s run already", case.id)


def _from_now_on(case: Case, now: datetime) -> TruthCall:
    return TruthCall(case_id=case.id, said_at=now, due_at=now + PATIENCE)


def numbers_of(session: Session, case: Case) -> Sequence[str]:
    """The telephones at which the resident of a case may be rung."""
    if case.resident_id is None:
        return ()
    return telephones_of(session, contacts.resident_profile(session, case.resident_id))
