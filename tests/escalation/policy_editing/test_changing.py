"""A policy is changed: what is kept, what is refused, who is rung by it, and what the log tells."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from campaigns.changes import new_campaigns
from contacts.community.community import the_community
from contacts.models import Community, Role
from core import actors, clock
from core.errors import ConflictError, NotFoundError, UserError
from core.running.events import latest
from core.storage.database import reading, unit_of_work
from escalation import policy_lookup
from escalation.models import Case, CaseKind, CaseState, PolicyOverride
from escalation.policies import EVERY
from escalation.policy_editing.changing import change_policy
from escalation.policy_editing.written import written_policies, written_policy
from escalation.policy_lookup import policies_of
from tests import people
from tests.escalation.test_policies_of_communities import Quarter
from tests.switchboard import rows

CHIEF = actors.user("田主任")


@pytest.fixture
def east(switchboard):
    with unit_of_work() as session:
        return Quarter(session, the_community(session), "61")


@pytest.fixture
def campaign(east):
    with unit_of_work() as session:
        return new_campaigns.create_campaign(session, actors.system(), "新出院", flags=None).id


def say(quarter, kind, campaign_id=None, **own):
    with unit_of_work() as session:
        return change_policy(session, CHIEF, quarter.id, campaign_id, kind, own)


def policy(quarter, kind, campaign_id=None):
    with reading() as session:
        return policies_of(session).of(quarter.id, campaign_id, kind)


def test_only_what_differs_from_what_lies_beneath_is_kept(east):
    beneath = policy_lookup.shipped().laid["unwell"]
    say(east, CaseKind.UNWELL, at_once=3, rounds=3, close_within_minutes=beneath["close_within_minutes"])
    [row] = rows(PolicyOverride)
    assert (row.kind, row.terms, row.campaign_id) == ("unwell", {"at_once": 3}, None)
    assert policy(east, CaseKind.UNWELL).at_once == 3
    say(east, CaseKind.UNWELL, at_once=2)
    assert rows(PolicyOverride) == []
    assert policy(east, CaseKind.UNWELL).at_once == 2


def test_the_log_tells_who_changed_which_term_from_what_to_what(east, campaign):
    say(east, CaseKind.BUSY, at_once=2)
    say(east, CaseKind.BUSY, campaign, at_once=4)
    say(east, CaseKind.BUSY, campaign, at_once=4)
    with reading() as session:
        found = latest(session, 9, ["community.changed"])
    assert [
        (each.actor.name, each.facts["policy"], each.facts["changes"], each.facts["campaign"]) for each in found
    ] == [
        ("田主任", "busy", {"at_once": {"from": 2, "to": 4}}, str(campaign)),
        ("田主任", "busy", {"at_once": {"from": 1, "to": 2}}, None),
    ]


def test_a_campaign_stands_on_its_community_and_every_beneath_each_kind(east, campaign):
    say(east, EVERY, rounds=5)
    say(east, CaseKind.BUSY, at_once=2)
    say(east, CaseKind.BUSY, campaign, move_within_minutes=9)
    with reading() as session:
        [busy] = [each for each in written_policies(session, east.id, campaign) if each.kind == "busy"]
        unwell = written_policy(session, east.id, None, CaseKind.UNWELL)
    assert (busy.own, busy.beneath["at_once"], busy.beneath["rounds"]) == ({"move_within_minutes": 9}, 2, 5)
    assert (unwell.own, unwell.terms["rounds"], unwell.terms["pause_minutes"]) == ({}, 5, 1)
    assert policy(east, CaseKind.BUSY, campaign).rounds == 5


def test_another_community_goes_on_as_before(east):
    with unit_of_work() as session:
        west = Quarter(session, people.another_community(session, "槐西社区"), "62")
    say(west, CaseKind.UNWELL, steps=[["nurse"], ["office"]], at_once=1)
    assert policy(east, CaseKind.UNWELL) == policy_lookup.shipped().table["unwell"]
    assert west.rung_about(west.opens(CaseKind.UNWELL)) == [Role.NURSE]


@pytest.mark.parametrize(
    ("kind", "own", "field"),
    [
        (CaseKind.UNWELL, {"steps": []}, "steps"),
        (CaseKind.UNWELL, {"at_any_hour": False}, "at_any_hour"),
        (CaseKind.BUSY, {"at_once": 0}, "at_once"),
        (CaseKind.BUSY, {"at_once": "many"}, "at_once"),
        (CaseKind.BUSY, {"longest_pause_minutes": 1}, "longest_pause_minutes"),
        (CaseKind.BUSY, {"volume": 3}, "volume"),
        (EVERY, {"quiet_from": "at night"}, "quiet_from"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_changed(east, kind, own, field):
    with pytest.raises(UserError) as refused:
        say(east, kind, **own)
    assert refused.value.field == field
    assert rows(PolicyOverride) == []


def test_a_kind_that_there_is_not_is_refused(east):
    with pytest.raises(NotFoundError):
        say(east, "hungry", at_once=1)


def test_what_would_break_a_campaigns_policy_is_refused(east, campaign):
    say(east, CaseKind.BUSY, campaign, longest_pause_minutes=10)
    with pytest.raises(UserError) as refused:
        say(east, CaseKind.BUSY, pause_minutes=20)
    assert refused.value.field == "longest_pause_minutes"
    assert policy(east, CaseKind.BUSY).pause == policy_lookup.shipped().table["busy"].pause


@pytest.mark.parametrize("kind", [CaseKind.UNWELL, CaseKind.MESSAGE])
def test_a_policy_by_which_nobody_can_be_rung_is_refused(east, kind):
    with pytest.raises(ConflictError) as refused:
        say(east, kind, steps=[["police_liaison"]])
    assert refused.value.field == "steps"
    assert "police liaison" in str(refused.value)
    assert policy(east, kind) == policy_lookup.shipped().table[kind]


def test_one_who_looks_after_a_building_in_which_nobody_is_rung_does_not_count(east):
    with unit_of_work() as session:
        community = session.get_one(Community, east.id)
        people.household(session, "101", "99号楼", "", of=community)
        people.responder(session, "警务", "+8613900009999", Role.POLICE_LIAISON, buildings=["99号楼"], of=community)
    with pytest.raises(ConflictError):
        say(east, CaseKind.UNWELL, steps=[["police_liaison"]])


def test_who_was_reached_by_nobody_before_can_still_have_other_terms(switchboard):
    with unit_of_work() as session:
        empty = the_community(session)
        assert change_policy(session, CHIEF, empty.id, None, CaseKind.BUSY, {"at_once": 2}).own == {"at_once": 2}


def test_open_cases_are_looked_at_again_at_once(east, clock_by_hand):
    clock_by_hand(datetime(2026, 11, 28, 2, 0, tzinfo=UTC))
    busy, other, done = (
        east.opens(kind, at) for at, kind in enumerate((CaseKind.BUSY, CaseKind.NO_ANSWER, CaseKind.BUSY))
    )
    with unit_of_work() as session:
        session.get_one(Case, done).state, session.get_one(Case, done).look_at = CaseState.CLOSED, None
    later = {each.id: each.look_at for each in rows(Case)}
    say(east, CaseKind.BUSY, at_once=2)
    looks = {each.id: each.look_at for each in rows(Case)}
    assert (looks[other], looks[done]) == (later[other], None)
    assert looks[busy] <= clock.now() < later[busy]


def test_an_override_that_cannot_be_is_replaced_by_what_is_said_now(east):
    with unit_of_work() as session:
        session.add(PolicyOverride(community_id=east.id, kind="busy", terms={"at_once": -1}))
    say(east, CaseKind.BUSY, at_once=2)
    with reading() as session:
        assert session.scalars(select(PolicyOverride.terms)).all() == [{"at_once": 2}]
