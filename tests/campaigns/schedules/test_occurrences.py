"""When schedules come: no local time is lost and none is doubled, whatever the clocks and the calendar do."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.schedules import plans
from campaigns.schedules.occurrences import latest_until, next_after, occurrences, upcoming
from campaigns.schedules.plans import BY_HAND, Daily, Monthly, Once, Weekly
from campaigns.schedules.words import sentence
from contacts.hours import instant
from core.errors import UserError
from core.i18n import Language

SHANGHAI = ZoneInfo("Asia/Shanghai")
ZONES = [ZoneInfo(name) for name in ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Nuuk")]
"""A gap of an hour in either hemisphere, one of half an hour, and one that crosses midnight."""
TIMES = st.lists(st.times().map(lambda at: at.replace(second=0, microsecond=0)), min_size=1, max_size=3)
DAYS = st.dates(date(2023, 12, 1), date(2028, 12, 31))
"""Two leap years, and the clocks changed twice in each."""


@st.composite
def schedules(draw):
    first = draw(st.none() | DAYS)
    span = {
        "times": tuple(draw(TIMES)),
        "first": first,
        "last": first + timedelta(days=draw(st.integers(0, 400))) if first and draw(st.booleans()) else None,
        "every": draw(st.integers(1, 3)) if first else 1,
        "but": tuple(draw(st.lists(DAYS, max_size=4))),
    }
    match draw(st.sampled_from(["daily", "weekly", "monthly", "once"])):
        case "daily":
            return Daily(**span)
        case "weekly":
            return Weekly(days=tuple(draw(st.lists(st.integers(1, 7), min_size=1, max_size=4))), **span)
        case "monthly":
            return Monthly(days=tuple(draw(st.lists(st.sampled_from([1, 15, 29, 30, 31, -1]), min_size=1, max_size=3))),
                           **span)  # fmt: skip
        case _:
            return Once(on=draw(DAYS), times=span["times"])


def is_meant(schedule, day):
    """A plain reading of the days, without any rule of the calendar's library."""
    if isinstance(schedule, Once):
        return day == schedule.on
    begins = schedule.first or date.min
    if day in schedule.but or day < begins or (schedule.last and day > schedule.last):
        return False
    match schedule:
        case Daily():
            return schedule.every == 1 or (day - begins).days % schedule.every == 0
        case Weekly():
            monday = begins - timedelta(days=begins.weekday())
            return day.isoweekday() in schedule.days and (day - monday).days // 7 % schedule.every == 0
        case Monthly():
            months = (day.year - begins.year) * 12 + day.month - begins.month
            dated = day.day in schedule.days or (-1 in schedule.days and (day + timedelta(days=1)).day == 1)
            return dated and months % schedule.every == 0


@given(schedules(), st.sampled_from(ZONES), DAYS, st.integers(1, 45))
def test_every_local_time_of_every_day_that_is_meant_comes_once(schedule, zone, begins, length):
    after = instant(begins, time(), zone)
    until = after + timedelta(days=length)
    days = [begins + timedelta(days=number) for number in range(-2, length + 2)]
    wanted = {instant(day, at, zone) for day in days if is_meant(schedule, day) for at in schedule.times}
    found = list(occurrences(schedule, zone, after, until))
    assert found == sorted(at for at in wanted if after < at <= until)
    assert all(one < other for one, other in pairwise(found))


@given(schedules(), st.sampled_from(ZONES), DAYS)
def test_the_next_times_are_the_next_ones_one_after_the_other(schedule, zone, begins):
    at, one_by_one = instant(begins, time(12), zone), []
    for _ in range(10):
        following = next_after(schedule, zone, one_by_one[-1] if one_by_one else at)
        if following is None:
            break
        one_by_one.append(following)
    assert upcoming(schedule, zone, at) == one_by_one
    if one_by_one:
        assert latest_until(schedule, zone, one_by_one[-1]) == one_by_one[-1]


@given(schedules())
def test_a_schedule_is_the_same_after_it_was_stored_and_is_a_sentence(schedule):
    assert plans.parsed(plans.document(schedule)) == schedule
    for language in Language:
        assert "{" not in sentence(schedule, language)


def days_of(schedule, zone=SHANGHAI, after=datetime(2028, 2, 1, tzinfo=UTC), count=4):
    return [f"{each.astimezone(zone):%Y-%m-%d %H:%M}" for each in upcoming(schedule, zone, after, count)]


def test_leap_days_and_the_ends_of_months():
    at = (time(8),)
    assert days_of(Monthly(days=(29,), times=at), count=2) == ["2028-02-29 08:00", "2028-03-29 08:00"]
    assert days_of(Monthly(days=(30,), times=at), count=2) == ["2028-03-30 08:00", "2028-04-30 08:00"]
    assert days_of(Monthly(days=(-1,), times=at), count=2) == ["2028-02-29 08:00", "2028-03-31 08:00"]


def test_several_times_a_day_with_exceptions_and_an_end():
    schedule = Weekly(days=(1, 5), times=(time(16), time(8)), last=date(2028, 2, 7), but=(date(2028, 2, 4),))
    assert days_of(schedule) == ["2028-02-07 08:00", "2028-02-07 16:00"]
    assert sentence(schedule, Language.ENGLISH) == (
        "on Monday, Friday at 08:00, 16:00, until 2028-02-07, but not on 2028-02-04"
    )
    assert sentence(schedule, Language.CHINESE) == "每星期一、星期五 08:00、16:00，到 2028-02-07 为止，2028-02-04 除外"


def test_two_times_that_become_one_instant_are_one_round():
    """02:30 does not exist that night and becomes 03:30, which is another time of the schedule."""
    found = upcoming(Daily(times=(time(2, 30), time(3, 30))), ZONES[0], datetime(2026, 3, 28, 12, tzinfo=UTC), 3)
    assert [f"{each:%d %H:%M}" for each in found] == ["29 01:30", "30 00:30", "30 01:30"]


def test_by_hand_never_comes_by_itself():
    assert upcoming(BY_HAND, SHANGHAI, datetime(2028, 2, 1, tzinfo=UTC)) == []


@pytest.mark.parametrize("wrong", [
    {"kind": "daily"}, {"kind": "daily", "times": []}, {"kind": "daily", "times": ["25:00"]},
    {"kind": "weekly", "times": ["08:00"], "days": [8]}, {"kind": "monthly", "times": ["08:00"], "days": [0]},
    {"kind": "daily", "times": ["08:00"], "every": 2}, {"kind": "hourly"}, None, [],
    {"kind": "daily", "times": ["08:00"], "first": "2026-02-02", "last": "2026-02-01"},
])  # fmt: skip
def test_a_document_that_is_no_schedule_is_refused(wrong):
    with pytest.raises(UserError) as refused:
        plans.parsed({"version": 1, "schedule": wrong})
    assert refused.value.field == "schedule"
