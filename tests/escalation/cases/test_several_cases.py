"""One call tells a responder of everything that waits for them; each case is accepted on its own, or all at once."""

import pytest

from core import actors
from core.storage import database
from escalation import climbing, queries
from escalation.cases import cases
from escalation.models import Case, CaseKind, CaseState, Page, PageState
from ivr.models import Call, CallState
from tests.switchboard import resident, responder, rows

MOBILE, OTHER, OFFICE = "+8613900000001", "+8613900000002", "+8631186000900"
HOMES = {room: f"+8631186000{room}" for room in ("101", "102", "103", "104")}
KINDS = {
    "101": CaseKind.NO_ANSWER,
    "102": CaseKind.NEEDS_SUPPLIES,
    "103": CaseKind.UNWELL,
    "104": CaseKind.HUNG_UP,
}


@pytest.fixture
def people(switchboard):
    return {room: resident(f"{room}的奶奶", number, room=room) for room, number in HOMES.items()}


def opened(people, *rooms):
    with database.unit_of_work() as session:
        return [cases.open_case(session, actors.system(), KINDS[room], people[room], None).id for room in rooms]


def case(case_id):
    [found] = rows(Case, id=case_id)
    return found


def states(responder_id):
    """What became of the pages to somebody, by the kind of case."""
    found = {page.case_id: page.state for page in rows(Page, responder_id=responder_id)}
    return {case(case_id).kind: state for case_id, state in found.items()}


def accepted_by(case_id, responder_id):
    with database.unit_of_work() as session:
        assert cases.accept(session, actors.system(), case_id, responder_id)


def climb():
    climbing.climb_due()


def test_the_count_and_the_most_urgent_come_first_and_no_flat_before_a_key(switchboard, people):
    tian = responder("田保国", MOBILE)
    opened(people, "101", "102", "103")
    call = switchboard.pick_up(MOBILE)
    assert "现在有3件事等着您，先说最急的一件。3号楼有一位居民说身体不舒服。" in call.hears
    assert call.hears.endswith("接下这一件，请按1。您去不了，请按2。再听一遍，请按3。全部接下，请按9。")
    assert not any(secret in call.hears for secret in ("奶奶", "单元", "门卫"))
    assert set(states(tian).values()) == {PageState.CALLING}


def test_one_is_accepted_one_is_declined_and_the_last_is_left(switchboard, people):
    tian = responder("田保国", MOBILE)
    silent, wish, ill = opened(people, "101", "102", "103")
    call = switchboard.pick_up(MOBILE).press("1")
    assert "3号楼2单元103。这位居民说身体不舒服。钥匙在门卫。听下一件，请按2。" in call.hears
    assert (case(ill).state, case(silent).state) == (CaseState.ACCEPTED, CaseState.OPEN)
    call.press("2")
    assert "还有2件事等着您。下一件。3号楼有一位居民今天没有接电话。" in call.hears
    call.press("2")
    assert (
        "现在没有别人可以打电话去问，这件事还记在社区办公室的页面上。还有最后一件事等着您。3号楼有一位居民需要一些东西。"
        in call.hears
    )
    assert "请按9" not in call.hears
    call.hang_up()
    assert states(tian) == {"unwell": "accepted", "no_answer": "declined", "needs_supplies": "unanswered"}
    assert (case(silent).state, case(wish).state, case(ill).accepted_by_id) == (CaseState.OPEN, CaseState.OPEN, tian)


def test_silence_after_the_address_goes_on_to_the_next_case_and_silence_there_accepts_nothing(switchboard, people):
    responder("田保国", MOBILE)
    wish, ill = opened(people, "102", "103")
    call = switchboard.pick_up(MOBILE).press("1").stay()
    assert "还有最后一件事等着您" in call.hears
    call.stay().stay().stay()
    assert call.is_over
    assert (case(ill).state, case(wish).state) == (CaseState.ACCEPTED, CaseState.OPEN)


def test_key_9_accepts_all_and_each_is_told_with_its_own_address(switchboard, people):
    tian = responder("田保国", MOBILE)
    all_of_them = opened(people, "101", "102", "103")
    call = switchboard.pick_up(MOBILE).press("9")
    assert "3件事都交给您了" in call.hears
    assert "3号楼2单元103。这位居民说身体不舒服。" in call.hears
    assert [(case(it).state, case(it).accepted_by_id) for it in all_of_them] == [(CaseState.ACCEPTED, tian)] * 3
    assert "3号楼2单元101。这位居民今天没有接电话。" in call.press("2").hears
    call.press("2")
    assert "3号楼2单元102。这位居民需要一些东西。" in call.hears
    assert "请按2" not in call.hears
    assert "再见" in call.stay().hears
    assert call.is_over


def test_key_4_connects_with_the_resident_who_was_just_told(switchboard, people):
    responder("田保国", MOBILE)
    opened(people, "101", "103")
    call = switchboard.pick_up(MOBILE).press("9").press("2").press("4")
    assert call.verb("Dial") is not None
    assert [leg.number for leg in rows(Call, owner="introduction")] == [HOMES["101"]]
    call.connected("completed")
    assert "和这位居民通话，请按4" in call.hears


