"""Whoever becomes free is asked at once about the most urgent case that waits for them."""

import pytest
from sqlalchemy import select

from core import actors, clock
from core.storage import database
from escalation import climbing, queries
from escalation.cases import cases
from escalation.models import Case, CaseKind, Page, PageState
from escalation.paging import paging
from escalation.policy_lookup import policies_of
from ivr.dispatch import calls
from ivr.models import Call, CallState, Ending
from tests import people
from zaoan.process import wiring


@pytest.fixture
def house(house_settings):
    opened = wiring.open_house(house_settings)
    yield opened
    opened.close()


def resident(session, building, room):
    return people.resident(session, room, home=people.household(session, room, building, "1单元"), agreed=False).id


def responder(session, number, *buildings, role="volunteer"):
    return people.responder(session, number, number, role, buildings=buildings)


def asked(session):
    return [page.case_id for page in session.scalars(select(Page).where(Page.state == PageState.CALLING))]


def test_what_comes_up_while_a_telephone_rings_joins_the_call_the_most_urgent_first(house):
    with database.unit_of_work() as session:
        helper = responder(session, "+8613900000001", "1号楼")
        first = cases.open_case(session, actors.system(), CaseKind.NO_ANSWER, resident(session, "1号楼", "101"), None)
        wish = cases.open_case(
            session, actors.system(), CaseKind.NEEDS_SUPPLIES, resident(session, "1号楼", "102"), None
        )
        urgent = cases.open_case(session, actors.system(), CaseKind.UNWELL, resident(session, "1号楼", "103"), None)
        elsewhere = cases.open_case(session, actors.system(), CaseKind.UNWELL, resident(session, "2号楼", "101"), None)
        [call] = {page.call_id for page in session.scalars(select(Page))}
        assert [page.case_id for page in queries.pages_of_call(session, call)] == [urgent.id, first.id, wish.id]
        assert queries.waiting_cases(session, policies_of(session), helper, 5) == []
        assert elsewhere.id not in asked(session)


def test_one_call_tells_of_all_the_areas_that_a_helper_looks_after_and_of_no_other(house):
    with database.unit_of_work() as session:
        helper = responder(session, "+8613900000001", "1号楼", "3号楼")
        here = [cases.open_case(session, actors.system(), CaseKind.UNWELL, resident(session, building, "101"), None).id
                for building in ("1号楼", "3号楼")]  # fmt: skip
        cases.open_case(session, actors.system(), CaseKind.UNWELL, resident(session, "2号楼", "101"), None)
        assert sorted(page.case_id for page in session.scalars(select(Page))) == sorted(here)
        assert sorted(case.id for case in queries.cases_for(session, policies_of(session), helper, 5)) == sorted(here)


def test_a_free_telephone_wakes_the_most_urgent_case_it_can_help_with(house):
    with database.unit_of_work() as session:
        helper = responder(session, "+8613900000001", "1号楼")
        first = cases.open_case(session, actors.system(), CaseKind.UNWELL, resident(session, "1号楼", "101"), None)
        answered(session, page_to(session, helper))
        wish = cases.open_case(session, actors.system(), CaseKind.NO_KEY, resident(session, "1号楼", "102"), None)
        urgent = cases.open_case(session, actors.system(), CaseKind.UNWELL, resident(session, "1号楼", "103"), None)
        assert asked(session) == [first.id]
        assert [case.id for case in queries.waiting_cases(session, policies_of(session), helper, 5)] == [
            urgent.id,
            wish.id,
        ]
    with database.unit_of_work() as session:
        page = session.scalars(select(Page)).one()
        calls.end(session, page.call_id, Ending.COMPLETED)
        assert session.get_one(Case, urgent.id).look_at <= clock.now()
    climbing.climb_due()
    with database.reading() as session:
        assert urgent.id in asked(session)


def test_whoever_talks_on_after_having_accepted_is_not_waited_for(house):
    """They may be connected with the resident for a quarter of an hour; meanwhile the next one is rung."""
    with database.unit_of_work() as session:
        nearest = responder(session, "+8613900000001", "1号楼")
        farther = responder(session, "+8613900000002")
        first = cases.open_case(session, actors.system(), CaseKind.UNWELL, resident(session, "1号楼", "101"), None)
        page = answered(session, page_to(session, nearest))
        cases.accept(session, actors.system(), first.id, nearest.id)
        paging.end_page(session, page, PageState.ACCEPTED)
    with database.unit_of_work() as session:
        second = cases.open_case(session, actors.system(), CaseKind.UNWELL, resident(session, "1号楼", "102"), None)
        session.flush()
        assert answered(session, page_to(session, farther)).case_id == second.id
        third = cases.open_case(session, actors.system(), CaseKind.UNWELL, resident(session, "1号楼", "103"), None)
        session.flush()
        assert third.id not in asked(session)
    with database.unit_of_work() as session:
        calls.end(session, page.call_id, Ending.COMPLETED)
        assert session.get_one(Case, third.id).look_at <= clock.now()
    climbing.climb_due()
    with database.reading() as session:
        assert third.id in [each.case_id for each in session.scalars(pages_to(nearest))]


def answered(session, page):
    """The responder has picked up, and talks with us."""
    call = session.get_one(Call, page.call_id)
    call.state, call.answered_at = CallState.PLACED, clock.now()
    session.flush()
    return page


def pages_to(helper):
    return select(Page).where(Page.state == PageState.CALLING, Page.responder_id == helper.id)


def page_to(session, helper):
    return session.scalars(pages_to(helper)).one()
