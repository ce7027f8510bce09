"""The roster in words, for whoever reads it on a screen, on paper or in a terminal."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from contacts.places import building_name, spoken_building
from core.i18n import Language, translate
from escalation.roster.gaps import DutyGap
from escalation.roster.shift_changes import ShiftTimes
from escalation.shifts import Holidays


def when(times: ShiftTimes, language: Language) -> str:
    """The days and hours of a shift, and what holidays are to it."""
    days = times.day.isoformat() if times.day else translate(language, f"weekday:{times.weekday}")
    said = f"{days} {hours(times.begins, times.ends, language)}"
    if times.holidays is Holidays.ALSO:
        return said
    return translate(language, "{shift}, {holidays}", shift=said,
                     holidays=translate(language, f"shift holidays:{times.holidays}"))  # fmt: skip


def hours(begins: time, ends: time, language: Language) -> str:
    """From when until when, and that it is the next day where it is."""
    said = f"{begins:%H:%M}–{ends:%H:%M}"
    return said if ends > begins else translate(language, "{hours} (next day)", hours=said)


def between(begins: datetime, ends: datetime | None, zone: ZoneInfo) -> str:
    """Two instants in community time, the second without its day where that is the same; open where there is none."""
    first = begins.astimezone(zone)
    if ends is None:
        return f"{first:%Y-%m-%d %H:%M} –"
    last = ends.astimezone(zone)
    return f"{first:%Y-%m-%d %H:%M} – " + f"{last:{'%H:%M' if last.date() == first.date() else '%Y-%m-%d %H:%M'}}"


def gap_buildings(gap: DutyGap, language: Language) -> list[str]:
    """The buildings of a gap as they are spoken."""
    return [spoken_building(language, building_name(each)) for each in gap.buildings]
