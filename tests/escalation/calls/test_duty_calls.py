"""Responders who ring in: what is spoken to whom, and what a key does."""

import pytest
from sqlalchemy import select

from contacts import pins
from contacts.models import Responder
from core import actors
from core.running.events import Event
from core.storage import database
from escalation.cases import cases
from escalation.models import Case, CaseKind, CaseState, Page, PageState
from ivr.models import Call, CallState, CallTurn
from ivr.turns.kept_replies import unpacked
from tests.switchboard import resident, responder, rows

HOME, MOBILE, OTHER = "+8631186000101", "+8613900000001", "+8613900000002"
PIN = "204817"


@pytest.fixture
def wang(switchboard):
    return resident("王奶奶", HOME)


def a_case(resident_id, kind=CaseKind.UNWELL):
    with database.unit_of_work() as session:
        return cases.open_case(session, actors.system(), kind, resident_id, None).id


def helper(pin=PIN):
    return responder("田保国", MOBILE, pin=pins.hashed(pin) if pin else None)


def accepted_by(case_id, responder_id):
    with database.unit_of_work() as session:
        assert cases.accept(session, actors.system(), case_id, responder_id)


def case(case_id):
    with database.reading() as session:
        return session.get_one(Case, case_id)


def test_with_the_right_pin_a_case_is_offered_accepted_and_only_then_its_door_named(switchboard, wang):
    tian, it = helper(), a_case(wang)
    call = switchboard.ring(MOBILE)
    assert "请输入您的密码" in call.hears
    assert "3号楼" not in call.hears
    call.press(f"{PIN}#")
    assert "3号楼有一位居民说身体不舒服" in call.hears
    assert "王奶奶" not in call.hears
    call.press("1")
    assert "王奶奶的全名，3号楼2单元101。钥匙在门卫。" in call.hears
    assert (case(it).state, case(it).accepted_by_id) == (CaseState.ACCEPTED, tian)


@pytest.mark.parametrize("is_theirs", [False, True])
def test_key_4_connects_with_the_resident_whom_the_voice_has_just_named(switchboard, wang, is_theirs):
    tian, it = helper(), a_case(wang)
    if is_theirs:
        accepted_by(it, tian)
    call = switchboard.ring(MOBILE).press(f"{PIN}#")
    if not is_theirs:
        call.press("1")
    assert "和这位居民通话，请按4" in call.hears
    call.press("4")
    assert call.verb("Dial") is not None
    [leg] = rows(Call, parent_id=rows(Call, number=MOBILE, direction="in")[0].id)
    assert (leg.number, leg.owner) == (HOME, "introduction")
    call.connected("completed")
    assert "通话，请按4" in call.hears


def test_a_resident_who_is_in_another_call_is_not_rung_and_key_4_works_later(switchboard, wang):
    tian, it = helper(), a_case(wang)
    accepted_by(it, tian)
    talking = switchboard.ring(HOME)
    call = switchboard.ring(MOBILE).press(f"{PIN}#").press("4")
    assert "占线" in call.hears
    talking.hang_up()
    assert call.press("4").verb("Dial") is not None


def test_nobody_is_connected_about_a_case_that_is_no_longer_theirs(switchboard, wang):
    tian, it = helper(), a_case(wang)
    accepted_by(it, tian)
    call, other = switchboard.ring(MOBILE).press(f"{PIN}#"), responder("别人", OTHER)
    with database.unit_of_work() as session:
        session.get_one(Case, it).accepted_by_id = other
    call.press("4")
    assert call.verb("Dial") is None
    assert "已经有变化" in call.hears


def test_what_was_accepted_is_heard_in_full_and_closed_only_when_it_is_said_twice(switchboard, wang):
    tian, it = helper(), a_case(wang)
    accepted_by(it, tian)
    call = switchboard.ring(MOBILE).press(f"{PIN}#")
    assert "您接下的事：王奶奶的全名，3号楼2单元101。这位居民说身体不舒服。钥匙在门卫。" in call.hears
    call.press("1")
    assert case(it).state == CaseState.ACCEPTED
    call.press("1")
    assert (case(it).state, case(it).note) == (CaseState.CLOSED, "田保国打来电话说已经办好。")
    assert "没有别的事情了" in call.hears
    assert call.is_over


def test_what_is_not_done_stays_open(switchboard, wang):
    tian, it = helper(), a_case(wang)
    accepted_by(it, tian)
    call = switchboard.ring(MOBILE).press(f"{PIN}#").press("1").press("2")
    assert "还留着" in call.hears
    assert case(it).state == CaseState.ACCEPTED


def test_three_wrong_pins_end_the_call_and_are_told(switchboard, wang):
    tian, it = helper(), a_case(wang)
    call = switchboard.ring(MOBILE).press("111111#").press("222222#")
    assert "密码不对" in call.hears
    call.press("333333#")
    assert call.is_over
    assert "3号楼" not in "".join(call.hears)
    assert case(it).state == CaseState.OPEN
    [event] = rows(Event, kind="responder.pin_refused")
    assert event.facts == {"responder": str(tian), "call": event.facts["call"]}


def guess(switchboard, *typed):
    """Rings in, types these one after the other, hangs up; what was said last."""
    call = switchboard.ring(MOBILE)
    for pin in typed:
        call.press(f"{pin}#")
    call.hang_up()
    return call


