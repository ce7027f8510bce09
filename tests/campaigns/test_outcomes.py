from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.models import Outcome
from campaigns.outcomes import (
    QUIET,
    REACHED,
    SAID,
    Plan,
    after_saying,
    furthest,
    next_attempt,
    number_to_try,
    reached,
)
from contacts.hours import Hours
from ivr.models import Ending

outcomes = st.sampled_from(Outcome)
said = st.sampled_from((*SAID, Outcome.NO_KEY))
NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
ALL_DAY = Hours(time(0, 0), time(23, 59), ZoneInfo("Asia/Shanghai"))


def plan(**changes):
    return Plan(**({"attempts": 3, "retry": timedelta(minutes=10), "last_dial": NOON + timedelta(hours=1),
                    "hours": ALL_DAY} | changes))  # fmt: skip


@given(outcomes, said)
def test_an_outcome_that_needs_a_person_never_becomes_quiet_again(decided, heard):
    if decided not in {*QUIET, Outcome.NOT_ASKED}:
        assert after_saying(decided, heard) not in QUIET


@given(said)
def test_whoever_was_not_asked_and_then_rings_us_has_said_what_they_say(heard):
    assert after_saying(Outcome.NOT_ASKED, heard) is heard


@given(st.none() | outcomes, said)
def test_only_an_explicit_ok_makes_a_check_in_ok(decided, heard):
    if after_saying(decided, heard) is Outcome.OK:
        assert Outcome.OK in {decided, heard}


@given(st.none() | outcomes, st.lists(said, min_size=1))
def test_unwell_is_never_overwritten(decided, heard):
    for each in [*heard, Outcome.UNWELL, *heard]:
        decided = after_saying(decided, each)
    assert decided in {Outcome.UNWELL, Outcome.NO_KEY}


@given(st.lists(st.sampled_from(SAID), min_size=1))
def test_what_was_said_has_one_outcome_whatever_the_order(heard):
    forwards = backwards = None
    for each in heard:
        forwards = after_saying(forwards, each)
    for each in reversed(heard):
        backwards = after_saying(backwards, each)
    assert forwards == backwards == min(heard, key=SAID.index)


@given(st.lists(st.sampled_from(REACHED), min_size=1))
def test_the_furthest_contact_counts_whatever_the_order(contacts):
    assert furthest(contacts) == furthest(reversed(contacts)) == min(contacts, key=REACHED.index)


@pytest.mark.parametrize("ending", Ending)
@pytest.mark.parametrize("by_machine", [False, True])
def test_no_ending_of_a_call_says_that_somebody_is_well(ending, by_machine):
    assert reached(ending, by_machine=by_machine) in REACHED


def test_a_machine_is_told_from_a_person_who_hung_up():
    assert reached(Ending.COMPLETED, by_machine=True) is Outcome.VOICEMAIL
    assert reached(Ending.COMPLETED, by_machine=False) is Outcome.HUNG_UP


@given(st.integers(0, 6), st.integers(0, 2), st.sampled_from(REACHED), st.integers(0, 90))
def test_nobody_is_rung_more_often_or_later_than_the_plan_allows(attempts, numbers_left, contact, minutes):
    again = next_attempt(plan(), attempts, numbers_left, contact, NOON + timedelta(minutes=minutes))
    if again is not None:
        assert attempts < 3
        assert numbers_left
        assert again < plan().last_dial
        assert ALL_DAY.permit(again)


def test_silence_at_an_open_line_is_not_rung_again():
    assert next_attempt(plan(), 1, 1, Outcome.NO_KEY, NOON) is None


def test_an_engaged_line_is_rung_again_when_the_plan_says():
    assert next_attempt(plan(), 1, 1, Outcome.BUSY, NOON) == NOON


@given(st.integers(0, 3 * 24 * 60), st.integers(0, 240))
def test_the_provider_is_asked_early_enough_before_the_hours_and_the_plan_end(minutes, lead_minutes):
    hours, lead = Hours(time(7, 30), time(21, 0), ZoneInfo("Asia/Shanghai")), timedelta(minutes=lead_minutes)
    whole = plan(hours=hours, lead=lead, last_dial=NOON + timedelta(days=2))
    at = whole.next_dial(NOON + timedelta(minutes=minutes))
    if at is not None:
        assert hours.permit(at)
        assert at <= hours.closing(at) - lead
        assert at + lead < whole.last_dial


@pytest.mark.parametrize("contact", sorted(set(REACHED) - {Outcome.HUNG_UP}))
def test_the_second_number_is_tried_when_the_first_reached_nobody(contact):
    assert number_to_try(["a", "b"], [], ("a", contact)) == "b"
    assert number_to_try(["a", "b"], [], ("b", contact)) == "a"


def test_where_a_person_was_reached_they_are_rung_again():
    assert number_to_try(["a", "b"], [], ("a", Outcome.HUNG_UP)) == "a"
    assert number_to_try(["a", "b"], ["a"], ("a", Outcome.HUNG_UP)) == "b"


@given(st.lists(st.sampled_from("abcd"), unique=True), st.sets(st.sampled_from("abcd")), st.sampled_from(REACHED))
def test_a_refused_number_is_never_tried_and_any_other_sooner_or_later(numbers, refused, contact):
    left = [number for number in numbers if number not in refused]
    first = number_to_try(numbers, refused, None)
    assert first == (left[0] if left else None)
    tried, last = [], None
    for _ in numbers:
        last = number_to_try(numbers, refused, last and (last, Outcome.NO_ANSWER))
        tried.append(last)
    assert set(tried) == (set(left) if left or not numbers else {None})
