"""Every SELECT of calls whose times lie in the future, because the clock was set back."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from ivr.models import Call, CallState


def calls_in_the_future(session: Session, now: datetime) -> Sequence[Call]:
    """Calls that wait for, or have had, an instant that has not come yet; held, by id."""
    waits = (Call.state != CallState.ENDED) & or_(Call.due_at > now, Call.overdue_at > now)
    held = select(Call).where(or_(waits, Call.dialled_at > now)).order_by(Call.id).with_for_update()
    return session.scalars(held.execution_options(populate_existing=True)).all()
