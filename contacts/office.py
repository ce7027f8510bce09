"""The hours of the community's office, in which its duty telephone is rung."""

from dataclasses import dataclass
from datetime import datetime, time
from itertools import groupby
from zoneinfo import ZoneInfo

from contacts.models import Community
from core.i18n import Language, listed, translate


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


def days_in_words(digits: str, language: Language) -> str:
    """``1235`` as the names of the days, those that follow each other as one span: Monday to Wednesday, Friday."""
    days = sorted({int(each) for each in digits})
    spans = [[day for _, day in run] for _, run in groupby(enumerate(days), lambda each: each[1] - each[0])]
    said = [
        translate(language, "{first} to {last}", first=_day(span[0], language), last=_day(span[-1], language))
        if len(span) > 2 else listed(language, [_day(each, language) for each in span])
        for span in spans
    ]  # fmt: skip
    return listed(language, said)


def _day(day: int, language: Language) -> str:
    return translate(language, f"weekday:{day}")
