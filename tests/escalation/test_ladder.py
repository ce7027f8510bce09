from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.models import Role
from escalation.ladder import HOUR, PATIENCE, Asked, Candidate, Reach, climb, untried
from escalation.models import CaseKind, PageState
from escalation.policies import DUTY
from escalation.policy_lookup import shipped

POLICIES = {kind: shipped().table[kind] for kind in CaseKind}
NOW = datetime(2026, 11, 23, 0, 5, tzinfo=UTC)
ids = [UUID(int=number) for number in range(1, 7)]
candidates = st.lists(
    st.builds(
        Candidate,
        st.sampled_from(ids),
        st.sampled_from(Role),
        st.integers(0, 3),
        st.booleans(),
        st.booleans(),
        st.booleans(),
        st.booleans(),
    ),
    unique_by=lambda each: each.responder_id,
)
pages = st.lists(
    st.builds(
        Asked,
        st.sampled_from(ids),
        st.sampled_from(PageState),
        st.integers(0, 3600).map(lambda seconds: NOW - timedelta(seconds=seconds)),
    ),
    max_size=10,
)
policies = st.sampled_from(list(POLICIES.values()))
crowds = st.lists(
    st.builds(Candidate, st.sampled_from(ids[:4]), st.sampled_from([Role.VOLUNTEER, Role.OFFICE]), st.integers(0, 1),
              is_off_duty=st.booleans(), is_away=st.booleans()),
    unique_by=lambda each: each.responder_id, min_size=3,
)  # fmt: skip
"""Several on each of two steps, which what is asked at random seldom has."""
few_pages = st.just([]) | st.lists(
    st.builds(Asked, st.sampled_from(ids[:4]), st.sampled_from([PageState.UNANSWERED, PageState.DECLINED]),
              st.integers(0, 3600).map(lambda seconds: NOW - timedelta(seconds=seconds))), max_size=6,
)  # fmt: skip
HEAD = Candidate(ids[0], Role.BUILDING_HEAD, 1)
NEIGHBOUR = Candidate(ids[1], Role.VOLUNTEER, 3)
OFFICE = Candidate(ids[2], Role.OFFICE, 3)
WISH = POLICIES[CaseKind.NEEDS_SUPPLIES]


def declined(candidate, minutes_ago=5):
    return Asked(candidate.responder_id, PageState.DECLINED, NOW - timedelta(minutes=minutes_ago))


def unanswered(candidate, minutes_ago=5):
    return Asked(candidate.responder_id, PageState.UNANSWERED, NOW - timedelta(minutes=minutes_ago))


rings = st.dictionaries(
    st.sampled_from(ids),
    st.lists(st.integers(0, 3599).map(lambda seconds: NOW - timedelta(seconds=seconds)), max_size=6),
    max_size=3,
)
reaches = st.builds(
    Reach, st.sets(st.sampled_from(ids)), st.sets(st.sampled_from(ids)), rings,
    st.none() | st.integers(1, 600).map(lambda minutes: NOW + timedelta(minutes=minutes)),
)  # fmt: skip
busy = st.builds(Reach, st.sets(st.sampled_from(ids[:4]), max_size=3))
two_steps = st.sampled_from([WISH, POLICIES[CaseKind.UNWELL]])
ANYBODY = Reach()


@given(policies, candidates, pages)
def test_what_is_spoken_changes_the_order_within_a_step_and_nobody_is_left_out(policy, people, asked):
    """On each step, asked equally often, who speaks what the resident speaks comes first; steps stay as they are."""
    alike = [replace(each, is_foreign=False) for each in people]
    turns, without = untried(policy, people, asked, ()), untried(policy, alike, asked, ())
    assert sorted(turns) == sorted(without)
    by_id = {each.responder_id: each for each in people}
    steps = {role: index for index, roles in enumerate(policy.steps) for role in roles}
    times = Counter(page.responder_id for page in asked)

    def place(responder_id):
        each = by_id[responder_id]
        return times[responder_id], each.at_home, steps[each.role], each.is_away, each.is_off_duty

    assert [place(each) for each in turns] == [place(each) for each in without]
    for first, second in pairwise(turns):
        if place(first) == place(second):
            assert by_id[first].is_foreign <= by_id[second].is_foreign


