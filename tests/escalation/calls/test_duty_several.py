"""A responder who rings in takes all that waits with one key, as in a page, and hears of nothing that is not so."""

import pytest

from core import actors
from core.storage import database
from escalation.cases import cases
from escalation.models import CaseKind, CaseState
from ivr.models import Call
from tests.escalation.calls.test_duty_calls import MOBILE, OTHER, PIN, a_case, accepted_by, case, helper
from tests.switchboard import resident, responder, rows

ROOMS = ("101", "102", "103", "104", "105", "106")


@pytest.fixture
def people(switchboard):
    return [resident(f"{room}的奶奶", f"+8631186000{room}", room=room) for room in ROOMS]


def ring_in(switchboard):
    return switchboard.ring(MOBILE).press(f"{PIN}#")


def waiting(people, count):
    kinds = [CaseKind.UNWELL, *[CaseKind.NO_ANSWER] * 5]
    return [a_case(person, kind) for person, kind in zip(people[:count], kinds, strict=False)]


def test_key_9_takes_all_that_waits_and_each_is_told_with_its_door(switchboard, people):
    tian, all_of_them = helper(), waiting(people, 3)
    call = ring_in(switchboard)
    assert "3件事全部接下，请按9。" in call.hears
    call.press("9")
    assert "3件事都交给您了" in call.hears
    assert "101的奶奶的全名，3号楼2单元101。这位居民说身体不舒服。" in call.hears
    assert {(case(it).state, case(it).accepted_by_id) for it in all_of_them} == {(CaseState.ACCEPTED, tian)}
    assert "3号楼2单元102" in call.press("2").hears
    assert call.press("4").verb("Dial") is not None
    assert [leg.number for leg in rows(Call, owner="introduction")] == ["+8631186000102"]
    call.connected("completed")
    assert "3号楼2单元103" in call.press("2").hears
    assert "没有别的事情了" in call.press("2").hears
    assert call.is_over


def test_what_somebody_else_has_taken_meanwhile_is_counted_as_gone(switchboard, people):
    tian, (ill, silent, other) = helper(), waiting(people, 3)
    call, li = ring_in(switchboard), responder("李梅", OTHER)
    accepted_by(silent, li)
    assert "2件事交给您了，另外1件已经有人接下" in call.press("9").hears
    assert [case(it).accepted_by_id for it in (ill, silent, other)] == [tian, li, tian]


def test_what_was_passed_over_is_not_taken_and_is_not_said_to_be_nothing(switchboard, people):
    tian, (ill, second, third) = helper(), waiting(people, 3)
    call = ring_in(switchboard).press("2")
    assert "2件事全部接下，请按9。" in call.hears
    call.press("9")
    assert [case(it).accepted_by_id for it in (ill, second, third)] == [None, tian, tian]
    call.press("2").press("2")
    assert "还有别的事情等着您" in call.hears
    assert call.is_over


def test_of_a_single_one_9_is_not_spoken_and_takes_it_too(switchboard, people):
    tian, [ill] = helper(), waiting(people, 1)
    call = ring_in(switchboard)
    assert "请按9" not in call.hears
    assert "3号楼2单元101" in call.press("9").hears
    assert case(ill).accepted_by_id == tian


def test_where_all_are_gone_9_takes_nothing(switchboard, people):
    helper()
    both = waiting(people, 2)
    call, li = ring_in(switchboard), responder("李梅", OTHER)
    for it in both:
        accepted_by(it, li)
    assert "已经有变化" in call.press("9").hears
    assert {case(it).accepted_by_id for it in both} == {li}


@pytest.mark.parametrize("pin", [PIN, None])
def test_more_than_can_be_told_is_not_said_to_be_nothing(switchboard, people, pin):
    helper(pin)
    waiting(people, 6)
    call = ring_in(switchboard) if pin else switchboard.ring(MOBILE)
    for _ in range(5):
        call.press("2")
    assert "还有别的事情等着您" in call.hears
    assert "没有别的事情" not in call.hears


def test_nobody_is_told_to_wait_for_a_call_about_what_is_taken(switchboard, people):
    helper(None)
    [ill] = waiting(people, 1)
    call, li = switchboard.ring(MOBILE), responder("李梅", OTHER)
    with database.unit_of_work() as session:
        assert cases.accept(session, actors.system(), ill, li)
    call.press("1")
    assert "我马上打给您" not in call.hears
    assert "已经有变化" in call.hears
