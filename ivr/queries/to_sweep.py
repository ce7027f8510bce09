"""Every SELECT of the sweep: calls that wait for somebody to look after them.

A tick looks every second, and nearly always there is nothing: one statement says so (``is_any``).
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, exists, or_, select
from sqlalchemy.orm import Session, aliased

from core.storage.literals import literal_state
from ivr.models import Call, CallState

_NOW: BindParameter[datetime] = bindparam("now")
_REAL_NOW: BindParameter[datetime] = bindparam("real_now")
_MOST: BindParameter[int] = bindparam("most")
_parent = aliased(Call)
_IS_PLACED = Call.is_active & (Call.state == CallState.PLACED)
_TOO_LATE = (Call.state == literal_state(CallState.QUEUED)) & (Call.not_after <= _NOW)
_SILENT = Call.is_active & (Call.state == CallState.DIALLING) & (Call.request_deadline <= _REAL_NOW)
_TO_CANCEL = _IS_PLACED & Call.answered_at.is_(None) & (Call.cancel_at <= _NOW)
_ORPHANED = (
    Call.is_active
    & (Call.state == CallState.DIALLING)
    & (_parent.id == Call.parent_id)
    & ((_parent.state == CallState.ENDED) | (Call.overdue_at <= _NOW))
)
_OVERDUE = _IS_PLACED & (Call.overdue_at <= _NOW)
_WITHDRAWN = Call.hang_up_wanted & (Call.state == CallState.ENDED)
_TO_LOOK_BACK_AT = Call.look_back_at <= _REAL_NOW
_EACH = (_TOO_LATE, _SILENT, _TO_CANCEL, _ORPHANED, _OVERDUE, _WITHDRAWN, _TO_LOOK_BACK_AT)

_ANY = select(or_(*(exists(select(Call.id).where(each)) for each in _EACH)))
_FIND_TOO_LATE = select(Call.id).where(_TOO_LATE).limit(_MOST)
_FIND_SILENT = (
    select(Call).where(_SILENT).order_by(Call.request_deadline).limit(_MOST).with_for_update(skip_locked=True)
)
_FIND_TO_CANCEL = select(Call).where(_TO_CANCEL).limit(_MOST).with_for_update(skip_locked=True)
_FIND_ORPHANED = select(Call).where(_ORPHANED).limit(100)
_FIND_OVERDUE = select(Call).where(_OVERDUE).order_by(Call.hang_up_wanted.desc(), Call.overdue_at).limit(100)
_FIND_WITHDRAWN = select(Call).where(_WITHDRAWN).limit(100)
_FIND_TO_LOOK_BACK_AT = select(Call).where(_TO_LOOK_BACK_AT).order_by(Call.look_back_at).limit(_MOST)


def is_any(session: Session, now: datetime, real_now: datetime) -> bool:
    """Whether any of the calls below is there."""
    return bool(session.scalar(_ANY, {"now": now, "real_now": real_now}))


def too_late(session: Session, now: datetime, limit: int) -> Sequence[UUID]:
    """Queued calls that may not be dialled any more."""
    return session.scalars(_FIND_TOO_LATE, {"now": now, "most": limit}).all()


def silent_dialling(session: Session, real_now: datetime, limit: int = 100) -> Sequence[Call]:
    """Calls whose worker should have reported the provider's answer by now and has not, the longest silent first."""
    return session.scalars(_FIND_SILENT, {"real_now": real_now, "most": limit}).all()


def to_cancel(session: Session, now: datetime, limit: int) -> Sequence[Call]:
    """Placed calls that nobody has answered although nobody may be rung any more."""
    return session.scalars(_FIND_TO_CANCEL, {"now": now, "most": limit}).all()


def orphaned_legs(session: Session, now: datetime) -> Sequence[Call]:
    """Legs the provider has not told us of, whose parents have ended or whose own time is over."""
    return session.scalars(_FIND_ORPHANED, {"now": now}).all()


def overdue(session: Session, now: datetime) -> Sequence[Call]:
    """Placed calls about which the provider is to be asked by now; those we want ended come first."""
    return session.scalars(_FIND_OVERDUE, {"now": now}).all()


def withdrawn(session: Session) -> Sequence[Call]:
    """Calls that have ended for us and that the provider may still hold."""
    return session.scalars(_FIND_WITHDRAWN).all()


def to_look_back_at(session: Session, real_now: datetime, limit: int) -> Sequence[Call]:
    """Calls that have ended and about which the provider is to be asked once more, the longest waiting first."""
    return session.scalars(_FIND_TO_LOOK_BACK_AT, {"real_now": real_now, "most": limit}).all()
