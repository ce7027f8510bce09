"""When somebody is at the office."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.office import OfficeHours

SHANGHAI = ZoneInfo("Asia/Shanghai")
HOURS = OfficeHours(time(8, 30), time(17, 30), "12345", SHANGHAI)
MONDAY = datetime(2026, 11, 23, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("day", "at", "there"),
    [
        (0, time(8, 29, 59), False),
        (0, time(8, 30), True),
        (4, time(17, 29, 59), True),
        (4, time(17, 30), False),
        (5, time(10), False),
        (6, time(10), False),
    ],
)
def test_the_office_opens_on_weekdays(day, at, there):
    assert HOURS.include(datetime.combine(MONDAY.date() + timedelta(days=day), at, SHANGHAI)) == there


@given(st.integers(0, 366 * 24 * 60))
def test_the_hours_are_those_of_the_communitys_own_clocks(minutes):
    instant = MONDAY.astimezone(UTC) + timedelta(minutes=minutes)
    assert HOURS.include(instant) == HOURS.include(instant.astimezone(SHANGHAI))
    assert not HOURS.include(instant) or 8 <= instant.astimezone(SHANGHAI).hour < 18
