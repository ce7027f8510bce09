"""Boundaries: the one instant at which a local time of a day begins, for spans that neither gap nor overlap.

Of a time that the clocks repeat it is the first, and times that they skip are the instant at which they jump. So the
order of local times is that of their instants: one shift that ends when another begins meets it on every day of the
year. (``contacts.hours.instant`` moves a skipped time forward, which is right for what is due at it, and would let a
shift end after the next one had begun.)
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_SECOND = timedelta(seconds=1)
_DAY = timedelta(days=1)


@lru_cache(maxsize=4096)
def boundary(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The UTC instant from which on the clocks of ``zone`` show that time of that day, or a later one.

    Kept, because a week has few such times, and each is asked for by every shift that has it.
    """
    local = datetime.combine(day, at)
    first = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    return first if _shown(first, zone) == local else _jump(local, zone)


def span(day: date, begins: time, ends: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From when until when a span of that day lasts; one that ends no later than it begins ends on the next day."""
    last = day if ends > begins else day + _DAY
    return boundary(day, begins, zone), boundary(last, ends, zone)


def _jump(skipped: datetime, zone: ZoneInfo) -> datetime:
    """The instant at which the clocks jump over a local time, to the second."""
    before, after = (skipped.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (1, 0))
    low, high = 0, (after - before) // _SECOND
    while low < high:
        middle = (low + high) // 2
        if _shown(before + middle * _SECOND, zone) < skipped:
            low = middle + 1
        else:
            high = middle
    return before + low * _SECOND


def _shown(instant: datetime, zone: ZoneInfo) -> datetime:
    return instant.astimezone(zone).replace(tzinfo=None, fold=0)
