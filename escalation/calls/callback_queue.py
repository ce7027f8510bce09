"""The ringing of truth calls that are due: each is queued in the transaction that says so, hence never twice."""

import logging
from uuid import UUID

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from contacts.community.community import the_community
from contacts.hours import hours_of
from core import clock
from escalation import queries
from escalation.calls.callback_dialogue import truth_for
from escalation.cases import callback
from escalation.models import Case, TruthCall
from ivr import queries as telephone
from ivr.dispatch import calls
from ivr.models import Urgency

log = logging.getLogger(__name__)


def ring_due(session: Session, limit: int = 50) -> None:
    """Queues every truth call that is due; one that cannot even be made holds no other up."""
    for due in queries.truth_calls_due(session, clock.now(), limit):
        try:
            with session.begin_nested():
                _ring(session, due)
        except DBAPIError:
            raise
        except Exception:
            log.exception("the resident of case %s cannot be told the truth", due.case_id)
            due.due_at = clock.now() + callback.PATIENCE


def _ring(session: Session, due: TruthCall) -> None:
    case = session.get_one(Case, due.case_id)
    wanted = callback.is_needed(session, case) and callback.still_in_time(session, due)
    if not wanted or not callback.numbers_of(session, case):
        due.due_at = None
    elif callback.is_engaged(session, case):
        due.due_at = clock.now() + callback.ENGAGED_PAUSE
    else:
        due.call_id, due.due_at = _queued(session, due, case), None


def _queued(session: Session, due: TruthCall, case: Case) -> UUID:
    """The call, to the telephone at which the resident was last heard."""
    now = clock.now()
    numbers = callback.numbers_of(session, case)
    hours = hours_of(the_community(session))
    call = calls.queue(
        session,
        number=telephone.last_heard_from(session, numbers) or numbers[0],
        owner=callback.OWNER,
        dialogue=truth_for(session, case),
        urgency=Urgency.ALERT,
        due_at=now,
        not_after=callback.latest(due.said_at, now, hours),
        ring_seconds=callback.RING_SECONDS,
        machine_detection=False,
    )
    session.flush()
    return call.id
