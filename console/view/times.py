"""Times as people read them: hours and minutes of the community's clock."""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from core.i18n import Language


def local(at: datetime, zone: ZoneInfo) -> str:
    """``08:05``."""
    return at.astimezone(zone).strftime("%H:%M")


def short_moment(at: datetime, zone: ZoneInfo, language: Language) -> str:
    """Day and minute, as briefly as this language writes them."""
    return str(format_datetime(at, "short", tzinfo=zone, locale=language.replace("-", "_")))
