"""The clock was set back: a ladder that waited for tomorrow would leave somebody alone for a day, so it moves along."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from contacts import queries as contacts
from core.running.wakeups import wake
from escalation.cases.cases import ESCALATION
from escalation.paging import paging
from escalation.queries import set_back as queries

_INSTANTS = ("look_at", "accepted_at", "first_accepted_at", "moved_at", "reminded_at", "climbs_from")


def set_back(session: Session, now: datetime, by: timedelta) -> None:
    """Every instant of an unclosed case that has not come yet comes ``by`` earlier."""
    for community_id in contacts.community_ids(session):
        paging.alone_on_ladders(session, community_id)
    for case in queries.cases_in_the_future(session, now):
        case.opened_at = _earlier(case.opened_at, now, by)
        for name in _INSTANTS:
            at = getattr(case, name)
            setattr(case, name, _earlier(at, now, by) if at else None)
    for page in queries.pages_in_the_future(session, now):
        page.asked_at = _earlier(page.asked_at, now, by)
        page.ended_at = _earlier(page.ended_at, now, by) if page.ended_at else None
    for truth in queries.truth_calls_in_the_future(session, now):
        truth.said_at = _earlier(truth.said_at, now, by)
        truth.due_at = _earlier(truth.due_at, now, by) if truth.due_at else None
    _digests(session, now)
    wake(session, ESCALATION)


def _digests(session: Session, now: datetime) -> None:
    """One of a day that has not come is due on that day again; one of today, or of before, has been told."""
    for digest, zone in queries.digests_in_the_future(session, now):
        if digest.due_on > now.astimezone(ZoneInfo(zone)).date():
            session.delete(digest)
        else:
            digest.told_until = now
    session.flush()


def _earlier(at: datetime, now: datetime, by: timedelta) -> datetime:
    return at - by if at > now else at
