"""A responder hears that somebody else is asked only where somebody else is."""

import pytest

from contacts.callers import refused_numbers
from core import actors
from core.storage import database
from escalation import climbing
from escalation.cases import cases
from escalation.models import Case, CaseKind
from tests.campaigns.mornings import HOME
from tests.switchboard import resident, responder, rows

MOBILE, OTHER = "+8613900000001", "+8613900000002"
ASKED, NOBODY = "我再问别的人", "现在没有别人可以打电话去问，这件事还记在社区办公室的页面上"


@pytest.fixture
def tian(switchboard):
    return responder("田保国", MOBILE)


def opened(kind=CaseKind.NO_ANSWER):
    granny = resident("王奶奶", HOME)
    with database.unit_of_work() as session:
        return cases.open_case(session, actors.system(), kind, granny, None).id


def said(call):
    return [each for each in (ASKED, NOBODY) if each in call.hears]


def silent(call):
    return call.stay().stay().stay()


ENDS = pytest.mark.parametrize("ends", [lambda call: call.press("2"), silent], ids=["declines", "is silent"])


@ENDS
def test_whoever_is_the_only_one_is_not_told_of_others(switchboard, tian, ends):
    opened()
    call = ends(switchboard.pick_up(MOBILE))
    assert said(call) == [NOBODY]
    assert call.is_over


@ENDS
def test_with_another_one_left_they_are(switchboard, tian, ends):
    opened()
    responder("李梅", OTHER)
    assert said(ends(switchboard.pick_up(MOBILE))) == [ASKED]


@ENDS
def test_another_one_whose_number_is_refused_or_whose_role_is_not_asked_is_none(switchboard, tian, ends):
    opened()
    other = responder("李梅", OTHER)
    responder("护士", "+8613900000003", role="nurse")
    with database.unit_of_work() as session:
        refused_numbers.mark(session, OTHER, 13224, other)
    assert said(ends(switchboard.pick_up(MOBILE))) == [NOBODY]


def test_where_everybody_has_declined_they_are_asked_again_and_the_office_for_ever(switchboard, tian):
    opened()
    responder("李梅", OTHER)
    switchboard.pick_up(MOBILE).press("2").hang_up()
    climbing.climb_due()
    assert said(switchboard.pick_up(OTHER).press("2")) == [ASKED]  # there is no office, so everybody is asked again


def test_an_office_that_is_asked_for_ever_is_told_that_there_is_nobody_else(switchboard):
    responder("办公室", MOBILE, role="office")
    responder("楼长", OTHER, role="building_head")
    with database.unit_of_work() as session:
        head = next(each for each in rows(cases.Responder) if each.number == OTHER)
        refused_numbers.mark(session, OTHER, 13224, head.id)
    opened()
    assert said(switchboard.pick_up(MOBILE).press("2")) == [NOBODY]


@ENDS
def test_what_somebody_has_taken_meanwhile_is_said_to_be_taken(switchboard, tian, ends):
    case_id = opened()
    other = responder("李梅", OTHER)
    call = switchboard.pick_up(MOBILE)
    with database.unit_of_work() as session:
        assert cases.accept(session, actors.system(), case_id, other)
    ends(call)
    assert said(call) == []
    assert "已经有人接下这件事了" in call.hears
    assert rows(Case)[0].accepted_by_id == other
