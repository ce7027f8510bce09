"""Shifts and absences as people write them, on the command line and in forms."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from contacts.days import day
from core.errors import UserError
from escalation.roster.boundaries import boundary

_BETWEEN = re.compile(r"[\s,;，；、]+")
_TIME = re.compile(r"(\d{1,2})[:：](\d{2})")
_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CHINESE = "一二三四五六日"
_MIDNIGHT = (24, 0)


def weekdays(text: str) -> list[int]:
    """``mon,tue``, ``周一至周五``, ``mon-fri``: ISO weekdays, each once and in order; raises ``UserError``."""
    found = {each for word in _BETWEEN.split(text.strip()) if word for each in _days(word, text)}
    if not found:
        raise _no_weekday(text)
    return sorted(found)


def time_of_day(text: str, field: str) -> time:
    """``08:00``; 24:00 is the midnight at the end of the day. Raises ``UserError``."""
    match = _TIME.fullmatch(text.strip())
    hour, minute = (int(match[1]), int(match[2])) if match else (99, 0)
    if (hour, minute) == _MIDNIGHT:
        return time()
    if hour > 23 or minute > 59:
        raise UserError("{value} is not a time.", way_out="Write it as HH:MM, for example 08:00.", field=field,
                        value=text)  # fmt: skip
    return time(hour, minute)


def beginning(text: str, today: date, zone: ZoneInfo) -> datetime:
    """From when somebody is absent: a day as a whole, or a day with a time (``2026-12-05 14:00``)."""
    on, at = _moment(text, today, "from")
    return boundary(on, at or time(), zone)


def end(text: str, today: date, zone: ZoneInfo) -> datetime:
    """Until when: a day that is still a whole one, or a day with the time at which they are there again."""
    on, at = _moment(text, today, "until")
    return boundary(on, at, zone) if at is not None else boundary(on + timedelta(days=1), time(), zone)


def _moment(text: str, today: date, field: str) -> tuple[date, time | None]:
    written, _, clock = text.strip().rpartition(" ")
    if written and _TIME.fullmatch(clock):
        return day(written, today, field), time_of_day(clock, field)
    return day(text, today, field), None


def _days(word: str, text: str) -> Iterator[int]:
    first, dash, last = re.sub("至|到|–", "-", word).partition("-")
    begins, ends = _weekday(first, text), _weekday(last, text) if dash else None
    if ends is None:
        yield begins
        return
    yield from (each % 7 + 1 for each in range(begins - 1, (ends if ends >= begins else ends + 7)))


def _weekday(word: str, text: str) -> int:
    known = word.lower()
    if known[:3] in _NAMES:
        return _NAMES.index(known[:3]) + 1
    chinese = known.removeprefix("星期").removeprefix("周").replace("天", "日")
    if len(chinese) == 1 and chinese in _CHINESE:
        return _CHINESE.index(chinese) + 1
    raise _no_weekday(text)


def _no_weekday(text: str) -> UserError:
    return UserError("“{value}” are not days of the week.", way_out="Write mon,wed or mon-fri, 周一 or 周一至周五.",
                     field="days", value=text)  # fmt: skip
