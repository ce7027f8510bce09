"""A community or a campaign with policies of its own: whom that rings, and that it changes nothing for the others."""

from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import event, select

from campaigns.changes import new_campaigns
from campaigns.models import Campaign, CampaignKind, CheckIn, Outcome
from campaigns.rounds import check_ins
from contacts.community.community import the_community
from contacts.models import Community, Responder, Role
from core import actors, clock
from core.storage import database
from escalation import climbing, queries
from escalation.calls import duty_calls
from escalation.cases import cases
from escalation.models import Case, CaseKind, CaseState, Page, PageState, PolicyOverride
from escalation.paging import reach
from escalation.policies import EVERY
from escalation.policy_lookup import policies_of
from tests import people, quiet_hours
from tests.campaigns.mornings import a_round
from tests.switchboard import rows

NURSE_FIRST = [["nurse"], ["building_head"], ["office"]]
NINE_IN_THE_EVENING = datetime(2026, 11, 28, 13, 0, tzinfo=UTC)


class Quarter:
    """A community with two residents, and a building head, a nurse and an office for all of it."""

    def __init__(self, session, community, code):
        self.id, self.code = community.id, code
        home = people.household(session, "101", f"{code}号楼", "", of=community)
        self.people = [
            people.resident(session, f"{code}奶奶{index}", f"+863118600{code}{index:02}", home=home, called="奶奶").id
            for index in range(3)
        ]
        roles = (Role.BUILDING_HEAD, Role.NURSE, Role.OFFICE)
        self.by_role = {
            role: people.responder(session, str(role), f"+861390000{code}{index:02}", role, of=community).id
            for index, role in enumerate(roles)
        }

    def opens(self, kind, person=0, campaign_id=None):
        with database.unit_of_work() as session:
            return cases.open_case(
                session, actors.system(), kind, self.people[person], None, campaign_id=campaign_id
            ).id

    def rung_about(self, case_id):
        """The roles whose telephones ring about a case, in the order in which they were asked."""
        roles = {responder_id: role for role, responder_id in self.by_role.items()}
        return [roles[page.responder_id] for page in rows(Page, case_id=case_id)]


@pytest.fixture
def east(switchboard):
    with database.unit_of_work() as session:
        return Quarter(session, the_community(session), "61")


@pytest.fixture
def west(switchboard):
    with database.unit_of_work() as session:
        other = people.another_community(session, "槐西社区")
        return Quarter(session, other, "62")


def wants(quarter, kind, campaign_id=None, **terms):
    with database.unit_of_work() as session:
        session.add(PolicyOverride(community_id=quarter.id, campaign_id=campaign_id, kind=kind, terms=terms))


def test_a_community_asks_its_nurse_before_the_building_head_and_the_other_does_not(east, west):
    wants(west, CaseKind.UNWELL, steps=NURSE_FIRST, at_once=1)
    there, here = west.opens(CaseKind.UNWELL), east.opens(CaseKind.UNWELL)
    assert west.rung_about(there) == [Role.NURSE]
    assert east.rung_about(here) == [Role.BUILDING_HEAD, Role.NURSE]
    assert west.rung_about(west.opens(CaseKind.NO_ANSWER, 1)) == [Role.BUILDING_HEAD]


def test_a_resident_who_presses_3_is_looked_after_as_their_community_wishes(switchboard, east):
    wants(east, CaseKind.UNWELL, steps=[["nurse"], ["office"]], at_once=1)
    a_round()
    with database.unit_of_work() as session:
        check_in = session.scalars(select(CheckIn).where(CheckIn.resident_id == east.people[0])).one()
        check_ins.hear(session, check_in, Outcome.UNWELL)
    [case] = rows(Case)
    assert east.rung_about(case.id) == [Role.NURSE]


def test_the_quiet_hours_of_a_community_are_its_own(east, west, clock_by_hand, monkeypatch):
    quiet_hours.as_shipped(monkeypatch)
    with database.unit_of_work() as session:
        the_community(session).call_until = time(20)
        session.get_one(Community, west.id).call_until = time(19)
    wants(west, EVERY, quiet_from="20:30", quiet_until="08:30")
    clock_by_hand(NINE_IN_THE_EVENING)
    there, here = west.opens(CaseKind.NO_ANSWER), east.opens(CaseKind.NO_ANSWER)
    assert (west.rung_about(there), east.rung_about(here)) == ([], [Role.BUILDING_HEAD])
    assert rows(Case, id=there)[0].look_at == datetime(2026, 11, 29, 0, 30, tzinfo=UTC)
    assert west.rung_about(west.opens(CaseKind.UNWELL, 1)) == [Role.BUILDING_HEAD, Role.NURSE]


def test_what_stands_on_the_page_in_one_community_rings_in_the_other(east, west):
    wants(west, CaseKind.NO_ANSWER, steps=[])
    wants(west, CaseKind.NOTICE_NOT_HEARD, steps=[["office"]])
    there, here = west.opens(CaseKind.NO_ANSWER), east.opens(CaseKind.NO_ANSWER)
    assert (west.rung_about(there), east.rung_about(here)) == ([], [Role.BUILDING_HEAD])
    assert west.rung_about(west.opens(CaseKind.NOTICE_NOT_HEARD, 1)) == [Role.OFFICE]
    assert east.rung_about(east.opens(CaseKind.NOTICE_NOT_HEARD, 1)) == []
    climbing.climb_due()
    assert west.rung_about(there) == []


