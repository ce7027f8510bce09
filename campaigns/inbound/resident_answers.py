"""What residents say when they ring us or write to us: the one place that knows for which check-in it counts."""

import logging
from datetime import timedelta
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from campaigns import queries
from campaigns.midnight import midnight
from campaigns.models import CheckIn, Outcome
from campaigns.queries import contacts_made
from campaigns.rounds import check_ins, early_answers
from campaigns.rounds.early_answers import Said
from contacts.community.community import the_community
from core.storage.database import after_commit, hurried_unit_of_work
from escalation import queries as escalation
from escalation.cases import cases
from escalation.models import Case
from ivr.dispatch import calls
from ivr.dispatch import withdraw as withdrawing
from ivr.models import Call, CallState, Direction

log = logging.getLogger(__name__)


def hear(session: Session, resident_id: UUID, said: Said, patience: timedelta = cases.AT_ONCE) -> Case | None:
    """A resident has said something from their own telephone, in a call or a text.

    1. It answers every check-in of theirs that was open when they said it, and calls that ask for nobody else any more
    are withdrawn. 2. Without one, what is worse than that day's answer changes that. 3. What changes nothing that day
    is kept for the round that may start soon; no round starts meanwhile, so that the answer cannot fall between the
    two. What is heard late answers no question that was asked later. What they have open is held, so that the end of a
    round is either before the answer or after it.

    Returns the case of it, if there is one; ``patience`` is that of a case it may open.
    """
    queries.hold_rounds_back(session)
    queries.hold_open_of_resident(session, resident_id)
    waiting = [each for each in queries.open_check_ins(session, [resident_id]) if each.round.started_at <= said.at]
    for check_in in waiting:
        check_ins.hear(session, check_in, said.outcome, patience, said.channel)
        withdraw_calls(session, check_in)
    if waiting:
        return escalation.case_of_check_in(session, waiting[-1].id)
    zone = ZoneInfo(the_community(session).timezone)
    answered = queries.latest_check_in(session, resident_id, midnight(zone, said.at), said.at, held=True)
    if answered is not None:
        check_ins.hear(session, answered, said.outcome, patience, said.channel)
    if answered is None or said.outcome is Outcome.OK:
        return early_answers.keep(session, resident_id, said, patience)
    return escalation.case_of_check_in(session, answered.id)


def withdraw_calls(session: Session, check_in: CheckIn) -> None:
    """Calls about this check-in that have nobody left to ask, wherever they ring; one that was answered goes on.

    Nobody waits here for a call that is just being dialled or ended (see the order in ``queries``): whoever does that
    sees what was said, or the call is withdrawn when they have done it.
    """
    session.flush()
    needless = [call.id for call in contacts_made.live_calls(session, check_in.id) if _is_needless(session, call)]
    free = contacts_made.free_calls(session, needless)
    for call in free:
        _withdraw(session, call)
    if len(free) < len(needless):
        after_commit(session, partial(_withdraw_later, check_in.id))


def _withdraw_later(check_in_id: UUID) -> None:
    try:
        with hurried_unit_of_work() as session:
            contacts_made.hold_calls(session, [check_in_id])
            for call in contacts_made.live_calls(session, check_in_id):
                if _is_needless(session, call):
                    _withdraw(session, call)
    except (DBAPIError, TimeoutError):
        log.warning("calls about check-in %s could not be withdrawn; whoever picks up is told", check_in_id)


def _withdraw(session: Session, call: Call) -> None:
    if call.state == CallState.QUEUED:
        calls.want_ended(session, call)
    elif call.answered_at is None:
        withdrawing.withdraw(session, call)


def _is_needless(session: Session, call: Call) -> bool:
    is_out = call.direction == Direction.OUT and call.answered_at is None
    return is_out and not contacts_made.is_wanted_by_somebody(session, call.id)
