"""Times as people read them: hours and minutes of the community's clock."""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton

from core.i18n import Language, translate

_DAY = {Language.ENGLISH: "yMMMd", Language.CHINESE: "yMd"}


def local(at: datetime, zone: ZoneInfo) -> str:
    """``08:05``."""
    return at.astimezone(zone).strftime("%H:%M")


def short_moment(at: datetime, zone: ZoneInfo, language: Language) -> str:
    """``Dec 1, 2026 08:00``, ``2026/12/1 08:00``: no month that could be taken for a day."""
    day = format_skeleton(_DAY[language], at.astimezone(zone), tzinfo=zone, locale=language.replace("-", "_"))
    return f"{day} {local(at, zone)}"


def day_and_time(at: datetime, zone: ZoneInfo, language: Language) -> str:
    """``Mon, Nov 23 08:00``, ``11月23日周一 08:00``: for what is near enough that its year is known."""
    locale = language.replace("-", "_")
    return f"{format_skeleton('MMMEd', at.astimezone(zone), tzinfo=zone, locale=locale)} {local(at, zone)}"


def length(minutes: int, language: Language) -> str:
    """How long something takes, in hours and minutes."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return translate(language, "{minutes} {minutes:minute|minutes}", minutes=minutes)
    said = translate(language, "{hours} {hours:hour|hours}", hours=hours)
    return said if not rest else translate(language, "{hours} {minutes}", hours=said, minutes=length(rest, language))
