from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from campaigns.outcomes import Plan
from contacts.hours import Hours, instant, next_start

BERLIN = ZoneInfo("Europe/Berlin")
SHANGHAI = ZoneInfo("Asia/Shanghai")
instants = st.integers(0, 3 * 365 * 24 * 60).map(
    lambda minutes: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
times = st.times().map(lambda at: at.replace(second=0, microsecond=0))


def test_a_morning_in_shanghai_is_midnight_utc():
    assert instant(date(2026, 11, 23), time(8, 0), SHANGHAI) == datetime(2026, 11, 23, 0, 0, tzinfo=UTC)


def test_a_time_that_the_clocks_skip_moves_forward():
    at = instant(date(2026, 3, 29), time(2, 30), BERLIN)
    assert at.astimezone(BERLIN).time() == time(3, 30)


def test_a_time_that_the_clocks_repeat_happens_once():
    first = next_start(time(2, 30), BERLIN, datetime(2026, 10, 24, 12, 0, tzinfo=UTC))
    assert first == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert next_start(time(2, 30), BERLIN, first).astimezone(BERLIN).date() == date(2026, 10, 26)


@given(times, instants)
def test_the_next_start_is_later_and_within_two_days(at, now):
    following = next_start(at, BERLIN, now)
    assert following > now
    assert (following - now).total_seconds() <= 49 * 3600


@given(instants)
def test_what_is_permitted_next_is_permitted(now):
    hours = Hours(time(7, 30), time(21, 0), BERLIN)
    at = hours.next_permitted(now)
    assert at >= now
    assert hours.permit(at)


@given(st.integers(60, 240), instants)
def test_who_begins_by_the_last_start_can_still_be_placed_a_call_and_later_nobody_can(lead, now):
    hours, before = Hours(time(7, 30), time(21, 0), BERLIN), timedelta(seconds=lead)
    today = now.astimezone(BERLIN).date()
    last = instant(today, hours.last_start(before), BERLIN)
    plan = Plan(3, timedelta(minutes=10), last + timedelta(hours=2), hours, before)
    assert plan.next_dial(last) == last
    assert plan.next_dial(last + timedelta(seconds=1)) is None


def test_the_last_minute_before_closing_is_permitted_and_closing_is_not():
    hours = Hours(time(7, 30), time(21, 0), SHANGHAI)
    closing = hours.closing(datetime(2026, 11, 23, 1, 0, tzinfo=UTC))
    assert closing == datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
    assert not hours.permit(closing)
