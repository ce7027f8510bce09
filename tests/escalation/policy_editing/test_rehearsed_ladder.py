"""A ladder that is played without ringing anybody: it goes as the ladder itself goes."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.hours import Hours
from contacts.models import Role
from escalation.ladder import PATIENCE, Candidate
from escalation.policy_editing.rehearsed_ladder import LONGEST, MOST_MOMENTS, Means, rehearsed
from escalation.policy_lookup import shipped
from escalation.policy_terms import policy_of

ZONE = ZoneInfo("Asia/Shanghai")
AWAKE = Hours(time(7), time(22), ZONE)
EIGHT, MIDNIGHT = datetime(2026, 11, 28, 0, 5, tzinfo=UTC), datetime(2026, 11, 28, 16, 0, tzinfo=UTC)
RING = timedelta(seconds=45)


def terms(kind, **others):
    laid = shipped().laid
    return policy_of(kind, {**laid["every"], **laid[kind], **others})


def somebody(number, role, **more):
    return Candidate(UUID(int=number), role, 0, **more)


HEAD, VOLUNTEER, NURSE, OFFICE = (
    somebody(1, Role.BUILDING_HEAD),
    somebody(2, Role.VOLUNTEER),
    somebody(3, Role.NURSE),
    somebody(4, Role.OFFICE),
)
ALL = (HEAD, VOLUNTEER, NURSE, OFFICE)


def played(policy, candidates=ALL, begins=EIGHT, with_text=()):
    return rehearsed(policy, candidates, AWAKE, begins, RING, with_text=with_text)


def by_second(found):
    return [(int(each.after.total_seconds()), {who.int for who in each.responders}) for each in found.moments]


def test_two_at_once_then_whoever_is_next_as_soon_as_a_telephone_stops():
    assert by_second(played(terms("unwell")))[:4] == [(0, {1, 2}), (45, {3, 4}), (90, {1, 2}), (135, {3, 4})]


def test_after_all_rounds_the_office_alone_goes_on_for_ever():
    found = played(terms("unwell", rounds=1)).moments
    for_ever = [each for each in found if each.for_ever]
    assert {each.responders for each in for_ever} == {(OFFICE.responder_id,)}
    gaps = [(b.after - a.after).total_seconds() / 60 for a, b in pairwise(for_ever)]
    assert gaps[:4] == [2, 4, 8, 15]


def test_nobody_is_rung_more_often_in_an_hour_than_the_policy_allows():
    found = played(terms("busy", calls_per_hour=2, apart_minutes=5), [HEAD])
    times = [each.after for each in found.moments]
    assert times[:2] == [timedelta(0), timedelta(minutes=5)]
    assert times[2] >= timedelta(hours=1)


def test_a_text_goes_ahead_and_the_call_comes_when_the_policy_says():
    found = played(terms("needs_supplies"), [HEAD], with_text={HEAD.responder_id}).moments
    assert [(each.means, each.after) for each in found[:2]] == [
        (Means.TEXT, timedelta(0)), (Means.CALL, timedelta(minutes=2)),
    ]  # fmt: skip
    assert all(each.means is Means.CALL for each in played(terms("needs_supplies"), [HEAD]).moments)


def test_in_the_quiet_hours_only_what_is_for_any_hour_rings():
    asleep = played(terms("busy"), begins=MIDNIGHT)
    assert (list(asleep.moments), asleep.sleeps_until) == ([], datetime(2026, 11, 28, 23, 0, tzinfo=UTC))
    assert by_second(played(terms("unwell"), begins=MIDNIGHT))[0] == (0, {1, 2})


@pytest.mark.parametrize(("policy", "candidates"), [(terms("notice_not_heard"), ALL), (terms("unwell"), [])])
def test_without_steps_or_without_anybody_nothing_happens(policy, candidates):
    assert list(played(policy, candidates).moments) == []


ROLES = st.lists(st.sampled_from([Role.BUILDING_HEAD, Role.VOLUNTEER, Role.NURSE, Role.OFFICE]), max_size=6)


@given(
    roles=ROLES, kind=st.sampled_from(["unwell", "no_key", "busy", "needs_supplies", "message"]),
    at_once=st.integers(1, 4), rounds=st.integers(1, 4), per_hour=st.integers(1, 6), apart=st.integers(0, 10),
    hour=st.integers(0, 23), texts=st.booleans(),
)  # fmt: skip
def test_whatever_the_policy_it_ends_and_keeps_its_own_rules(
    roles, kind, at_once, rounds, per_hour, apart, hour, texts
):
    policy = terms(kind, at_once=at_once, rounds=rounds, calls_per_hour=per_hour, apart_minutes=apart)
    candidates = [somebody(number, role) for number, role in enumerate(roles, 1)]
    begins = EIGHT.replace(hour=hour)
    with_text = {each.responder_id for each in candidates} if texts else set()
    found = rehearsed(policy, candidates, AWAKE, begins, RING, with_text=with_text)
    assert len(found.moments) <= MOST_MOMENTS
    calls = [each for each in found.moments if each.means is Means.CALL]
    for each in calls:
        assert timedelta(0) <= each.after <= LONGEST + PATIENCE
    for who in {who for each in calls for who in each.responders}:
        times = [each.after for each in calls if who in each.responders]
        assert all(b - a >= max(RING, policy.apart) for a, b in pairwise(times))
        for at in times:
            assert sum(at - timedelta(hours=1) < other <= at for other in times) <= per_hour
