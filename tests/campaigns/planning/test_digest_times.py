"""When digests are due: every evening or on Sundays, never at night, whatever the clock does."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.planning.digest_times import FURTHEST, LENGTH, OF_USE, begins, due
from contacts.hours import Hours
from contacts.models import Wants

SHANGHAI = ZoneInfo("Asia/Shanghai")
USUAL = Hours(time(7, 30), time(21), SHANGHAI)
WISHES = sorted(LENGTH)
zones = st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/Sao_Paulo", "Pacific/Apia", "Australia/Lord_Howe"])
instants = st.integers(0, 3 * 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
hours = st.builds(
    lambda opens, length, zone: Hours(time(opens), time(min(opens + length, 23), 59), ZoneInfo(zone)),
    st.integers(0, 18), st.integers(1, 23), zones,
)  # fmt: skip


def local(day, hour, minute=0):
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (local(25, 18, 59), None),  # yesterday's is of no use any more
        (local(25, 19), 25),
        (local(25, 20, 59), 25),
        (local(25, 21), None),  # nobody is disturbed at night
        (local(26, 7, 29), None),
        (local(26, 7, 30), 25),
        (local(26, 10, 59), 25),
        (local(26, 11), None),
    ],
)
def test_a_daily_one_is_for_the_evening_or_the_next_morning(now, day):
    found = due(Wants.DAILY, USUAL, now)
    assert (found and found.day.day) == day


@pytest.mark.parametrize(
    ("now", "day"), [(local(28, 20), None), (local(29, 19), 29), (local(30, 12), 29), (local(29, 18, 59), None)]
)
def test_a_weekly_one_is_for_sunday_evening_or_the_days_after(now, day):
    found = due(Wants.WEEKLY, USUAL, now)
    assert (found and found.day.day) == day


def test_it_waits_for_calls_of_the_evening_and_not_for_ever():
    assert due(Wants.DAILY, USUAL, local(25, 20, 29)).is_patient
    assert not due(Wants.DAILY, USUAL, local(25, 20, 30)).is_patient
    assert not due(Wants.DAILY, USUAL, local(26, 8)).is_patient


def test_where_the_hours_end_early_it_is_an_hour_before_that():
    early = Hours(time(8), time(17), SHANGHAI)
    assert due(Wants.DAILY, early, local(25, 15, 59)) is None
    assert due(Wants.DAILY, early, local(25, 16)).at == local(25, 16)


@given(st.sampled_from(WISHES), hours, instants)
def test_nothing_is_written_or_sent_outside_the_hours_or_before_it_is_due(wish, permitted, now):
    found = due(wish, permitted, now)
    if found is None:
        return
    assert permitted.permit(now)
    assert found.at <= now < found.until <= found.at + OF_USE[wish]
    assert permitted.permit(found.until - timedelta(microseconds=1))
    assert found.day == found.at.astimezone(permitted.zone).date()
    assert wish is Wants.DAILY or found.day.isoweekday() == 7


@given(st.sampled_from(WISHES), hours, instants)
def test_every_period_has_a_minute_in_which_its_digest_is_written(wish, permitted, now):
    """A machine that runs finds each: within a day, or a week, of any instant one is due."""
    step, length = timedelta(minutes=15), LENGTH[wish] + timedelta(days=1)
    assert any(due(wish, permitted, now + step * each) for each in range(length // step))


@given(st.sampled_from(WISHES), instants, st.timedeltas(timedelta(0), timedelta(days=40)), st.booleans())
def test_one_goes_on_where_the_last_one_ended(wish, now, ago, is_older_wish):
    told = now - ago
    since = told - timedelta(days=1) if is_older_wish else told + timedelta(seconds=1)
    begin = begins(wish, now, now, told, since)
    if is_older_wish:
        assert begin == max(told, now - FURTHEST)
    else:
        assert begin == begins(wish, now, now, None, since) == max(min(now - LENGTH[wish], since), now - FURTHEST)
    assert begins(wish, now, now, None, None) == now - LENGTH[wish]
