"""The calendar of answers: each answer on the local day on which its round began, whatever the clocks do."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.changes import new_campaigns
from campaigns.models import Campaign, CheckIn, Outcome, Round
from console.people.answer_calendar import _begin, _later, _weeks, answer_month
from core import actors
from core.ids import new_id
from core.storage.database import reading, unit_of_work

TODAY = date(2026, 11, 23)
ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe")


@pytest.fixture
def who(lives):
    return lives("王桂兰", "+8631186000101")


def asked(who, *starts, outcome=Outcome.OK):
    """Rounds that began then and asked this resident."""
    with unit_of_work() as session:
        campaign = session.query(Campaign).first() or new_campaigns.create_campaign(
            session, actors.system(), "早安问候", flags=None)  # fmt: skip
        for start in starts:
            made = Round(id=new_id(), campaign_id=campaign.id, started_at=start, deadline=start + timedelta(hours=4),
                         occurrence=start)  # fmt: skip
            session.add(made)
            session.flush()
            session.add(CheckIn(id=new_id(), round_id=made.id, resident_id=who, numbers=[], refused=[],
                                outcome=outcome, answered_at=start + timedelta(minutes=3), attempts=1))  # fmt: skip


def month(who, written="", zone="Asia/Shanghai", today=TODAY):
    with reading() as session:
        return answer_month(session, who, ZoneInfo(zone), today, written)


def said(shown):
    return {day.day: [each.at for each in day.answers] for week in shown.weeks for day in week if day.answers}


def test_an_answer_stands_on_the_day_and_at_the_time_of_the_community(who):
    asked(who, datetime(2026, 11, 1, 0, tzinfo=UTC), datetime(2026, 10, 31, 16, 30, tzinfo=UTC),
          datetime(2026, 10, 31, 15, 30, tzinfo=UTC))  # fmt: skip
    assert said(month(who)) == {date(2026, 11, 1): ["00:33", "08:03"]}
    assert said(month(who, "2026-10")) == {date(2026, 10, 31): ["23:33"]}


def test_one_goes_from_month_to_month_as_far_as_there_is_anything_to_see(who):
    asked(who, datetime(2026, 9, 5, 0, tzinfo=UTC), datetime(2026, 11, 5, 0, tzinfo=UTC))
    now = month(who)
    assert (now.before, now.after) == (date(2026, 10, 1), None)
    before = month(who, "2026-10")
    assert (before.before, before.after, before.count) == (date(2026, 9, 1), date(2026, 11, 1), 0)
    assert month(who, "2026-09").before is None


@pytest.mark.parametrize("written", ["", "2026-13", "nonsense", "9999-12", "2027-01", "0000-01"])
def test_what_is_no_month_or_lies_ahead_is_this_one(who, written):
    assert month(who, written).first == date(2026, 11, 1)


def test_no_day_to_come_is_shown(who):
    days = [day.day for week in month(who).weeks for day in week if day.day]
    assert days == [date(2026, 11, number) for number in range(1, 24)]


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)))
def test_every_month_has_all_of_its_days_once_in_weeks_of_seven(day):
    first = day.replace(day=1)
    weeks = _weeks(first, date(2100, 1, 1))
    days = [each for week in weeks for each in week if each.month == first.month]
    assert days == [first + timedelta(days=number) for number in range((_later(first) - first).days)]
    assert {len(week) for week in weeks} == {7}


@pytest.mark.parametrize("zone", ZONES)
@given(
    st.integers(0, 4 * 366 * 24 * 60).map(lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes))
)
def test_months_follow_each_other_without_a_gap_in_any_zone(zone, at):
    first = at.astimezone(ZoneInfo(zone)).date().replace(day=1)
    assert _begin(first, ZoneInfo(zone)) <= at < _begin(_later(first), ZoneInfo(zone))


def test_what_is_still_open_says_so_and_an_excuse_why(office, who):
    asked(who, datetime.now(UTC) - timedelta(minutes=5), outcome=None)
    page = office.get(f"/residents/{who}").text
    assert "<span>waiting</span>" in re.sub(r"\s+", " ", page)
