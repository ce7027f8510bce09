"""Calls by who wanted them, where nothing else is known of them."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from ivr.models import Call


def latest_of(session: Session, owner: str) -> Call | None:
    """The last call that this owner has wanted; None where there is none, or it is kept no more."""
    return session.scalars(select(Call).where(Call.owner == owner).order_by(Call.id.desc()).limit(1)).first()


def was_answered(session: Session, owner: str) -> bool:
    """Whether a person has picked up in any call of this owner that is still kept."""
    answered = (Call.answered_at.is_not(None), Call.owner == owner, Call.by_machine.is_(False))
    return bool(session.scalar(select(exists().where(*answered))))