def test_after_five_wrong_pins_in_an_hour_not_even_the_right_one_is_accepted_for_an_hour(switchboard, wang):
    tian, it = helper(), a_case(wang)
    guess(switchboard, "111111", "222222", "333333")
    guess(switchboard, "444444", "555555")
    [event] = rows(Event, kind="responder.pins_refused")
    assert event.facts == {"responder": str(tian)}
    refused = switchboard.ring(MOBILE).press(f"{PIN}#")
    assert "密码不对" in refused.hears
    assert "3号楼" not in refused.hears
    assert case(it).state == CaseState.OPEN


def test_fewer_wrong_pins_keep_nobody_out(switchboard, wang):
    helper()
    a_case(wang)
    guess(switchboard, "111111", "222222")
    guess(switchboard, "333333", "444444")
    assert "3号楼" in switchboard.ring(MOBILE).press(f"{PIN}#").hears
    assert rows(Event, kind="responder.pins_refused") == []


def test_a_wrong_pin_that_is_reported_twice_counts_once(switchboard, wang):
    tian = helper()
    call = switchboard.ring(MOBILE)
    action = call.verb("Gather").attrib["action"]
    for _ in range(2):
        call._ask(action.removeprefix(switchboard.chosen.public_url), Digits="111111")
    [responder_] = rows(Responder, id=tian)
    assert len(responder_.wrong_pins) == 1


def test_whoever_is_kept_out_still_hears_what_needs_no_pin(switchboard, wang):
    helper()
    a_case(wang)
    guess(switchboard, "111111", "222222", "333333")
    guess(switchboard, "444444", "555555")
    assert "3号楼有一位居民说身体不舒服" in switchboard.ring(MOBILE).stay().hears


def test_a_pin_is_never_written_down(switchboard, wang):
    helper()
    switchboard.ring(MOBILE).press(f"{PIN}#")
    assert [PIN in turn.key + unpacked(turn.reply, turn.call_id, str) for turn in rows(CallTurn)] == [False, False]


def test_a_wrong_pin_may_be_begun_again(switchboard, wang):
    helper()
    a_case(wang)
    assert "3号楼" in switchboard.ring(MOBILE).press(f"99*{PIN}#").hears


def test_without_a_pin_no_name_no_flat_and_no_way_in_is_spoken(switchboard, wang):
    it = a_case(wang)
    tian = helper(pin=None)
    other = a_case(wang, CaseKind.NEEDS_SUPPLIES)
    accepted_by(other, tian)
    call = switchboard.ring(MOBILE)
    said = call.hears + call.press("3").hears
    assert "3号楼有一位居民说身体不舒服" in said
    for secret in ("王奶奶", "101", "门卫", "单元"):
        assert secret not in said
    assert {case(it).state, case(other).state} == {CaseState.OPEN, CaseState.ACCEPTED}


@pytest.mark.parametrize("pin", [None, PIN])
def test_who_has_not_proved_themselves_is_rung_back_and_accepts_there(switchboard, wang, pin):
    it = a_case(wang)
    tian = helper(pin=pin)
    call = switchboard.ring(MOBILE)
    if pin:
        call.stay()
    call.press("1")
    assert "我马上打给您" in call.hears
    assert call.is_over
    assert case(it).state == CaseState.OPEN
    [page] = rows(Page, responder_id=tian)
    [back] = rows(Call, number=MOBILE, direction="out")
    assert (page.case_id, page.state, page.call_id, back.state) == (it, PageState.CALLING, back.id, CallState.QUEUED)


def test_whoever_is_second_is_told_so(switchboard, wang):
    helper()
    it = a_case(wang)
    call = switchboard.ring(MOBILE).press(f"{PIN}#")
    second = responder("魏红", OTHER)
    accepted_by(it, second)
    assert "不用您办了" in call.press("1").hears
    assert case(it).accepted_by_id == second


def test_nobody_closes_what_somebody_else_has_taken_over(switchboard, wang):
    tian, it = helper(), a_case(wang)
    accepted_by(it, tian)
    call = switchboard.ring(MOBILE).press(f"{PIN}#").press("1")
    second = responder("魏红", OTHER)
    with database.unit_of_work() as session:
        session.get_one(Case, it).accepted_by_id = second
    assert "不用您办了" in call.press("1").hears
    assert case(it).state == CaseState.ACCEPTED


def test_their_own_come_first_and_the_next_one_is_a_key_away(switchboard, wang):
    tian, wish = helper(), a_case(wang, CaseKind.NEEDS_SUPPLIES)
    accepted_by(wish, tian)
    a_case(wang)
    call = switchboard.ring(MOBILE).press(f"{PIN}#")
    assert "需要一些东西" in call.hears
    assert "说身体不舒服" in call.press("2").hears
    assert "没有别的事情了" in call.press("2").hears


def test_a_responder_with_nothing_to_do_is_thanked(switchboard):
    helper(pin=None)
    call = switchboard.ring(MOBILE)
    assert "现在没有需要您的事情" in call.hears
    assert call.is_over


def test_a_responder_who_is_a_resident_too_is_asked_how_they_are_when_there_is_nothing_to_do(switchboard):
    resident("田爷爷", MOBILE)
    helper()
    assert "田爷爷，您好" in switchboard.ring(MOBILE).hears


def test_the_page_that_rings_a_responder_who_rings_us_gives_way(switchboard, wang):
    tian, it = helper(), a_case(wang)
    with database.unit_of_work() as session:
        page = session.scalars(select(Page).where(Page.responder_id == tian)).one()
        session.get_one(Call, page.call_id).state = CallState.DIALLING
    switchboard.ring(MOBILE).press(f"{PIN}#").press("1")
    assert (case(it).state, rows(Page, responder_id=tian)[0].state) == (CaseState.ACCEPTED, PageState.WITHDRAWN)
