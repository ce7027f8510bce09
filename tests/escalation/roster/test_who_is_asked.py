"""Who is on duty is asked first, who is absent last of all; and nobody is ever left without somebody who is asked."""

from datetime import timedelta

import pytest

from contacts.community.community import the_community
from contacts.models import Role
from core import actors, clock
from core.storage import database
from escalation.cases import cases
from escalation.models import Case, CaseKind, Page, PageState
from escalation.paging import paging
from escalation.roster.on_duty import around_area, around_resident, on_duty
from tests import people
from tests.escalation.roster import rosters
from tests.escalation.roster.rosters import away, local
from tests.switchboard import rows

NEAR, FAR, OFFICE = "+8613900000021", "+8613900000022", "+8631186000900"


@pytest.fixture
def granny(switchboard):
    with database.unit_of_work() as session:
        return people.resident(session, "王奶奶", "+8631186000101").id


def helper(name, number, role="volunteer", *buildings):
    with database.unit_of_work() as session:
        return people.responder(session, name, number, role, buildings=buildings).id


@pytest.fixture
def near(granny):
    return helper("魏红", NEAR, "volunteer", people.BUILDING)


@pytest.fixture
def far(granny):
    return helper("黄伟", FAR)


def asked(granny, most=8, kind=CaseKind.NEEDS_SUPPLIES):
    """Who is asked about one case, in order, everybody being silent; None while the ladder only waits."""
    with database.unit_of_work() as session:
        case_id = cases.open_case(session, actors.system(), kind, granny, None).id
    for _ in range(most):
        with database.unit_of_work() as session:
            for page in session.query(Page).filter_by(state=PageState.CALLING):
                page.state = PageState.DECLINED
                page.asked_at -= timedelta(hours=1)
        with database.unit_of_work() as session:
            paging.ask_next(session, session.get_one(Case, case_id))
    names = {each.id: each.name for each in rows(people.Responder)}
    return [names[page.responder_id] for page in sorted(rows(Page), key=lambda page: page.id)]


def answer(area_ids, at=None):
    with database.reading() as session:
        found = on_duty(session, the_community(session), area_ids, at or clock.now())
        return [each.name for each in found.responders], found.is_gap


def at_home(granny):
    with database.reading() as session:
        return around_resident(session, granny)


def test_without_a_roster_the_nearest_is_asked_first_as_ever(granny, near, far):
    assert answer(at_home(granny)) == (["魏红", "黄伟"], False)
    assert asked(granny)[:2] == ["魏红", "黄伟"]


def test_who_is_on_duty_is_asked_before_who_is_nearer(granny, near, far):
    rosters.on_duty(far)
    assert answer(at_home(granny)) == (["黄伟"], False)
    assert asked(granny)[:2] == ["黄伟", "魏红"]


def test_a_later_step_waits_although_who_is_on_it_is_on_duty(granny, near):
    rosters.on_duty(helper("王书记", OFFICE, "office"))
    assert asked(granny)[:2] == ["魏红", "王书记"]


def test_when_nobody_is_on_duty_it_is_said_loudly_and_everybody_may_be_asked(granny, near, far):
    rosters.on_duty(far, day=rosters.today(1))
    away(near)
    assert answer(at_home(granny)) == (["黄伟", "魏红"], True)
    assert answer(at_home(granny), local(9, days=1)) == (["黄伟"], False)


def test_who_is_absent_is_passed_over_as_long_as_somebody_else_stands_on_the_step(granny, near, far):
    away(near)
    assert asked(granny, most=0) == ["黄伟"]


def test_who_is_absent_is_asked_when_everybody_else_has_declined(granny, near, far):
    away(near)
    helper("王书记", OFFICE, "office")
    assert asked(granny)[:3] == ["黄伟", "王书记", "魏红"]


def test_a_step_of_which_everybody_is_absent_is_asked_all_the_same(granny, near):
    away(near)
    helper("王书记", OFFICE, "office")
    assert asked(granny)[:2] == ["魏红", "王书记"]


def test_where_all_are_absent_all_are_asked(granny, near, far):
    for each in (near, far):
        away(each)
    assert answer(at_home(granny)) == (["魏红", "黄伟"], False)
    assert set(asked(granny)[:2]) == {"魏红", "黄伟"}


def test_who_looks_after_another_building_is_on_duty_there_and_not_here(granny, near):
    elsewhere = helper("李雷", FAR, "volunteer", "9号楼")
    rosters.on_duty(elsewhere)
    with database.reading() as session:
        community = the_community(session)
        nine = next(each.id for each in rows(people.Area) if each.name == "9")
        there = around_area(session, community.id, nine)
    assert answer(there) == (["李雷"], False)
    assert answer(at_home(granny)) == (["魏红"], True)


def test_a_resident_who_waits_on_the_line_is_connected_with_who_is_on_duty(granny, switchboard):
    """Of two office telephones the one on duty rings first, though the other was written down before it."""
    first, second = helper("王书记", OFFICE, "office"), helper("赵主任", FAR, "office")
    rosters.on_duty(second)
    with database.unit_of_work() as session:
        the_community(session).office_days = "1234567"
    with database.reading() as session:
        found = on_duty(session, the_community(session), (), clock.now())
    assert [each.role for each in found.responders] == [Role.OFFICE]
    assert asked(granny, kind=CaseKind.WANTS_NO_CALLS)[:2] == ["赵主任", "王书记"]
    assert first
