"""Today, in community time."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from contacts.hours import instant


def midnight(zone: ZoneInfo, now: datetime) -> datetime:
    """The instant at which the local day of ``now`` began."""
    return instant(now.astimezone(zone).date(), time(), zone)
