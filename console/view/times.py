"""Times as people read them: hours and minutes of the community's clock."""

from datetime import datetime
from zoneinfo import ZoneInfo


def local(at: datetime, zone: ZoneInfo) -> str:
    """``08:05``."""
    return at.astimezone(zone).strftime("%H:%M")
