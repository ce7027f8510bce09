from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.models import Role
from escalation.ladder import PATIENCE, Asked, Candidate, climb, untried
from escalation.models import CaseKind, PageState
from escalation.policies import OFFICE_TELEPHONES, POLICIES

NOW = datetime(2026, 11, 23, 0, 5, tzinfo=UTC)
ids = [UUID(int=number) for number in range(1, 7)]
candidates = st.lists(
    st.builds(Candidate, st.sampled_from(ids), st.sampled_from(Role), st.integers(0, 3)),
    unique_by=lambda each: each.responder_id,
)
pages = st.lists(
    st.builds(
        Asked,
        st.sampled_from(ids),
        st.sampled_from(PageState),
        st.integers(0, 3600).map(lambda seconds: NOW - timedelta(seconds=seconds)),
    )
)
policies = st.sampled_from(list(POLICIES.values()))
HEAD = Candidate(ids[0], Role.BUILDING_HEAD, 1)
NEIGHBOUR = Candidate(ids[1], Role.VOLUNTEER, 3)
OFFICE = Candidate(ids[2], Role.OFFICE, 3)
WISH = POLICIES[CaseKind.NEEDS_SUPPLIES]


def declined(candidate, minutes_ago=5):
    return Asked(candidate.responder_id, PageState.DECLINED, NOW - timedelta(minutes=minutes_ago))


def unanswered(candidate, minutes_ago=5):
    return Asked(candidate.responder_id, PageState.UNANSWERED, NOW - timedelta(minutes=minutes_ago))


@given(policies, candidates, pages, st.sets(st.sampled_from(ids)))
def test_the_ladder_always_looks_again(policy, people, asked, engaged):
    step = climb(policy, people, asked, engaged, NOW)
    assert NOW < step.look_at <= NOW + max(PATIENCE, policy.pause)


@given(policies, candidates, pages, st.sets(st.sampled_from(ids)))
def test_nobody_is_asked_whose_telephone_is_already_ringing_for_us(policy, people, asked, engaged):
    assert not set(climb(policy, people, asked, engaged, NOW).ask) & engaged


@given(policies, candidates, pages)
def test_never_more_telephones_ring_at_once_than_the_policy_allows(policy, people, asked):
    live = sum(page.state is PageState.CALLING and NOW - page.at < PATIENCE for page in asked)
    assert len(climb(policy, people, asked, set(), NOW).ask) <= max(0, policy.at_once - live)


@given(policies, candidates)
def test_somebody_is_asked_at_once_when_anybody_of_the_rungs_is_there(policy, people):
    on_a_rung = [each for each in people if any(each.role in rung for rung in policy.rungs)]
    assert bool(climb(policy, people, [], set(), NOW).ask) == bool(on_a_rung)


def test_the_nearest_neighbour_is_asked_first():
    assert climb(WISH, [OFFICE, NEIGHBOUR, HEAD], [], set(), NOW).ask == (HEAD.responder_id,)


def test_the_next_one_is_asked_after_a_refusal():
    assert climb(WISH, [OFFICE, NEIGHBOUR, HEAD], [declined(HEAD)], set(), NOW).ask == (NEIGHBOUR.responder_id,)


def test_whoever_let_it_ring_is_asked_again_on_the_next_lap():
    asked = [unanswered(HEAD), unanswered(NEIGHBOUR), unanswered(OFFICE)]
    assert climb(WISH, [OFFICE, NEIGHBOUR, HEAD], asked, set(), NOW).ask == (HEAD.responder_id,)


@pytest.mark.parametrize("times", [3, 30])
def test_the_office_is_asked_for_ever(times):
    asked = [each for _ in range(times) for each in (unanswered(HEAD), unanswered(NEIGHBOUR), unanswered(OFFICE))]
    assert climb(WISH, [HEAD, NEIGHBOUR, OFFICE], asked, set(), NOW).ask == (OFFICE.responder_id,)


def test_without_an_office_everybody_is_asked_for_ever():
    asked = [declined(HEAD), *[unanswered(NEIGHBOUR)] * 5]
    assert climb(WISH, [HEAD, NEIGHBOUR], asked, set(), NOW).ask == (HEAD.responder_id,)


def test_the_office_is_not_rung_without_a_pause():
    asked = [*[unanswered(OFFICE)] * 3, unanswered(OFFICE, minutes_ago=0)]
    step = climb(WISH, [OFFICE], asked, set(), NOW)
    assert step.ask == ()
    assert step.look_at == NOW + WISH.pause


@given(candidates, pages, st.sets(st.sampled_from(ids)))
def test_while_somebody_waits_each_office_is_rung_once_and_only_the_office(people, asked, engaged):
    offices = {each.responder_id for each in people if each.role is Role.OFFICE}
    left = untried(OFFICE_TELEPHONES, people, asked, engaged)
    assert set(left) == offices - engaged - {page.responder_id for page in asked}
    assert len(left) == len(set(left))
