"""Late is late: what becomes of a round whose time has passed, decided from plain values.

A machine that slept, a clock that jumped or a long maintenance must not ring somebody at ten in the evening to wish
them a good morning, and must not say of anybody whom it never rang that they did not answer.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from campaigns.models import CampaignKind
from campaigns.schedules import occurrences as scheduled
from campaigns.schedules.plans import Schedule
from contacts.hours import Hours, instant
from core.errors import UserError

TOLERANCE = timedelta(minutes=15)
"""A round that begins so soon after its time is not late: the machine was busy, or had just started."""
CHECK_IN_KEEPS = timedelta(hours=4)
"""How long after its time a daily question is still that day's, unless the campaign says otherwise: 08:00 to 12:00."""
NOTICE_KEEPS = timedelta(hours=24)
"""A notice that could not be told in the evening is told the next morning; a day later it is about the past."""
LAST_CALLS = timedelta(minutes=5)
"""How long before the deadline of a round its last call is placed, so that it does not outlast it."""
NEVER = time(0, 0)
"""As ``late_until``: a round that was missed is never rung later."""
ENOUGH = timedelta(hours=1)
"""Time for the retries of a plan; a plan that spreads them over the day is worth beginning with less than all of it."""
RING_UNTIL, NEVER_WORDS = "ring-until", frozenset({"never", "从不", "不补打"})


class Missed(StrEnum):
    """Why a round that was missed rings nobody any more."""

    OUTSIDE_HOURS = "outside_hours"
    TOO_LITTLE_TIME = "too_little_time"
    TOO_LATE = "too_late"


@dataclass(frozen=True)
class Start:
    """The round begins now."""


@dataclass(frozen=True)
class RingLater:
    """Nobody may be rung now, but later it is still of use."""

    at: datetime


@dataclass(frozen=True)
class NotAsked:
    """It is too late to ask anybody."""

    reason: Missed


@dataclass(frozen=True)
class Effort:
    """What the plan of a round takes: so many ``attempts``, ``retry`` apart, each placed ``lead`` before an end."""

    attempts: int
    retry: timedelta
    lead: timedelta

    @property
    def needs(self) -> timedelta:
        """How long before an end the round has to begin so that its plan is kept, as far as ``ENOUGH`` goes."""
        return min((self.attempts - 1) * self.retry, ENOUGH) + self.lead


def useful_until(kind: CampaignKind, late_until: time | None, due: datetime, zone: ZoneInfo) -> datetime:
    """Until when a round that was due at ``due`` is still of use, never before ``due``.

    Nothing that is asked every day is asked on another day than its own.
    """
    day = due.astimezone(zone).date()
    if late_until is not None:
        return max(due, instant(day, late_until, zone))
    if kind is CampaignKind.NOTICE:
        return due + NOTICE_KEEPS
    return min(due + CHECK_IN_KEEPS, instant(day + timedelta(days=1), time(), zone))


def what_now(
    effort: Effort, until: datetime, hours: Hours, due: datetime, now: datetime
) -> Start | RingLater | NotAsked:
    """What becomes at ``now`` of a round that was due at ``due`` and is of use ``until`` then.

    1. In time it begins as long as one call can be placed. 2. Late it begins, now or at the next permitted time, when
    its whole plan fits into the permitted hours and ends while it is still of use. 3. Otherwise nobody is asked.
    """
    in_time = due <= now <= due + TOLERANCE
    if in_time and hours.permit(now) and now + effort.lead <= hours.closing(now):
        return Start()
    at = hours.next_permitted(now)
    if at + effort.needs > hours.closing(at):
        at = hours.next_permitted(hours.closing(at))
    if at + effort.needs <= until:
        return Start() if at <= now else RingLater(at)
    if not hours.permit(now):
        return NotAsked(Missed.OUTSIDE_HOURS)
    return NotAsked(Missed.TOO_LITTLE_TIME if now < until else Missed.TOO_LATE)


@dataclass(frozen=True)
class Occurrences:
    """The times of a campaign: those that have ``passed``, the earliest first, and the ``next`` one."""

    passed: tuple[datetime, ...]
    next: datetime | None


def occurrences(schedule: Schedule, zone: ZoneInfo, first: datetime, now: datetime) -> Occurrences:
    """The times of a campaign from ``first`` on, which is one of them and is not after ``now``."""
    passed = (first, *scheduled.occurrences(schedule, zone, first, now))
    return Occurrences(passed, scheduled.next_after(schedule, zone, max(passed[-1], now)))


def late_until_of(words: str | None, at: time | None) -> time | None:
    """What ``--late`` says: ``ring-until 12:00``, ``12:00`` or ``never``; None, the default, where it says nothing.

    Raises ``UserError`` for anything else, and for a time that is not after the campaign's own.
    """
    if words is None or not words.strip():
        return None
    said = words.strip().lower()
    if said in NEVER_WORDS:
        return NEVER
    try:
        until = time.fromisoformat(said.removeprefix(RING_UNTIL).strip())
    except ValueError as wrong:
        raise _unclear(words) from wrong
    if until.tzinfo is not None:
        raise _unclear(words)
    if at is not None and until <= at:
        raise UserError(
            "A missed round cannot be rung until {value}: it is due at {at}.",
            way_out="Give a later time of the same day, or --late never.",
            field="late",
            value=until.strftime("%H:%M"),
            at=at.strftime("%H:%M"),
        )
    return until


def spelled(late_until: time | None) -> str | None:
    """What ``late_until_of`` would read as the same; None for the default."""
    if late_until is None:
        return None
    return "never" if late_until == NEVER else f"{RING_UNTIL} {late_until:%H:%M}"


def _unclear(words: str) -> UserError:
    return UserError(
        "It is not clear what a late round does: {value}.",
        way_out='Write --late "ring-until 12:00" (the latest time of the same day), or --late never.',
        field="late",
        value=words,
    )