@given(two_steps, crowds, few_pages)
def test_on_each_step_who_is_on_duty_comes_before_who_is_not(policy, people, asked):
    by_id = {each.responder_id: each for each in people}
    steps = {role: index for index, roles in enumerate(policy.steps) for role in roles}
    times = Counter(page.responder_id for page in asked)
    alike = untried(policy, [replace(each, is_off_duty=False) for each in people], asked, ())
    turns = untried(policy, people, asked, ())
    assert sorted(turns) == sorted(alike)
    for first, second in pairwise(by_id[each] for each in turns):
        where = [(times[e.responder_id], e.at_home, steps[e.role], e.is_away) for e in (first, second)]
        assert where[0] < where[1] or (where[0] == where[1] and first.is_off_duty <= second.is_off_duty)


@given(two_steps, crowds, few_pages, busy)
def test_an_absence_is_never_the_reason_that_nobody_is_asked(policy, people, asked, reach):
    there = [replace(each, is_away=False) for each in people]
    step, as_if_there = (climb(policy, each, asked, reach, NOW) for each in (people, there))
    live = any(page.state is PageState.CALLING and NOW - page.at < PATIENCE for page in asked)
    assert bool(step.ask or live) == bool(as_if_there.ask or live)
    assert step.ask or live or step.look_at == as_if_there.look_at


@given(two_steps, crowds, few_pages, busy)
def test_who_is_away_changes_nothing_as_long_as_others_of_their_step_can_be_asked(policy, people, asked, reach):
    steps = {role: index for index, roles in enumerate(policy.steps) for role in roles}
    manned = {(each.at_home, steps.get(each.role)) for each in people if not each.is_away}
    others = [each for each in people if not each.is_away or (each.at_home, steps.get(each.role)) not in manned]
    without = climb(policy, others, asked, reach, NOW)
    if without.ask and untried(policy, others, asked, ()):
        assert climb(policy, people, asked, reach, NOW).ask == without.ask


@given(policies, candidates, pages, reaches)
def test_the_ladder_always_looks_again(policy, people, asked, reach):
    step = climb(policy, people, asked, reach, NOW)
    at_latest = NOW + max(PATIENCE, policy.longest_pause, HOUR)
    assert NOW < step.look_at <= max(at_latest, reach.wakes_at or NOW)


@given(policies, candidates, pages, reaches)
def test_nobody_is_asked_who_is_on_the_telephone_for_us(policy, people, asked, reach):
    assert not set(climb(policy, people, asked, reach, NOW).ask) & (set(reach.engaged) - set(reach.ringing))


@given(policies, candidates, pages, reaches)
def test_nobody_is_asked_twice_at_once_about_the_same(policy, people, asked, reach):
    asking = {page.responder_id for page in asked if page.state is PageState.CALLING}
    assert not set(climb(policy, people, asked, reach, NOW).ask) & asking


@given(policies, candidates, pages, reaches)
def test_a_new_call_is_within_the_limit_and_apart_from_the_last_one_except_for_an_illness(policy, people, asked, reach):
    for responder_id in set(climb(policy, people, asked, reach, NOW).ask) - set(reach.ringing):
        rung = reach.rung.get(responder_id, [])
        assert policy.calls_per_hour is None or len(rung) < policy.calls_per_hour
        assert all(NOW - at >= policy.apart for at in rung)
    assert (policy.calls_per_hour is None) == (policy.urgency == 0)


@given(policies, candidates, pages, reaches)
def test_in_the_quiet_hours_only_what_rings_at_any_hour_is_asked_about(policy, people, asked, reach):
    asks = climb(policy, people, asked, reach, NOW).ask
    assert not asks or reach.wakes_at is None or policy.at_any_hour


def test_an_illness_rings_at_any_hour_and_nothing_else():
    assert {kind for kind, policy in POLICIES.items() if policy.at_any_hour} == {CaseKind.UNWELL}


@given(policies, candidates, pages)
def test_never_more_telephones_ring_at_once_than_the_policy_allows(policy, people, asked):
    live = sum(page.state is PageState.CALLING and NOW - page.at < PATIENCE for page in asked)
    assert len(climb(policy, people, asked, ANYBODY, NOW).ask) <= max(0, policy.at_once - live)


@given(policies, candidates)
def test_somebody_is_asked_at_once_when_anybody_of_the_steps_is_there(policy, people):
    on_a_step = [each for each in people if each.role in policy.roles]
    assert bool(climb(policy, people, [], ANYBODY, NOW).ask) == bool(on_a_step)


def test_whoever_is_being_rung_already_is_told_in_the_same_call():
    reach = Reach({HEAD.responder_id}, {HEAD.responder_id}, {HEAD.responder_id: [NOW] * 9})
    assert climb(WISH, [HEAD, NEIGHBOUR], [], reach, NOW).ask == (HEAD.responder_id,)


