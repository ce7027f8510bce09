"""The clock was set back: what of the telephone lies in the future is moved with it, so that nothing waits for days."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.running.wakeups import wake
from ivr.dispatch.calls import DIALLING, SWEEPING
from ivr.models import Call
from ivr.queries import set_back as queries

_TIMES = ("due_at", "not_after", "dialled_at", "answered_at", "ended_at", "cancel_at", "overdue_at")


def set_back(session: Session, now: datetime, by: timedelta) -> None:
    """Every instant of a call that has not come yet comes ``by`` earlier."""
    for call in queries.calls_in_the_future(session, now):
        _move(call, now, by)
    wake(session, DIALLING)
    wake(session, SWEEPING)


def _move(call: Call, now: datetime, by: timedelta) -> None:
    for name in _TIMES:
        at = getattr(call, name)
        if at is not None and at > now:
            setattr(call, name, at - by)
