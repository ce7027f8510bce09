"""The rules of the roster: which shift is on when, over midnights, changes of the clocks, holidays, swaps, absences."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation.roster.boundaries import boundary, span
from escalation.roster.duty import Away, PlannedShift, Roster, duty_at, manned, occurs, stints
from escalation.roster.gaps import DutyGap, Place, gaps
from escalation.roster.holidays import holidays_of
from escalation.shifts import Holidays

ZONES = [ZoneInfo(name) for name in ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Nuuk")]
SHANGHAI = ZoneInfo("Asia/Shanghai")
ANNE, BERTA, CLARA = (UUID(int=number) for number in range(1, 4))
THREE, FOUR, GRID, ALL = (UUID(int=number) for number in range(11, 15))
DAYS = st.dates(date(2025, 1, 1), date(2028, 12, 31))
TIMES = st.times().map(lambda each: each.replace(second=0, microsecond=0))
HOLIDAY, WEEKEND, WORKED, ORDINARY = (date(2026, 10, 1), date(2026, 11, 28), date(2026, 10, 10), date(2026, 11, 26))


def nothing_known(_day):
    return None


def shift(who=ANNE, begins=time(8), ends=time(12), number=1, **more):
    return PlannedShift(UUID(int=100 + number), who, begins, ends, **more)


def daily(who, begins, ends, zone=SHANGHAI, **more):
    return [shift(who, begins, ends, number=weekday * 10 + who.int, weekday=weekday, **more) for weekday in range(1, 8)]


def roster(*shifts, zone=SHANGHAI, **more):
    return Roster(zone, more.pop("holiday", nothing_known), shifts, **more)


def at(text, zone=SHANGHAI):
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@given(st.sampled_from(ZONES), DAYS, st.sets(TIMES, min_size=1, max_size=6), st.integers(0, 2 * 24 * 60))
def test_shifts_that_meet_leave_no_instant_out_and_share_none_on_any_day_of_the_year(zone, day, cuts, minutes):
    """However a day is cut into shifts, exactly one of them is on at each instant: nothing is lost, nothing doubled."""
    cuts = sorted(cuts)
    rounds = [*pairwise(cuts), (cuts[-1], cuts[0])]
    planned = [shift(UUID(int=index + 1), *each, number=index * 7 + weekday, weekday=weekday)
               for index, each in enumerate(rounds) for weekday in range(1, 8)]  # fmt: skip
    instant = boundary(day, time(), zone) + timedelta(minutes=minutes)
    assert len(duty_at(roster(*planned, zone=zone), instant).on) == 1
    assert len(stints(roster(*planned, zone=zone), instant, instant + timedelta(microseconds=1))) == 1


@given(st.sampled_from(ZONES), DAYS, TIMES, TIMES, st.integers(-36 * 60, 36 * 60))
def test_a_shift_is_on_at_just_the_local_times_that_it_names(zone, day, begins, ends, minutes):
    """At each instant, as the clock on the wall shows it; of a time that is shown twice it is from the first on."""
    instant = boundary(day, time(12), zone) + timedelta(minutes=minutes)
    shown = instant.astimezone(zone).replace(tzinfo=None)
    first = datetime.combine(day, begins)
    last = datetime.combine(day if ends > begins else day + timedelta(days=1), ends)
    is_on = bool(duty_at(roster(shift(begins=begins, ends=ends, day=day), zone=zone), instant).on)
    if not shown_twice(shown, zone) and not shown_twice(first, zone) and not shown_twice(last, zone):
        assert is_on == (first <= shown < last)
    elif first <= shown < last and not shown_twice(last, zone):
        assert is_on


def shown_twice(local, zone):
    return local.replace(tzinfo=zone, fold=0).utcoffset() > local.replace(tzinfo=zone, fold=1).utcoffset()


@given(st.sampled_from(ZONES), DAYS, TIMES, TIMES)
def test_the_order_of_local_times_is_that_of_their_instants(zone, day, one, other):
    first, second = (boundary(day, each, zone) for each in sorted((one, other)))
    assert first <= second
    assert boundary(day, one, zone).astimezone(zone).replace(tzinfo=None) >= datetime.combine(day, one)


def test_a_time_that_the_clocks_skip_is_the_instant_of_their_jump():
    berlin = ZONES[0]
    jump = datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert boundary(date(2026, 3, 29), time(2, 30), berlin) == jump
    assert boundary(date(2026, 3, 29), time(3), berlin) == jump
    assert span(date(2026, 3, 29), time(2, 10), time(2, 50), berlin) == (jump, jump)
    assert not stints(roster(shift(begins=time(2, 10), ends=time(2, 50), day=date(2026, 3, 29)), zone=berlin),
                      jump - timedelta(days=1), jump + timedelta(days=1))  # fmt: skip


def test_a_night_in_which_the_clocks_are_set_back_is_an_hour_longer():
    [night] = stints(roster(shift(begins=time(22), ends=time(6), day=date(2026, 10, 24)), zone=ZONES[0]),
                     datetime(2026, 10, 24, tzinfo=UTC), datetime(2026, 10, 26, tzinfo=UTC))  # fmt: skip
    assert night.ends - night.begins == timedelta(hours=9)


def test_a_shift_over_midnight_is_on_until_its_end_and_belongs_to_the_day_on_which_it_begins():
    nights = roster(shift(ANNE, time(22), time(6), weekday=1))
    hours = ("2026-11-30 21:59", "2026-11-30 22:00", "2026-12-01 05:59", "2026-12-01 06:00", "2026-12-01 22:30")
    assert [bool(duty_at(nights, at(hour)).on) for hour in hours] == [False, True, True, False, False]


def test_the_same_time_twice_is_a_whole_day():
    assert duty_at(roster(shift(ANNE, time(8), time(8), day=date(2026, 12, 1))), at("2026-12-02 07:59")).on == {ANNE}


@pytest.mark.parametrize(
    ("holidays", "on"),
    [
        (Holidays.ALSO, {HOLIDAY, WEEKEND, WORKED, ORDINARY}),
        (Holidays.NOT, {WEEKEND, WORKED, ORDINARY}),
        (Holidays.ONLY, {HOLIDAY}),
    ],
)
def test_what_holidays_do_to_a_weekly_shift(holidays, on):
    """A weekend is no holiday by itself, and a Saturday that is worked for one is not one either."""
    known = holidays_of("CN")
    found = {day for day in (HOLIDAY, WEEKEND, WORKED, ORDINARY)
             if occurs(shift(weekday=day.isoweekday(), holidays=holidays), day, known)}  # fmt: skip
    assert found == on


@pytest.mark.parametrize("holidays", Holidays)
@pytest.mark.parametrize(("region", "year"), [("CN", 2027), ("DE", 2026)])
def test_where_nobody_knows_the_holidays_nobody_is_off_duty_for_one(holidays, region, year):
    """If chinesecalendar has learnt that year by now, take the first that it has not."""
    day = date(year, 1, 1)
    assert holidays_of(region)(day) is None
    assert occurs(shift(weekday=day.isoweekday(), holidays=holidays), day, holidays_of(region))


def test_who_has_swapped_is_on_duty_for_the_other():
    monday = shift(ANNE, weekday=1)
    swapped = roster(monday, stand_ins={(monday.id, date(2026, 12, 7)): BERTA})
    assert duty_at(swapped, at("2026-11-30 09:00")).on == {ANNE}
    assert duty_at(swapped, at("2026-12-07 09:00")).on == {BERTA}


def test_who_is_away_is_not_on_duty_from_the_first_instant_to_the_last():
    away = Away(ANNE, at("2026-11-30 09:00"), at("2026-11-30 10:00"))
    planned = roster(shift(ANNE, weekday=1), absences=[away])
    on = [bool(duty_at(planned, at(f"2026-11-30 {hour}")).on) for hour in ("08:59", "09:00", "09:59", "10:00")]
    assert on == [True, False, False, True]
    assert duty_at(planned, at("2026-11-30 09:30")).away == {ANNE}


spans = st.lists(st.tuples(st.integers(-10, 100), st.integers(0, 40) | st.none()), max_size=4)


@given(spans, st.integers(0, 200))
def test_who_is_on_duty_at_an_instant_is_who_is_on_duty_in_the_span_around_it(absences, half_hours):
    """The two ways of asking, at one instant and over a week, never disagree."""
    begins = at("2026-11-30 00:00")
    hour = timedelta(hours=1)
    away = [Away(ANNE, begins + first * hour, None if long is None else begins + (first + long) * hour)
            for first, long in absences]  # fmt: skip
    planned = roster(*daily(ANNE, time(20), time(9)), *daily(BERTA, time(7), time(15)), absences=away)
    instant = begins + timedelta(minutes=30 * half_hours)
    found = manned(planned, begins, begins + timedelta(days=7))
    by_span = {who for who, times in found.items() if any(first <= instant < last for first, last in times)}
    assert instant >= begins + timedelta(days=7) or by_span == duty_at(planned, instant).on


PLACES = [Place("3", (THREE, GRID, ALL)), Place("4", (FOUR, ALL))]


def test_a_gap_is_when_nobody_is_on_duty_for_a_building():
    planned = roster(*daily(ANNE, time(8), time(20)), *daily(BERTA, time(20), time(8)))
    begins = at("2026-11-30 00:00")
    found = gaps(planned, PLACES, {ANNE: [GRID], BERTA: []}, begins, begins + timedelta(days=1))
    assert found == [DutyGap(at("2026-11-30 08:00"), at("2026-11-30 20:00"), ("4",))]


def test_buildings_that_lack_somebody_at_the_same_time_are_told_together_and_in_their_order():
    places = [Place(name, (UUID(int=50 + index),)) for index, name in enumerate(("12", "3", "A"))]
    begins = at("2026-11-30 00:00")
    [gap] = gaps(roster(*daily(ANNE, time(0), time(0))), places, {}, begins, begins + timedelta(days=7))
    assert (gap.buildings, gap.ends - gap.begins) == (("3", "12", "A"), timedelta(days=7))


def test_a_building_lacks_somebody_while_one_of_its_staircases_does():
    two = [Place("3", (UUID(int=21), THREE)), Place("3", (UUID(int=22), THREE))]
    planned = roster(*daily(ANNE, time(0), time(0)), *daily(BERTA, time(0), time(12)))
    begins = at("2026-11-30 00:00")
    found = gaps(planned, two, {ANNE: [UUID(int=21)], BERTA: [THREE]}, begins, begins + timedelta(days=1))
    assert found == [DutyGap(at("2026-11-30 12:00"), at("2026-12-01 00:00"), ("3",))]


def test_an_absence_makes_a_gap_and_a_swap_closes_it():
    monday = shift(ANNE, time(0), time(0), weekday=1)
    day = at("2026-11-30 00:00"), at("2026-12-01 00:00")
    away = [Away(ANNE, at("2026-11-30 06:00"), None)]
    known = {ANNE: [], BERTA: []}
    [gap] = gaps(roster(monday, absences=away), PLACES, known, *day)
    assert (gap.begins, gap.ends) == (at("2026-11-30 06:00"), day[1])
    assert not gaps(
        roster(monday, absences=away, stand_ins={(monday.id, date(2026, 11, 30)): BERTA}), PLACES, known, *day
    )


def test_without_a_shift_there_is_no_gap():
    begins = at("2026-11-30 00:00")
    assert (
        gaps(roster(absences=[Away(ANNE, begins, None)]), PLACES, {ANNE: []}, begins, begins + timedelta(days=7)) == []
    )


@given(st.lists(st.tuples(st.integers(1, 7), TIMES, TIMES, st.sampled_from([ANNE, BERTA, CLARA])), max_size=6),
       st.integers(0, 7 * 24 * 4 - 1))  # fmt: skip
def test_gaps_are_just_the_instants_at_which_nobody_who_looks_after_a_building_is_on_duty(written, quarters):
    planned = roster(*(shift(who, *hours, number=index, weekday=weekday)
                       for index, (weekday, *hours, who) in enumerate(written)))  # fmt: skip
    known = {ANNE: [THREE], BERTA: [], CLARA: [FOUR]}
    begins = at("2026-11-30 00:00")
    instant = begins + timedelta(minutes=15 * quarters)
    found = gaps(planned, PLACES, known, begins, begins + timedelta(days=7))
    lacking = {name for gap in found if gap.begins <= instant < gap.ends for name in gap.buildings}
    on = duty_at(planned, instant).on
    expected = {place.building for place in PLACES
                if not any(not known[who] or set(known[who]) & set(place.area_ids) for who in on)}  # fmt: skip
    assert lacking == (expected if written else set())
