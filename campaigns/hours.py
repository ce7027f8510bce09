"""Local times: when a campaign's next round starts, and until when residents may be rung."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The UTC instant of a local time; a time that the clocks skip moves forward, one that they repeat happens once."""
    first = datetime.combine(day, at, zone).astimezone(UTC)
    skipped = first.astimezone(zone).replace(tzinfo=None) != datetime.combine(day, at)
    return first if not skipped else datetime.combine(day, at, zone).replace(fold=0).astimezone(UTC)


def next_start(at: time, zone: ZoneInfo, after: datetime) -> datetime:
    """The first instant strictly later than ``after`` at which the clocks of ``zone`` show ``at``."""
    today = after.astimezone(zone).date()
    candidates = (instant(today + timedelta(days=days), at, zone) for days in range(3))
    return next(each for each in candidates if each > after)


def is_permitted(now: datetime, from_: time, until: time, zone: ZoneInfo) -> bool:
    """Whether residents may be rung now."""
    return from_ <= now.astimezone(zone).time() < until


def last_permitted(now: datetime, until: time, zone: ZoneInfo) -> datetime:
    """The end of today's permitted hours."""
    return instant(now.astimezone(zone).date(), until, zone)
