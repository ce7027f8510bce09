"""Local times: when something next happens by the clock on the wall, and in which hours residents may be rung."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from contacts.models import Community


def instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The UTC instant of a local time; a time that the clocks skip moves forward, one that they repeat happens once."""
    return datetime.combine(day, at, zone).replace(fold=0).astimezone(UTC)


def next_start(at: time, zone: ZoneInfo, after: datetime) -> datetime:
    """The first instant strictly later than ``after`` at which the clocks of ``zone`` show ``at``."""
    today = after.astimezone(zone).date()
    candidates = (instant(today + timedelta(days=days), at, zone) for days in range(3))
    return next(each for each in candidates if each > after)


@dataclass(frozen=True)
class Hours:
    """The local hours, the first included and the last not, in which residents may be rung."""

    opens: time
    closes: time
    zone: ZoneInfo

    def permit(self, now: datetime) -> bool:
        """Whether residents may be rung now."""
        return self.opens <= now.astimezone(self.zone).time() < self.closes

    def next_permitted(self, now: datetime) -> datetime:
        """``now`` when residents may be rung now, otherwise the next opening."""
        return now if self.permit(now) else next_start(self.opens, self.zone, now)

    def closing(self, now: datetime) -> datetime:
        """The end of the hours of the local day of ``now``."""
        return instant(now.astimezone(self.zone).date(), self.closes, self.zone)

    def last_start(self, lead: timedelta) -> time:
        """The last local time at which a round can begin whose calls are placed ``lead`` before the hours end."""
        return (datetime.combine(date.min + timedelta(days=1), self.closes) - lead).time()


def hours_of(community: Community) -> Hours:
    """The hours in which the community's residents may be rung."""
    return Hours(community.call_from, community.call_until, ZoneInfo(community.timezone))
