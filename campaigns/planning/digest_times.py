"""When a digest is due, for how long it is of use, and of which time it tells: the rules, of plain values.

A daily digest is due every evening, a weekly one on Sunday evening, at ``EVENING`` of the community or an hour before
its hours end. It is written only within those hours. One that was missed is caught up as long as it is of use, and
after that what it would have told is told by the next one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from contacts.hours import Hours, instant
from contacts.models import Wants

EVENING = time(19, 0)
LENGTH: Mapping[Wants, timedelta] = {Wants.DAILY: timedelta(days=1), Wants.WEEKLY: timedelta(days=7)}
OF_USE: Mapping[Wants, timedelta] = {Wants.DAILY: timedelta(hours=16), Wants.WEEKLY: timedelta(days=3)}
"""How long after it was due a digest may still be written: a daily one until the next morning is over."""
FURTHEST = timedelta(days=14)
"""What is older is no news, and no digest tells of it."""
BEFORE_THE_END = timedelta(hours=1)
PATIENCE_ENDS = timedelta(minutes=30)
"""Whoever is still to be asked today is waited for until so long before the hours end."""


@dataclass(frozen=True)
class Due:
    """A digest that may be written now: due on the evening of ``day`` at ``at``, of use until ``until``.

    ``is_patient`` says that there is time to wait for a call that is still to come today.
    """

    day: date
    at: datetime
    until: datetime
    is_patient: bool


def due(wish: Wants, hours: Hours, now: datetime) -> Due | None:
    """The latest digest that may be written now; None where none is of use, or the hours are over."""
    day = _latest_day(wish, hours, now)
    at = instant(day, _evening(hours), hours.zone)
    if not hours.permit(now) or now >= at + OF_USE[wish]:
        return None
    waits_until = instant(day, hours.last_start(PATIENCE_ENDS), hours.zone)
    return Due(day, at, min(at + OF_USE[wish], hours.closing(now)), is_patient=at <= now < waits_until)


def begins(wish: Wants, at: datetime, now: datetime, told_until: datetime | None, since: datetime | None) -> datetime:
    """From when on a digest due at ``at`` tells: from where the last one that arrived ended (``told_until``).

    The first one since the relative wishes so (``since``) tells of one day, or week, and of all since then.
    """
    if told_until is not None and (since is None or told_until >= since):
        return max(told_until, now - FURTHEST)
    return max(min(at - LENGTH[wish], since or at), now - FURTHEST)


def _evening(hours: Hours) -> time:
    return max(hours.opens, min(EVENING, hours.last_start(BEFORE_THE_END)))


def _latest_day(wish: Wants, hours: Hours, now: datetime) -> date:
    """The latest day of the community's on which such a digest has become due."""
    today = now.astimezone(hours.zone).date()
    day = today if now >= instant(today, _evening(hours), hours.zone) else today - timedelta(days=1)
    return day if wish is Wants.DAILY else day - timedelta(days=day.isoweekday() % 7)
