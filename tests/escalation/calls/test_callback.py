"""The truth call: told once, five minutes after somebody said they are unwell, if nobody has accepted by then."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.rounds import attempts
from contacts.callers import refused_numbers
from contacts.community.community import the_community
from contacts.hours import Hours
from core import actors, clock
from core.clock import Anchor
from core.i18n import Language
from core.running.events import Event
from core.storage import database
from escalation.calls import callback_queue
from escalation.calls.callback_dialogue import truth_dialogue
from escalation.cases import callback, cases
from escalation.models import Case, CaseKind, Page, TruthCall
from ivr.dialogue.engine import Heard, Sound, advance, begin
from ivr.dispatch import calls
from ivr.models import Call, CallState, Ending
from ivr.ports import owners
from tests.campaigns.mornings import HOME, MOBILE, STRANGER, a_round, later
from tests.switchboard import House, opts_out, resident, responder, rows

HELPER, DUTY = "+8613900000001", "+8613900000009"
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)  # eight in the morning there
DAY = Hours(time(7, 30), time(21), ZoneInfo("Asia/Shanghai"))
MINUTES = st.integers(0, 24 * 60).map(lambda minutes: timedelta(minutes=minutes))


@pytest.fixture
def house(house_settings):
    before = clock.anchor()
    opened = House(house_settings)
    clock.set_anchor(Anchor(clock.real_now(), MONDAY))
    yield opened
    opened.close()
    clock.set_anchor(before)


@pytest.fixture
def granny(house):
    """Somebody who has just rung us and pressed 3; a helper is being rung about her."""
    who = resident("王奶奶", HOME, MOBILE)
    responder("楼长", HELPER)
    house.ring(HOME).press("3").hang_up()
    return who


def ring_due():
    with database.unit_of_work() as session:
        callback_queue.ring_due(session)


def after_five_minutes():
    later(minutes=5, seconds=1)
    ring_due()


def told():
    return rows(Call, owner="truth")


def case():
    [only] = rows(Case)
    return only


def happened(kind):
    return [event for event in rows(Event) if event.kind == kind]


def test_nobody_is_rung_before_five_minutes_are_over(house, granny):
    later(minutes=4, seconds=55)
    ring_due()
    assert told() == []


def test_after_five_minutes_the_truth_is_told_with_the_emergency_number(house, granny):
    after_five_minutes()
    call = house.pick_up(HOME)
    for words in ("王奶奶", "槐东社区", "我还没有联系到能过来的人", "120", "自动电话"):
        assert words in call.hears
    call.press("1").hang_up()
    assert call.is_over
    assert len(happened("case.truth_told")) == 1
    assert (case().state, case().kind) == ("open", "unwell")
    assert rows(Page)[0].state == "calling"  # the helper is rung on


def test_it_is_told_exactly_once_whatever_is_looked_at_or_said_again(house, granny):
    after_five_minutes()
    ring_due()
    assert len(told()) == 1
    house.pick_up(HOME).press("3").hang_up()
    house.ring(HOME).press("3").hang_up()
    later(minutes=20)
    ring_due()
    assert len(told()) == 1
    assert [each.id for each in rows(Case)] == [case().id]


def test_a_resident_who_does_not_pick_up_is_not_rung_again_and_the_log_says_so(house, granny):
    after_five_minutes()
    house.miss(HOME)
    later(minutes=20)
    ring_due()
    assert len(told()) == 1
    assert len(happened("case.truth_unheard")) == 1


@pytest.mark.parametrize("when", ["before it is due", "while it waits to be dialled"])
@pytest.mark.parametrize("what", ["accepted", "closed", "no more calls"])
def test_not_when_it_is_no_longer_the_truth_or_no_longer_wanted(house, granny, when, what):
    if when == "while it waits to be dialled":
        after_five_minutes()
    with database.unit_of_work() as session:
        if what == "accepted":
            assert cases.accept(session, actors.system(), case().id, rows(Page)[0].responder_id)
        elif what == "closed":
            cases.close(session, actors.system(), case().id, "all is well")
        else:
            opts_out(session, granny)
    later(minutes=6)
    ring_due()
    if when == "before it is due":
        assert told() == []
        return
    [call] = told()
    with database.unit_of_work() as session:
        waiting = session.get_one(Call, call.id)
        assert not owners.owner_of(waiting).still_wanted(session, waiting)
        calls.end(session, call.id, Ending.NOT_WANTED)
    later(minutes=1)
    ring_due()
    assert len(told()) == 1


def test_somebody_who_accepts_while_it_rings_is_good_news(house, granny):
    after_five_minutes()
    with database.unit_of_work() as session:
        call = session.get_one(Call, told()[0].id)
        call.state, call.provider_id = CallState.PLACED, "CA" + "5" * 32
        assert cases.accept(session, actors.system(), case().id, rows(Page)[0].responder_id)
    answer = house.post(f"/telephony/calls/{told()[0].id}/turns/0", CallSid="CA" + "5" * 32)
    assert "有人答应来帮您了" in answer.text
    assert "没有人" not in answer.text


def test_not_while_they_are_in_a_call_with_us_at_any_of_their_telephones(house, granny):
    talking = house.ring(MOBILE)
    after_five_minutes()
    assert told() == []
    talking.hang_up()
    later(seconds=40)
    ring_due()
    assert len(told()) == 1


def test_whoever_begins_to_talk_with_us_while_it_waits_is_not_rung_then_but_afterwards(house, granny):
    after_five_minutes()
    [call] = told()
    talking = house.ring(MOBILE if call.number == HOME else HOME)
    with database.unit_of_work() as session:
        waiting = session.get_one(Call, call.id)
        assert not owners.owner_of(waiting).still_wanted(session, waiting)
        calls.end(session, call.id, Ending.NOT_WANTED)
    talking.hang_up()
    later(minutes=1)
    ring_due()
    assert [each.state for each in told()] == ["ended", "queued"]


def test_the_telephone_at_which_they_spoke_is_rung(house):
    resident("王奶奶", HOME, MOBILE)
    house.ring(MOBILE).press("3").hang_up()
    after_five_minutes()
    assert [call.number for call in told()] == [MOBILE]


def test_a_telephone_that_the_provider_refuses_gives_way_to_the_other(house, granny):
    after_five_minutes()
    with database.unit_of_work() as session:
        refused_numbers.mark(session, HOME, 21217, told()[0].id)
        calls.end(session, told()[0].id, Ending.REFUSED)
    later(minutes=1)
    ring_due()
    assert [call.number for call in told()] == [HOME, MOBILE]


def test_what_a_stranger_says_frightens_nobody(house):
    resident("王奶奶", HOME)
    responder("楼长", HELPER)
    house.ring(STRANGER).press("031186000101#").press("1").press("3").hang_up()
    assert case().kind == "unwell"
    after_five_minutes()
    assert told() == []
    house.ring(HOME).press("3").hang_up()  # now they say it themselves
    after_five_minutes()
    assert len(told()) == 1


def test_a_wish_that_becomes_an_illness_has_its_own_five_minutes(house):
    resident("王奶奶", HOME)
    house.ring(HOME).press("0").hang_up()
    later(minutes=10)
    ring_due()
    house.ring(HOME).press("3").hang_up()
    later(minutes=4)
    ring_due()
    assert told() == []
    later(minutes=1, seconds=1)
    ring_due()
    assert len(told()) == 1


def test_a_check_in_is_no_different(house):
    resident("王奶奶", HOME)
    a_round()
    with database.unit_of_work() as session:
        attempts.queue_due(session)
    house.pick_up(HOME).press("3").hang_up()
    after_five_minutes()
    assert len(told()) == 1


def test_key_0_rings_the_duty_telephone_at_any_hour_and_whoever_takes_it_has_accepted(house, granny):
    office = responder("值班", DUTY, role="office")
    look_at = case().look_at
    after_five_minutes()
    call = house.pick_up(HOME).press("0")
    assert call.verb("Dial") is not None
    [leg] = rows(Call, number=DUTY)
    assert leg.parent_id == call.call.id
    assert case().look_at == look_at  # the ladder does not wait for it
    hears = house.post(f"/telephony/calls/{leg.id}/turns/0", CallSid="CA" + "d" * 32).text
    assert "身体不舒服" in hears
    assert "王奶奶" not in hears
    assert "王奶奶" in house.post(f"/telephony/calls/{leg.id}/turns/1", CallSid="CA" + "d" * 32, Digits="1").text
    assert (case().state, case().accepted_by_id) == ("accepted", office)
    call.connected("completed")
    assert call.is_over


def test_a_duty_telephone_that_nobody_takes_gives_way_to_the_next_and_then_to_the_truth(house, granny):
    for index in range(2):
        responder(f"值班{index}", f"+861390000010{index}", role="office")
    after_five_minutes()
    call = house.pick_up(HOME).press("0")
    call.connected("no-answer", "CA" + "a" * 32)
    assert call.verb("Dial") is not None
    call.connected("no-answer", "CA" + "b" * 32)
    rung = {each.number for each in rows(Call, parent_id=call.call.id)}
    assert len(rung) == 2
    call.connected("no-answer", "CA" + "c" * 32)
    assert "值班电话现在没有人接" in call.hears
    assert call.is_over
    assert case().state == "open"


def test_a_duty_telephone_that_rings_about_it_already_is_not_rung_twice(house):
    resident("王奶奶", HOME)
    responder("值班", DUTY, role="office")
    house.ring(HOME).press("3").hang_up()
    assert [page.state for page in rows(Page)] == ["calling"]
    after_five_minutes()
    call = house.pick_up(HOME).press("0")
    assert "值班电话现在没有人接" in call.hears
    assert call.is_over


def test_without_a_duty_telephone_none_is_offered(house, granny):
    after_five_minutes()
    call = house.pick_up(HOME)
    assert "值班电话" not in call.hears
    call.press("0")
    assert "没关系" in call.hears
    assert not call.is_over


def test_silence_is_told_that_we_go_on_and_the_line_is_free_again(house, granny):
    after_five_minutes()
    call = house.pick_up(HOME).stay().stay().stay()
    assert "我继续找人" in call.hears
    assert call.is_over


def test_one_that_cannot_be_made_holds_no_other_up(house, granny, monkeypatch):
    resident("李爷爷", STRANGER, room="202")
    house.ring(STRANGER).press("3").hang_up()
    make = callback_queue.truth_for

    def broken_for_one(session, about):
        if about.resident_id == granny:
            raise ValueError("no words")
        return make(session, about)

    monkeypatch.setattr(callback_queue, "truth_for", broken_for_one)
    after_five_minutes()
    assert [call.number for call in told()] == [STRANGER]
    monkeypatch.undo()
    after_five_minutes()
    assert {call.number for call in told()} == {STRANGER, HOME}


def test_late_at_night_only_a_fresh_word_is_answered(house, granny):
    with database.unit_of_work() as session:
        community = the_community(session)
        community.call_from, community.call_until = time(9), time(10)  # it is eight
    later(minutes=29)
    ring_due()
    assert told() == []
    assert rows(TruthCall)[0].due_at is None


@given(MINUTES, MINUTES)
def test_outside_permitted_hours_it_only_ever_rings_within_half_an_hour_of_the_word(said, waited):
    said_at = MONDAY + said
    now = said_at + waited
    rings_until = callback.latest(said_at, now, DAY)
    if callback.may_ring(said_at, now, DAY) and rings_until > said_at + callback.ANY_HOUR:
        assert DAY.permit(now)
        assert rings_until <= min(DAY.closing(now), said_at + callback.KEEPS)
    if waited <= callback.PATIENCE + timedelta(minutes=20):
        assert callback.may_ring(said_at, now, DAY)


@given(st.lists(st.sampled_from("0123456789*# "), max_size=8), st.booleans())
def test_whatever_is_pressed_it_answers_no_check_in_and_ends(keys, offers):
    dialogue = truth_dialogue("王奶奶", "槐东社区", Language.CHINESE, None, "120", offers_duty=offers)
    turn, facts = begin(dialogue), set()
    for key in [*keys, " ", " ", " "]:
        if turn.position is None:
            break
        turn = advance(dialogue, turn.position, Heard(Sound.KEY, key) if key != " " else Heard(Sound.SILENCE))
        facts |= {fact.name for fact in turn.facts}
    assert turn.position is None
    assert not facts & {*CaseKind, "ok"}
