"""What a month's report says, in words: months, kinds of cases, needs, places, and how long something took."""

from babel.dates import format_skeleton

from campaigns.reports.monthly.month import Month
from campaigns.reports.monthly.monthly_report import Unknown
from contacts.places import spelled_place
from core.i18n import Language, translate
from escalation.models import CaseKind

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def month_word(month: Month, language: Language) -> str:
    """``November 2026``, ``2026年11月``."""
    return str(format_skeleton("yMMMM", month.first, locale=language.replace("-", "_")))


def kind_word(kind: CaseKind, language: Language) -> str:
    """What is wrong."""
    return translate(language, f"case:{kind}")


def building_word(building: str, language: Language) -> str:
    """A building as people read it, or that there is none."""
    return spelled_place(language, building, "", "") or translate(language, "no building")


def took(seconds: int, language: Language) -> str:
    """How long something took, in its two largest units: seconds below a minute, no minutes beyond a day."""
    if seconds < _MINUTE:
        return translate(language, "{seconds} s", seconds=seconds)
    if seconds < _HOUR:
        return translate(language, "{minutes} min", minutes=round(seconds / _MINUTE))
    if seconds < _DAY:
        hours, minutes = divmod(round(seconds / _MINUTE), 60)
        return translate(language, "{hours} h {minutes} min", hours=hours, minutes=minutes)
    days, hours = divmod(round(seconds / _HOUR), 24)
    return translate(language, "{days} d {hours} h", days=days, hours=hours)


def unknown_words(what: Unknown, count: int, language: Language) -> str:
    """What cannot be told, as a sentence."""
    return translate(language, f"unknown:{what}", count=count)
