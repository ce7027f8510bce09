"""When a schedule comes: days by RRULE (python-dateutil), and each local time of a day as one instant.

A time that the clocks skip moves forward, one that they repeat happens once (``contacts.hours.instant``). No local time
is lost, and none is doubled: where two of them become the same instant, that is one occurrence.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from heapq import heappop, heappush
from itertools import islice
from zoneinfo import ZoneInfo

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, rrule

from campaigns.schedules.plans import ByHand, Daily, Monthly, Once, Repeated, Schedule, Weekly, times_of
from contacts.hours import instant

SHOWN = 10
_DAY = timedelta(days=1)


def next_after(schedule: Schedule, zone: ZoneInfo, after: datetime) -> datetime | None:
    """The first occurrence strictly later than ``after``; None when there is none any more."""
    return next(occurrences(schedule, zone, after), None)


def upcoming(schedule: Schedule, zone: ZoneInfo, after: datetime, count: int = SHOWN) -> list[datetime]:
    """The next ``count`` occurrences after that instant, fewer where the schedule ends."""
    return list(islice(occurrences(schedule, zone, after), count))


def latest_until(schedule: Schedule, zone: ZoneInfo, until: datetime) -> datetime | None:
    """The latest occurrence not later than ``until``, at most a year back; None where there is none."""
    for days in (2, 40, 366):
        passed = list(occurrences(schedule, zone, until - days * _DAY, until))
        if passed:
            return passed[-1]
    return None


def occurrences(
    schedule: Schedule, zone: ZoneInfo, after: datetime, until: datetime | None = None
) -> Iterator[datetime]:
    """All occurrences (UTC) later than ``after``, and not later than ``until`` where it is given, in order."""
    waiting: list[datetime] = []
    latest = after
    for day in days_from(schedule, after.astimezone(zone).date() - _DAY):
        begins = instant(day, time(), zone)
        if until is not None and begins > until:
            break
        while waiting and waiting[0] < begins:  # of an earlier day, as late as the clocks may have moved it
            if (each := heappop(waiting)) > latest:
                yield (latest := each)
        for at in times_of(schedule):
            heappush(waiting, instant(day, at, zone))
    while waiting:
        each = heappop(waiting)
        if until is not None and each > until:
            return
        if each > latest:
            yield (latest := each)


def days_from(schedule: Schedule, day: date) -> Iterator[date]:
    """The days of a schedule, in order, none before ``day``."""
    match schedule:
        case ByHand():
            return
        case Once(on=on):
            if on >= day:
                yield on
        case _:
            for each in _rule(schedule, day):
                if each.date() >= day and each.date() not in schedule.but:
                    yield each.date()


def _rule(schedule: Repeated, day: date) -> rrule:
    """Steps above one are counted from the first day; every other rule can begin at the day that is asked for."""
    begins = schedule.first if schedule.first and (schedule.every > 1 or schedule.first > day) else day
    start = datetime.combine(begins, time())
    until = datetime.combine(schedule.last, time()) if schedule.last else None
    match schedule:
        case Daily():
            return rrule(DAILY, dtstart=start, interval=schedule.every, until=until)
        case Weekly(days=days):
            weekdays = [each - 1 for each in days]
            return rrule(WEEKLY, dtstart=start, interval=schedule.every, until=until, byweekday=weekdays)
        case Monthly(days=days):
            return rrule(MONTHLY, dtstart=start, interval=schedule.every, until=until, bymonthday=days)