def test_between_two_that_were_accepted_the_talk_is_followed_by_the_next(switchboard, people):
    responder("田保国", MOBILE)
    opened(people, "101", "103")
    call = switchboard.pick_up(MOBILE).press("9").press("4").connected("completed")
    assert "听下一件，请按2" in call.hears
    assert "3号楼2单元101" in call.press("2").hears


def test_what_somebody_else_has_taken_meanwhile_is_neither_accepted_nor_claimed(switchboard, people):
    tian = responder("田保国", MOBILE)
    _, wish, _ = opened(people, "101", "102", "103")
    call, wei = switchboard.pick_up(MOBILE), responder("魏红", OTHER)
    accepted_by(wish, wei)
    assert "2件事都交给您了" in call.press("9").hears
    assert case(wish).accepted_by_id == wei
    assert states(tian)["needs_supplies"] == "withdrawn"


def test_a_case_taken_between_the_key_and_its_turn_is_told_truthfully(switchboard, people):
    """Its page was withdrawn only as far as the database knows; the key that comes then takes nothing."""
    responder("田保国", MOBILE)
    wish, ill = opened(people, "102", "103")
    call, wei = switchboard.pick_up(MOBILE), responder("魏红", OTHER)
    with database.unit_of_work() as session:
        taken = session.get_one(Case, ill)
        taken.state, taken.accepted_by_id = CaseState.ACCEPTED, wei
    assert "1件事交给您了，另外1件已经有人接下" in call.press("9").hears
    assert (case(ill).accepted_by_id, case(wish).state) == (wei, CaseState.ACCEPTED)


def test_what_is_taken_is_not_offered_any_more_and_the_count_is_right(switchboard, people):
    responder("田保国", MOBILE)
    silent, wish, ill = opened(people, "101", "102", "103")
    wei = responder("魏红", OTHER)
    accepted_by(ill, wei)
    call = switchboard.pick_up(MOBILE)
    assert "现在有2件事等着您，先说最急的一件。3号楼有一位居民今天没有接电话。" in call.hears
    accepted_by(silent, wei)
    call.press("1")
    assert "已经有人接下这件事了，谢谢您。还有最后一件事等着您。3号楼有一位居民需要一些东西。" in call.hears
    call.press("1")  # in a hurry: nobody has heard the question in between
    assert case(wish).state == CaseState.OPEN
    assert "交给您了" in call.press("9").hears
    assert case(wish).state == CaseState.ACCEPTED


def test_a_telephone_stops_ringing_only_when_nothing_is_left_to_ask(switchboard, people):
    tian = responder("田保国", MOBILE)
    silent, ill = opened(people, "101", "103")
    wei = responder("魏红", OTHER)
    accepted_by(ill, wei)
    [call] = switchboard.waiting_for(MOBILE)
    assert states(tian) == {"unwell": "withdrawn", "no_answer": "calling"}
    accepted_by(silent, wei)
    assert rows(Call, id=call.id)[0].state == CallState.ENDED


def test_what_comes_up_during_the_call_is_offered_at_its_end_or_goes_to_the_next(switchboard, people):
    """Whoever talks with us is not waited for: somebody who is free is rung about it."""
    responder("田保国", MOBILE, "building_head")
    wei = responder("魏红", OTHER)
    opened(people, "101")
    call = switchboard.pick_up(MOBILE)
    [wish] = opened(people, "102")
    assert [page.case_id for page in rows(Page, responder_id=wei)] == [wish]
    call.press("1").stay()
    assert call.is_over


def test_those_that_were_left_go_on_to_the_next_person_in_one_call(switchboard, people):
    responder("田保国", MOBILE, "building_head")
    responder("魏红", OTHER, "office")
    silent, wish, hung_up = opened(people, "101", "102", "104")
    switchboard.pick_up(MOBILE).press("1").hang_up()
    climb()
    [call] = switchboard.waiting_for(OTHER)
    with database.reading() as session:
        assert [page.case_id for page in queries.pages_of_call(session, call.id)] == [silent, wish]
    assert "现在有2件事等着您" in switchboard.pick_up(OTHER).hears
    assert case(hung_up).state == CaseState.ACCEPTED


def test_what_waits_for_another_reason_joins_a_call_that_rings_anyway(switchboard, people):
    """The office was asked about the first in vain, and pauses; the second makes its telephone ring again."""
    office = responder("社区", OFFICE, "office")
    [silent] = opened(people, "101")
    switchboard.miss(OFFICE)
    with database.unit_of_work() as session:
        session.get_one(Case, silent).opened_at -= 2 * cases.paging.NEWS
    climb()
    assert states(office) == {"no_answer": "unanswered"}
    opened(people, "103")
    climb()
    [call] = switchboard.waiting_for(OFFICE)
    with database.reading() as session:
        told = [page.case.kind for page in queries.pages_of_call(session, call.id)]
    assert told == ["unwell", "no_answer"]


def test_a_call_of_one_case_is_as_it_always_was_and_key_9_accepts_there_too(switchboard, people):
    tian = responder("田保国", MOBILE)
    [ill] = opened(people, "103")
    call = switchboard.pick_up(MOBILE)
    assert "您能去看看，请按1。您去不了，请按2。再听一遍，请按3。" in call.hears
    assert "事等着您" not in call.hears
    assert "再听一遍，请按3。和这位居民通话，请按4。" in call.press("9").hears
    assert case(ill).accepted_by_id == tian
    assert "再见" in call.stay().hears
