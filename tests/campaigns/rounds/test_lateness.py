"""Late is late: what becomes of a round whose time has passed, whatever the machine slept through."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.models import CampaignKind
from campaigns.rounds import lateness
from campaigns.rounds.lateness import (
    Effort,
    NotAsked,
    RingLater,
    Start,
    late_until_of,
    occurrences,
    spelled,
    useful_until,
    what_now,
)
from campaigns.schedules.plans import Daily
from contacts.hours import Hours, instant, next_start
from core.errors import UserError
from core.i18n import Language

ZONES = [ZoneInfo(name) for name in ("Asia/Shanghai", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe")]
DAYTIME = [(time(7, 30), time(21)), (time(8), time(20, 30)), (time(0), time(23, 59)), (time(9), time(12))]
MOMENTS = st.integers(0, 2 * 366 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
EFFORTS = st.builds(
    Effort, st.integers(1, 5), st.integers(1, 240).map(lambda m: timedelta(minutes=m)),
    st.integers(20, 120).map(lambda s: timedelta(seconds=60 + s)),
)  # fmt: skip
HOURS = st.builds(lambda span, zone: Hours(*span, zone), st.sampled_from(DAYTIME), st.sampled_from(ZONES))
KINDS = st.sampled_from(CampaignKind)
LATE = st.none() | st.just(lateness.NEVER) | st.times().map(lambda at: at.replace(microsecond=0))
DELAYS = st.integers(0, 14 * 24 * 60).map(lambda m: timedelta(minutes=m)) | st.integers(0, 900).map(
    lambda s: timedelta(seconds=s)
)


@given(EFFORTS, HOURS, KINDS, LATE, MOMENTS, DELAYS)
def test_whatever_was_slept_through_nobody_is_rung_outside_hours_too_late_or_in_the_past(
    effort, hours, kind, late_until, due, slept
):
    now, until = due + slept, useful_until(kind, late_until, due, hours.zone)
    match what_now(effort, until, hours, due, now):
        case Start():
            assert hours.permit(now)
            assert now + effort.lead <= hours.closing(now)
            assert slept <= lateness.TOLERANCE or now + effort.needs <= min(until, hours.closing(now))
        case RingLater(at):
            assert at > now
            assert hours.permit(at)
            assert at + effort.needs <= min(until, hours.closing(at))
        case NotAsked():
            first = hours.next_permitted(now)
            assert first + effort.needs > min(until, hours.closing(first)) or slept <= lateness.TOLERANCE


@given(EFFORTS, HOURS, MOMENTS, DELAYS)
def test_a_daily_question_is_never_asked_on_another_day_than_its_own(effort, hours, due, slept):
    until = useful_until(CampaignKind.CHECK_IN, None, due, hours.zone)
    decided = what_now(effort, until, hours, due, due + slept)
    at = decided.at if isinstance(decided, RingLater) else due + slept if isinstance(decided, Start) else None
    if at is not None and slept > lateness.TOLERANCE:
        assert at.astimezone(hours.zone).date() == due.astimezone(hours.zone).date()


@given(EFFORTS, HOURS, MOMENTS, st.lists(DELAYS, min_size=1, max_size=6))
def test_whoever_waits_for_the_later_time_is_rung_then_unless_that_was_slept_through_as_well(effort, hours, due, naps):
    until, now = useful_until(CampaignKind.CHECK_IN, None, due, hours.zone), due
    for nap in naps:
        now += nap
        decided = what_now(effort, until, hours, due, now)
        if isinstance(decided, RingLater):
            assert isinstance(what_now(effort, until, hours, due, decided.at), Start)
        if isinstance(decided, NotAsked) and now > due + lateness.TOLERANCE:
            assert not isinstance(what_now(effort, until, hours, due, now + nap), Start)


@given(st.sampled_from(ZONES), st.sampled_from([time(8), time(2, 30), time(0, 30), time(20, 58)]), MOMENTS,
       st.integers(0, 900))  # fmt: skip
def test_every_time_of_a_daily_campaign_is_had_once_however_long_was_slept(zone, at, start, days):
    first = next_start(at, zone, start)
    times = occurrences(Daily(times=(at,)), zone, first, first + timedelta(days=days, hours=3))
    assert [each.astimezone(zone).date() for each in times.passed] == [
        first.astimezone(zone).date() + timedelta(days=day) for day in range(len(times.passed))
    ]
    assert times.passed[-1] <= first + timedelta(days=days, hours=3) < times.next


SHANGHAI = Hours(time(7, 30), time(21), ZONES[0])
PLAN = Effort(3, timedelta(minutes=10), timedelta(minutes=2))


def of_today(hour, minute=0):
    return instant(date(2026, 11, 23), time(hour, minute), SHANGHAI.zone)


@pytest.mark.parametrize(
    ("late_until", "now", "decided"),
    [
        (None, (8, 14), Start()),
        (None, (11, 38), Start()),
        (None, (11, 39), NotAsked(lateness.Missed.TOO_LITTLE_TIME)),
        (None, (12, 30), NotAsked(lateness.Missed.TOO_LATE)),
        (None, (22, 43), NotAsked(lateness.Missed.OUTSIDE_HOURS)),
        (time(20), (19, 0), Start()),
        (time(23), (20, 38), Start()),
        (time(23), (20, 39), NotAsked(lateness.Missed.TOO_LITTLE_TIME)),
        (lateness.NEVER, (8, 14), Start()),
        (lateness.NEVER, (8, 16), NotAsked(lateness.Missed.TOO_LATE)),
    ],
)
def test_a_round_of_eight_in_shanghai(late_until, now, decided):
    until = useful_until(CampaignKind.CHECK_IN, late_until, of_today(8), SHANGHAI.zone)
    assert what_now(PLAN, until, SHANGHAI, of_today(8), of_today(*now)) == decided


def test_a_notice_of_the_evening_is_told_the_next_morning_and_not_a_day_later():
    until = useful_until(CampaignKind.NOTICE, None, of_today(20), SHANGHAI.zone)
    assert what_now(PLAN, until, SHANGHAI, of_today(20), of_today(22, 43)) == RingLater(of_today(7, 30) + timedelta(1))
    assert isinstance(what_now(PLAN, until, SHANGHAI, of_today(20), of_today(20) + timedelta(1, 60)), NotAsked)


@pytest.mark.parametrize(
    ("words", "until", "again"),
    [
        (None, None, None),
        ("ring-until 12:00", time(12), "ring-until 12:00"),
        ("Ring-Until 9:30".replace("9", "09"), time(9, 30), "ring-until 09:30"),
        ("12:00", time(12), "ring-until 12:00"),
        ("never", lateness.NEVER, "never"),
        ("从不", lateness.NEVER, "never"),
    ],
)
def test_what_a_late_round_does_is_written_in_words(words, until, again):
    assert late_until_of(words, time(8)) == until
    assert spelled(until) == again
    assert late_until_of(again, time(8)) == until


@pytest.mark.parametrize(
    "words", ["noon", "ring-until", "ring-until 25:00", "08:00", "ring-until 07:59", "12:00+08:00"]
)
def test_what_cannot_be_meant_is_refused_with_the_way_out(words):
    with pytest.raises(UserError) as refused:
        late_until_of(words, time(8))
    assert refused.value.field == "late"
    assert "--late" in refused.value.describe(Language.CHINESE)
    assert refused.value.describe(Language.CHINESE) != refused.value.describe(Language.ENGLISH)
