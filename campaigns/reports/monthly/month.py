"""A month of a community's calendar."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.errors import NotFoundError, UserError

_WRITTEN = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_EARLIEST, _LATEST = 2000, 9000
"""Years for which every calendar in use knows its hours."""


@dataclass(frozen=True, order=True)
class Month:
    """A month of a year; ``str`` writes it ``2026-11``."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return self.after.first - timedelta(days=1)

    @property
    def days(self) -> Sequence[date]:
        """All its days."""
        return [self.first + timedelta(days=each) for each in range(self.last.day)]

    @property
    def before(self) -> "Month":
        """The one before it."""
        return Month(self.year, self.number - 1) if self.number > 1 else Month(self.year - 1, 12)

    @property
    def after(self) -> "Month":
        """The one after it."""
        return Month(self.year, self.number + 1) if self.number < 12 else Month(self.year + 1, 1)

    def begins(self, zone: ZoneInfo) -> datetime:
        """The instant at which it begins there."""
        return datetime.combine(self.first, time(), zone).astimezone(UTC)

    def ends(self, zone: ZoneInfo) -> datetime:
        """The instant at which the next one begins there."""
        return self.after.begins(zone)


def month_at(at: datetime, zone: ZoneInfo) -> Month:
    """The month of an instant there."""
    day = at.astimezone(zone).date()
    return Month(day.year, day.month)


def read(written: str, now: datetime, zone: ZoneInfo) -> Month:
    """The month that somebody means; raises ``UserError``, and ``NotFoundError`` for one that has not begun."""
    found = _WRITTEN.fullmatch(written.strip())
    if found is None or not _EARLIEST <= int(found[1]) <= _LATEST:
        raise UserError("{value} is no month.", way_out="Write it like 2026-11.", field="month", value=written)
    month = Month(int(found[1]), int(found[2]))
    if month > month_at(now, zone):
        raise NotFoundError("The month {value} has not begun yet.", field="month", value=written)
    return month
