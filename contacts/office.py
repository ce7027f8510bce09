"""The hours of the community's office, in which its duty telephone is rung."""

from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from contacts.models import Community


@dataclass(frozen=True)
class OfficeHours:
    """Local hours, the first instant included and the last not, on some days of the week (ISO digits, 1 is Monday)."""

    opens: time
    closes: time
    days: str
    zone: ZoneInfo

    def include(self, instant: datetime) -> bool:
        """Whether somebody is at the office then."""
        local = instant.astimezone(self.zone)
        return str(local.isoweekday()) in self.days and self.opens <= local.time() < self.closes


def office_hours(community: Community) -> OfficeHours:
    """When somebody is at the office of a community."""
    zone = ZoneInfo(community.timezone)
    return OfficeHours(community.office_from, community.office_until, community.office_days, zone)
