"""The call that tells a resident the truth says "I go on asking" only while somebody is asked."""

import pytest

from contacts.callers import refused_numbers
from core import actors
from core.storage import database
from escalation.cases import cases
from escalation.models import Case
from tests.campaigns.mornings import HOME
from tests.escalation.calls.test_callback import DUTY, HELPER, after_five_minutes, granny, house
from tests.switchboard import responder, rows

__all__ = ["granny", "house"]
GOES_ON, NOTED, TAKEN = "继续找人", "记在社区办公室的页面上", "已经有人答应来帮您了"
ENDS = [
    lambda call: call.press("1"),
    lambda call: call.press("3"),
    lambda call: [call.stay() for _ in range(3) if not call.is_over],
]
ends_of = pytest.mark.parametrize("ends", ENDS, ids=["understands", "is still unwell", "is silent"])


def said(call):
    hears = call.hears.replace("现在还在找", GOES_ON)
    return [each for each in (GOES_ON, NOTED, TAKEN) if each in hears]


def nobody_can_be_rung():
    [helper] = rows(cases.Responder)
    with database.unit_of_work() as session:
        refused_numbers.mark(session, HELPER, 13224, helper.id)


@ends_of
def test_while_a_helper_is_asked_we_go_on(house, granny, ends):
    after_five_minutes()
    call = house.pick_up(HOME)
    assert said(call) == [GOES_ON]
    ends(call)
    assert said(call) == [GOES_ON]


@ends_of
def test_where_nobody_can_be_rung_it_stands_on_the_page(house, granny, ends):
    after_five_minutes()
    nobody_can_be_rung()
    call = house.pick_up(HOME)
    assert said(call) == [NOTED]
    assert "120" in call.hears
    ends(call)
    assert said(call) == [NOTED]
    assert call.is_over


@ends_of
def test_what_is_taken_while_they_listen_is_said_to_be_taken(house, granny, ends):
    after_five_minutes()
    call = house.pick_up(HOME)
    other = responder("李梅", "+8613900000002")
    with database.unit_of_work() as session:
        assert cases.accept(session, actors.system(), rows(Case)[0].id, other)
    ends(call)
    assert said(call) == [TAKEN]


def test_nobody_at_the_duty_telephone_and_no_helper_left(house, granny):
    responder("值班", DUTY, role="office")
    after_five_minutes()
    call = house.pick_up(HOME).press("0")
    with database.unit_of_work() as session:
        for helper in rows(cases.Responder):
            refused_numbers.mark(session, helper.number, 13224, helper.id)
    call.connected("no-answer")
    assert "值班电话现在没有人接" in call.hears
    assert said(call) == [NOTED]