def test_what_stands_on_the_page_is_told_in_no_call_whatever_else_rings_or_whoever_rings_in(east, west, later):
    """In the call of another case, in a responder's own call, or to whoever has just hung up."""
    wants(west, CaseKind.HUNG_UP, steps=[])
    standing = {quarter: quarter.opens(CaseKind.HUNG_UP) for quarter in (west, east)}
    with database.unit_of_work() as session:
        for page in session.query(Page):
            page.state = PageState.UNANSWERED
    later(minutes=2)
    for quarter in (west, east):
        quarter.opens(CaseKind.UNWELL, 1)
    with database.unit_of_work() as session:
        session.query(Case).filter(Case.kind == CaseKind.HUNG_UP).update({Case.look_at: None})
    climbing.climb_due()
    told = {quarter: [page.state for page in rows(Page, case_id=standing[quarter]) if page.state == "calling"]
            for quarter in (west, east)}  # fmt: skip
    assert told[west] == []
    assert PageState.CALLING in told[east]
    with database.reading() as session:
        heads = {quarter: session.get_one(Responder, quarter.by_role[Role.BUILDING_HEAD]) for quarter in (west, east)}
        heard = {quarter: {case.kind for case in queries.cases_for(session, policies_of(session), head, 9)}
                 for quarter, head in heads.items()}  # fmt: skip
        assert duty_calls.has_something(session, heads[west])
    assert heard == {west: {CaseKind.UNWELL}, east: {CaseKind.UNWELL, CaseKind.HUNG_UP}}


def test_a_campaign_has_policies_of_its_own_over_those_of_its_community(east):
    with database.unit_of_work() as session:
        own = new_campaigns.create_campaign(session, actors.system(), "新出院", flags=None).id
        other = new_campaigns.create_campaign(session, actors.system(), "每天", flags=None).id
    wants(east, CaseKind.NO_ANSWER, own, steps=[["nurse"]])
    wants(east, CaseKind.NO_ANSWER, steps=[["office"]], close_within_minutes=7)
    assert east.rung_about(east.opens(CaseKind.NO_ANSWER, 0, own)) == [Role.NURSE]
    assert east.rung_about(east.opens(CaseKind.NO_ANSWER, 1, other)) == [Role.OFFICE]
    with database.reading() as session:
        found = policies_of(session).of(east.id, own, CaseKind.NO_ANSWER)
    assert found.close_within.total_seconds() == 7 * 60


def test_a_check_ins_case_goes_by_the_policies_of_its_campaign(east):
    a_round()
    [campaign] = rows(Campaign, kind=CampaignKind.CHECK_IN)
    wants(east, CaseKind.NO_ANSWER, campaign.id, steps=[["office"]])
    with database.unit_of_work() as session:
        for check_in in session.query(CheckIn):
            check_ins.decide(session, actors.system(), check_in, Outcome.NO_ANSWER)
    assert {case.campaign_id for case in rows(Case)} == {campaign.id}
    assert east.rung_about(rows(Case)[0].id) == [Role.OFFICE]


def test_who_could_be_rung_is_foreseen_by_the_policies_of_the_community(east, west):
    wants(west, EVERY, steps=[["police"]])
    wants(west, CaseKind.UNWELL, steps=[["nurse"]])
    with database.reading() as session:
        assert not any(CaseKind.UNWELL in gap.kinds for gap in reach.gaps_of(session, west.id))
        assert reach.gaps_of(session, east.id) == []


def test_a_policy_that_cannot_be_is_left_out_and_the_one_beneath_it_holds(east, caplog):
    wants(east, CaseKind.UNWELL, steps=[])
    wants(east, CaseKind.NO_ANSWER, steps=[["nurse"]])
    assert east.rung_about(east.opens(CaseKind.UNWELL)) == [Role.BUILDING_HEAD, Role.NURSE]
    assert east.rung_about(east.opens(CaseKind.NO_ANSWER, 1)) == [Role.NURSE]
    assert "steps cannot be []" in caplog.text


def test_a_case_goes_by_the_policy_of_now(east):
    case_id = east.opens(CaseKind.NO_ANSWER)
    wants(east, CaseKind.NO_ANSWER, move_within_minutes=3)
    with database.unit_of_work() as session:
        assert cases.accept(session, actors.system(), case_id, east.by_role[Role.OFFICE])
    [case] = rows(Case, id=case_id)
    assert (case.state, (case.look_at - case.accepted_at).total_seconds()) == (CaseState.ACCEPTED, 180)


def test_all_policies_are_read_once_in_a_tick_and_not_at_all_in_an_idle_one(east, west):
    climbing.climb_due()
    with counting() as idle:
        climbing.climb_due()
    assert idle.count("policy_overrides") == 0
    for quarter in (east, west):
        for person in range(3):
            quarter.opens(CaseKind.NO_ANSWER, person)
    with database.unit_of_work() as session:
        session.query(Case).update({Case.look_at: clock.now()})
    with counting() as busy:
        climbing.climb_due()
    assert busy.count("policy_overrides") == 1
    with counting() as key:
        east.opens(CaseKind.UNWELL, 1)
    assert key.count("policy_overrides") == 1


@contextmanager
def counting():
    """The tables that statements have begun to read meanwhile, as often as they did."""
    told = []

    def note(_, __, statement, *___):
        if "FROM policy_overrides" in statement:
            told.append("policy_overrides")

    for engine in database.current().engines:
        event.listen(engine, "before_cursor_execute", note)
    yield told
    for engine in database.current().engines:
        event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def later(clock_by_hand):
    return lambda **passed: clock_by_hand(clock.now() + timedelta(**passed))