def test_whoever_was_rung_as_often_as_may_be_gives_way_to_the_next_and_comes_back():
    four = [NOW - timedelta(minutes=minutes) for minutes in (50, 40, 30, 20)]
    reach = Reach(rung={HEAD.responder_id: four})
    assert climb(WISH, [HEAD, NEIGHBOUR], [], reach, NOW).ask == (NEIGHBOUR.responder_id,)
    alone = climb(WISH, [HEAD], [], reach, NOW)
    assert (alone.ask, alone.look_at) == ((), NOW + timedelta(minutes=10))
    assert climb(POLICIES[CaseKind.UNWELL], [HEAD], [], reach, NOW).ask == (HEAD.responder_id,)


def test_the_nearest_neighbour_is_asked_first():
    assert climb(WISH, [OFFICE, NEIGHBOUR, HEAD], [], ANYBODY, NOW).ask == (HEAD.responder_id,)


def test_the_next_one_is_asked_after_a_refusal():
    assert climb(WISH, [OFFICE, NEIGHBOUR, HEAD], [declined(HEAD)], ANYBODY, NOW).ask == (NEIGHBOUR.responder_id,)


def test_whoever_let_it_ring_is_asked_again_in_the_next_round():
    asked = [unanswered(HEAD), unanswered(NEIGHBOUR), unanswered(OFFICE)]
    assert climb(WISH, [OFFICE, NEIGHBOUR, HEAD], asked, ANYBODY, NOW).ask == (HEAD.responder_id,)


@pytest.mark.parametrize("times", [3, 30])
def test_the_office_is_asked_for_ever(times):
    asked = [
        each for _ in range(times) for each in (unanswered(HEAD, 70), unanswered(NEIGHBOUR, 70), unanswered(OFFICE, 70))
    ]
    assert climb(WISH, [HEAD, NEIGHBOUR, OFFICE], asked, ANYBODY, NOW).ask == (OFFICE.responder_id,)


def test_without_an_office_everybody_is_asked_for_ever():
    asked = [declined(HEAD, 70), *[unanswered(NEIGHBOUR, 70)] * 5]
    assert climb(WISH, [HEAD, NEIGHBOUR], asked, ANYBODY, NOW).ask == (HEAD.responder_id,)


def test_the_office_is_not_rung_without_a_pause():
    asked = [*[unanswered(OFFICE)] * 2, unanswered(OFFICE, minutes_ago=0)]
    step = climb(WISH, [OFFICE], asked, ANYBODY, NOW)
    assert step.ask == ()
    assert step.look_at == NOW + WISH.pause


@pytest.mark.parametrize("kind", POLICIES)
def test_the_pauses_grow_until_they_are_long_enough(kind):
    policy = POLICIES[kind]
    office = Candidate(ids[2], policy.steps[-1][0] if kind is CaseKind.MESSAGE else Role.OFFICE, 3)
    pauses = []
    for times in range(policy.rounds, policy.rounds + 12) if policy.rings else ():
        asked = [unanswered(office, minutes_ago=0)] * times
        pauses.append(climb(policy, [office], asked, ANYBODY, NOW).look_at - NOW)
    assert pauses == sorted(pauses)
    assert not pauses or (pauses[0], pauses[-1]) == (policy.pause, policy.longest_pause)


@given(candidates, pages, st.sets(st.sampled_from(ids)))
def test_while_somebody_waits_each_office_is_rung_once_and_only_the_office(people, asked, engaged):
    offices = {each.responder_id for each in people if each.role is Role.OFFICE}
    left = untried(shipped().table[DUTY], people, asked, engaged)
    assert set(left) == offices - engaged - {page.responder_id for page in asked}
    assert len(left) == len(set(left))


def test_the_other_telephone_of_whoever_was_just_rung_need_not_rest_and_still_counts_within_the_hour():
    just = [NOW - timedelta(seconds=30)]
    rung = {HEAD.responder_id: just}
    waits = climb(WISH, [HEAD], [unanswered(HEAD, 0.5)], Reach(rung=rung), NOW)
    assert waits.ask == ()
    other = Reach(rung=rung, here={HEAD.responder_id: []})
    assert climb(WISH, [HEAD], [unanswered(HEAD, 0.5)], other, NOW).ask == (HEAD.responder_id,)
    often = {HEAD.responder_id: just * WISH.calls_per_hour}
    assert climb(WISH, [HEAD], [unanswered(HEAD, 0.5)], Reach(rung=often, here={HEAD.responder_id: []}), NOW).ask == ()
