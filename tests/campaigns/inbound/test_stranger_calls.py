"""Whoever rings in from a telephone that nobody has registered, or for somebody else: strangers and relatives."""

import pytest

from campaigns.models import CheckIn, EarlyAnswer
from core.running.events import Event
from escalation.cases import cases
from escalation.models import Case
from ivr.dispatch import calls
from ivr.models import Call
from tests.campaigns.mornings import HOME, MOBILE, STRANGER, a_round, later
from tests.switchboard import resident, responder, rows


def test_a_stranger_is_not_connected_with_the_office(switchboard, office):
    resident("王奶奶", HOME)
    call = switchboard.ring(STRANGER).press(f"{HOME.removeprefix('+86')}#").press("1").press("0")
    assert call.verb("Dial") is None
    assert [(case.kind, case.caller) for case in rows(Case)] == [("wants_person", STRANGER)]


def test_somebody_unknown_gives_the_number_of_the_household_and_is_asked_for_their_name(switchboard):
    resident("王奶奶", HOME)
    call = switchboard.ring(STRANGER)
    gather = call.verb("Gather")
    assert "再按井号键" in call.hears
    assert gather.attrib["finishOnKey"] == "#"
    assert "您是王奶奶，请按1。都不是，请按0。" in call.press("86000101#").hears


def test_what_somebody_unverified_says_is_never_ok(switchboard):
    resident("王奶奶", HOME)
    a_round()
    call = switchboard.ring(STRANGER).press("031186000101#").press("1")
    later(seconds=5)
    call.press("1")
    assert "这不算王奶奶自己的回答" in call.hears
    [check_in] = rows(CheckIn)
    assert (check_in.outcome, check_in.next_attempt_at is None) == (None, False)
    assert rows(EarlyAnswer) == []
    [told] = rows(Event, kind="resident.unverified")
    assert told.facts == {"said": "ok", "call": told.facts["call"]}


@pytest.mark.parametrize(("key", "kind"), [("2", "needs_supplies"), ("3", "unwell"), ("0", "wants_person")])
def test_whatever_else_somebody_unverified_says_reaches_a_person(switchboard, key, kind):
    resident("王奶奶", HOME)
    a_round()
    responder("田保国", "+8613900000001")
    switchboard.ring(STRANGER).press("86000101#").press("1").press(key)
    [case], [page] = rows(Case), rows(Call, owner="page")
    assert calls.dialogue_of(page).steps["offer"].prompts[0].key == "page.offer_unverified"
    assert (case.kind, case.caller, case.check_in_id) == (kind, STRANGER, None)
    assert rows(CheckIn)[0].outcome is None


def test_somebody_unverified_who_falls_silent_reaches_a_person(switchboard):
    resident("王奶奶", HOME)
    switchboard.ring(STRANGER).press("86000101#").press("1").stay().stay().stay()
    assert [(case.kind, case.caller) for case in rows(Case)] == [("no_key", STRANGER)]


def test_a_mistake_is_begun_again_with_a_star(switchboard):
    resident("王奶奶", HOME)
    assert "王奶奶" in switchboard.ring(STRANGER).press("8612*86000101#").hears


def test_three_unknown_numbers_lead_to_a_message(switchboard):
    call = switchboard.ring(STRANGER)
    for _ in range(2):
        assert "没有找到这个号码" in call.press("86999999#").hears
    call.press("86999999#")
    assert call.verb("Record") is not None
    assert "会录下来" in call.hears


@pytest.mark.parametrize("number", [STRANGER, "", "+266696687", "anonymous"])
def test_somebody_unknown_leaves_a_message_for_the_office(switchboard, number):
    office = responder("办公室", "+8631186008888", role="office")
    call = switchboard.ring(number).stay()
    record = call.verb("Record")
    assert (record.attrib["maxLength"], record.attrib["finishOnKey"], record.attrib["playBeep"]) == ("60", "#", "true")
    call.speak(7)
    assert "留言已经收到" in call.hears
    [case] = rows(Case)
    assert (case.kind, case.resident_id) == ("message", None)
    assert case.caller == (STRANGER if number == STRANGER else "withheld")
    assert [page.responder_id for page in rows(cases.paging.Page)] == [office]


def test_two_callers_without_a_number_do_not_meet(switchboard):
    first, second = switchboard.ring("+266696687"), switchboard.ring("+266696687")
    first.stay().speak()
    second.stay().speak()
    assert len(rows(Case, kind="message")) == 2


def test_a_message_is_kept_when_the_caller_just_hangs_up(switchboard):
    call = switchboard.ring(STRANGER).press("#")
    call.speak(hang_up=True)
    assert len(rows(Case, kind="message")) == 1


def test_whoever_says_nothing_after_the_beep_leaves_no_case(switchboard):
    call = switchboard.ring(STRANGER).press("#").stay()
    assert "没有听到留言" in call.hears
    assert call.is_over
    assert rows(Case) == []


def test_a_relative_hears_how_their_resident_is_and_answers_nothing(switchboard):
    resident("王奶奶", HOME, relative=MOBILE)
    a_round()
    assert "还没有给王奶奶打电话" in switchboard.ring(MOBILE).hears
    switchboard.ring(HOME).press("1")
    call = switchboard.ring(MOBILE)
    assert "王奶奶今天" in call.hears
    assert "一切都好" in call.hears
    call.press("1")
    assert rows(CheckIn)[0].outcome == "ok"
    assert len(rows(Event, kind="relative.rang_in")) == 2


def test_a_relative_who_presses_1_has_not_answered_for_anybody(switchboard):
    resident("王奶奶", HOME, relative=MOBILE)
    a_round()
    switchboard.ring(MOBILE).press("1")
    assert rows(CheckIn)[0].outcome is None


def test_a_relative_who_is_to_be_told_nothing_is_a_stranger(switchboard):
    resident("王奶奶", HOME, relative=MOBILE, wants="nothing")
    a_round()
    call = switchboard.ring(MOBILE)
    assert "王奶奶" not in call.hears
    assert "登记的电话号码" in call.hears
