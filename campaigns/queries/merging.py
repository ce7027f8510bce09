"""Every SELECT, and the one UPDATE, of what two files of one person have under way."""

from uuid import UUID

from sqlalchemy import exists, func, or_, select, update
from sqlalchemy.orm import Session

from campaigns.models import CheckIn, CheckInCall, EarlyAnswer, Trial
from ivr.models import ACTIVE_STATES, Call


def is_in_call(session: Session, resident_id: UUID) -> bool:
    """Whether a call that asks this resident something rings, or goes on; one that waits in the queue does not."""
    asked = (
        exists()
        .where(CheckInCall.call_id == Call.id, CheckInCall.check_in_id == CheckIn.id)
        .where(CheckIn.resident_id == resident_id)
    )
    practised = exists().where(Trial.call_id == Call.id, Trial.resident_id == resident_id)
    going_on = exists().where(Call.state.in_(ACTIVE_STATES), or_(asked, practised))
    return bool(session.scalar(select(going_on)))


def counted(session: Session, resident_id: UUID) -> tuple[int, int]:
    """How many check-ins and notices of a resident wait for an outcome, and how many have one."""
    theirs = select(func.count(), func.count(CheckIn.outcome)).where(CheckIn.resident_id == resident_id)
    everything, over = session.execute(theirs).one()
    return everything - over, over


def give_early_answers(session: Session, resident_id: UUID, to: UUID) -> None:
    """What a resident said early, and what has counted for nothing yet, was said by ``to``."""
    waiting = (EarlyAnswer.resident_id == resident_id, EarlyAnswer.check_in_id.is_(None))
    session.execute(update(EarlyAnswer).where(*waiting).values(resident_id=to))
