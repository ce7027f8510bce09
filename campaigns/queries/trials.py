"""Every SELECT of trial calls."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from campaigns.models import Trial
from campaigns.queries.due import TRIAL_IS_DUE


def due_trials(session: Session, now: datetime, limit: int) -> Sequence[Trial]:
    """Trials whose next attempt is due, the longest waiting first; held until the transaction ends."""
    due = select(Trial).where(TRIAL_IS_DUE).order_by(Trial.next_attempt_at).limit(limit)
    held = due.options(joinedload(Trial.resident)).with_for_update(skip_locked=True, of=Trial)
    return session.scalars(held, {"now": now}).all()


def next_trial(session: Session) -> datetime | None:
    """When the next attempt of a trial is due."""
    return session.scalar(select(func.min(Trial.next_attempt_at)).where(Trial.next_attempt_at.is_not(None)))


def trial_of_call(session: Session, call_id: UUID) -> Trial | None:
    """The trial whose latest call this is; held until the transaction ends."""
    return session.scalars(select(Trial).where(Trial.call_id == call_id).with_for_update()).one_or_none()


def trial_under_way(session: Session, resident_id: UUID) -> Trial | None:
    """The trial of this resident that has no result yet."""
    return session.scalars(select(Trial).where(Trial.resident_id == resident_id, Trial.result.is_(None))).one_or_none()


def latest_trials(session: Session) -> Sequence[Trial]:
    """The latest trial of everybody who has had one, the newest first."""
    found = session.scalars(select(Trial).options(joinedload(Trial.resident)).order_by(Trial.begun_at, Trial.id))
    return sorted({each.resident_id: each for each in found}.values(), key=lambda each: each.begun_at, reverse=True)


def latest_trial_of(session: Session, resident_id: UUID) -> Trial | None:
    """The trial that was begun last for this resident, under way or over."""
    theirs = select(Trial).where(Trial.resident_id == resident_id).order_by(Trial.begun_at.desc(), Trial.id.desc())
    return session.scalars(theirs.limit(1)).first()
