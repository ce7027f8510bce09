"""Schedules as they are typed: options for the days and times of a command."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time
from typing import Any, TypeVar

from pydantic import ValidationError

from campaigns.schedules.plans import BY_HAND, Daily, Monthly, Once, Schedule, Weekly
from core.errors import UserError

_T = TypeVar("_T")
_WORDS = re.compile(r"[\s,;，；、]+")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CHINESE = "一二三四五六日"
_LAST = frozenset({"last", "月底", "最后一天"})


@dataclass(frozen=True)
class Typed:
    """What was typed about a schedule; empty: nothing. Several are separated by commas."""

    at: str = ""
    days: str = ""
    month_days: str = ""
    on: str = ""
    first: str = ""
    last: str = ""
    but: str = ""
    every: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing was."""
        return not any(getattr(self, each.name) for each in fields(self))


def read(typed: Typed, usual: Sequence[time] = ()) -> Schedule:
    """The schedule that was typed, at the ``usual`` times where none are given; raises ``UserError``.

    Without any days it is daily; without any times it is started by hand.
    """
    times = _each(typed.at, "at", _time) or list(usual)
    if len([each for each in (typed.days, typed.month_days, typed.on) if each]) > 1:
        raise UserError("It is not clear on which days.", way_out="Give one of --days, --month-days and --on.",
                        field="days", value=typed.days or typed.month_days)  # fmt: skip
    if not times:
        if typed.is_empty:
            return BY_HAND
        raise UserError("It is not said at which time.", way_out="Give --at 08:00.", field="at", value=typed.at)
    if typed.on:
        return _once(typed, times)
    span: dict[str, Any] = {
        "times": times,
        "every": typed.every or 1,
        "first": _day(typed.first, "from") if typed.first else None,
        "last": _day(typed.last, "until") if typed.last else None,
        "but": _each(typed.but, "except", _day),
    }
    if typed.days:
        return _made(lambda: Weekly(days=tuple(_each(typed.days, "days", _weekday)), **span), typed.days)
    if typed.month_days:
        days = tuple(_each(typed.month_days, "month-days", _month_day))
        return _made(lambda: Monthly(days=days, **span), typed.month_days)
    return _made(lambda: Daily(**span), typed.at)


def _once(typed: Typed, times: Sequence[time]) -> Schedule:
    if typed.first or typed.last or typed.but or typed.every:
        raise UserError(
            "With --on there is one day only.", way_out="Leave --from, --until, --except and --every out.", field="on",
            value=typed.on,
        )  # fmt: skip
    return _made(lambda: Once(on=_day(typed.on, "on"), times=tuple(times)), typed.on)


def _made(make: Callable[[], Schedule], value: str) -> Schedule:
    try:
        return make()
    except ValidationError as wrong:
        raise UserError(
            "The schedule cannot be so: {value}.",
            way_out="Give at most twelve times, --from with --every, and --from before --until.",
            field="schedule", value=value or str(wrong.errors()[0]["input"])[:60],
        ) from wrong  # fmt: skip


def _each(text: str, field: str, read_one: Callable[[str, str], _T]) -> list[_T]:
    return [read_one(each, field) for each in _WORDS.split(text.strip()) if each]


def _time(text: str, field: str) -> time:
    try:
        return datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007 - a time of day in the community's zone
    except ValueError as wrong:
        raise UserError(
            "{value} is not a time.", way_out="Write it as HH:MM, for example 08:00.", field=field, value=text
        ) from wrong


def _day(text: str, field: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError as wrong:
        raise UserError("{value} is not a day.", way_out="Write it as YYYY-MM-DD, for example 2026-12-24.", field=field,
                        value=text) from wrong  # fmt: skip


def _weekday(text: str, field: str) -> int:
    word = text.lower()
    chinese = word.removeprefix("周").removeprefix("星期").replace("天", "日")
    if word[:3] in _WEEKDAYS:
        return _WEEKDAYS.index(word[:3]) + 1
    if chinese in _CHINESE and len(chinese) == 1:
        return _CHINESE.index(chinese) + 1
    raise UserError("{value} is not a day of the week.", way_out="Write mon,tue,wed,thu,fri,sat,sun.", field=field,
                    value=text)  # fmt: skip


def _month_day(text: str, field: str) -> int:
    if text.lower() in _LAST:
        return -1
    if text.isdecimal() and 1 <= int(text) <= 31:
        return int(text)
    raise UserError("{value} is not a day of the month.", way_out="Write 1 to 31, or last.", field=field,
                    value=text)  # fmt: skip
