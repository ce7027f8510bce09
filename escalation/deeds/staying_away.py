"""Responders who say by themselves that they cannot come today: by key of a call, or by the link that they were sent.

They are asked only where nobody else is left, as after an absence that the office has written down. Whatever rings them
just now stops, and the ladders go on with others at once.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from contacts.models import Community, Responder
from contacts.people.responder_changes import helping
from core import clock
from core.actors import Actor
from core.running.wakeups import wake
from escalation import queries
from escalation.cases.cases import ESCALATION
from escalation.models import Page, PageState
from escalation.paging.paging import alone_on_ladders, end_asking
from escalation.queries import paging as queries_paging
from escalation.queries import roster as queries_roster
from escalation.roster.absences import be_absent, end_absence
from escalation.roster.boundaries import boundary
from escalation.shifts import ResponderAbsence

MORNING = time(6)
LEAST = timedelta(hours=4)
"""Whoever says so at five in the morning means the day that begins, not the hour that is left of the night."""


def until(now: datetime, zone: ZoneInfo) -> datetime:
    """Until when "today" lasts: to the next six o'clock in the morning that is not close at hand."""
    today = now.astimezone(zone).date()
    mornings = (_morning(today + timedelta(days=day), zone) for day in (0, 1, 2))
    return next(each for each in mornings if each - now >= LEAST)


def stay_away(session: Session, actor: Actor, responder_id: UUID) -> datetime | None:
    """They are not there until ``until``; returns the end, None where they are away without one already.

    Raises as ``helping`` does.
    """
    alone_on_ladders(session, session.get_one(Responder, responder_id).community_id)
    responder, now = helping(session, responder_id), clock.now()
    ringing = _held(session, responder_id)
    zone = ZoneInfo(session.get_one(Community, responder.community_id).timezone)
    ends, known = until(now, zone), absence(session, responder.community_id, responder_id)
    if known is not None and (known.ends_at is None or known.ends_at >= ends):
        ends_at = known.ends_at
    else:
        ends_at = be_absent(session, actor, responder_id, now, ends).ends_at
    for page in ringing:
        end_asking(session, page, PageState.DECLINED)
    wake(session, ESCALATION)
    return ends_at


def come_back(session: Session, actor: Actor, responder_id: UUID) -> None:
    """They are there again; nothing where they are not away. Raises as ``helping`` does."""
    responder = helping(session, responder_id)
    while known := absence(session, responder.community_id, responder_id):
        end_absence(session, actor, known.id)
        session.flush()


def absence(session: Session, community_id: UUID, responder_id: UUID) -> ResponderAbsence | None:
    """The absence that lasts now, of several the one that lasts longest."""
    now = clock.now()
    lasting = [each for each in queries_roster.absences(session, community_id, now, responder_id)
               if each.begins_at <= now]  # fmt: skip
    return max(lasting, key=lambda each: each.ends_at or datetime.max.replace(tzinfo=now.tzinfo), default=None)


def _held(session: Session, responder_id: UUID) -> Sequence[Page]:
    """What they are being asked; the cases are held before any page or call of them, as by whoever takes one."""
    for case_id in sorted({page.case_id for page in queries_paging.pages_ringing(session, responder_id)}):
        queries.case_held(session, case_id)
    return queries_paging.pages_ringing(session, responder_id)


def _morning(day: date, zone: ZoneInfo) -> datetime:
    return boundary(day, MORNING, zone)
