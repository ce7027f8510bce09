"""A helper is connected with the resident: what is dialled, and what guards a leg whatever is reported."""

from datetime import timedelta

import pytest

from contacts.callers import refused_numbers
from contacts.models import Phone
from core import clock
from core.storage import database
from ivr import queries
from ivr.dispatch import calls, legs, withdraw
from ivr.models import Call, CallState, Direction, Ending, Line, Urgency
from ivr.ports.provider import ProviderCall
from ivr.provider import station
from ivr.queries import to_sweep
from ivr.reconciliation import lookup_overdue
from ivr.reconciliation import sweep as sweeping
from tests.ivr.connecting.house import LEG_SID, PAGE_SID, dial, our_number, rings_us
from tests.ivr.house import NUMBER, verbs
from tests.ivr.webhooks.test_degraded import held, redirect


def test_key_4_dials_the_resident_behind_our_number(free):
    page = free.page()
    found = dial(free.step(page, 2, PAGE_SID, Digits="4"))
    [leg] = free.legs_of(page)
    [number] = found
    base = free.chosen.public_url
    assert number.text == NUMBER
    assert found.attrib == {
        "callerId": our_number(),
        "timeout": "60",
        "timeLimit": "600",
        "answerOnBridge": "true",
        "action": f"{base}/telephony/calls/{page}/turns/3?step=connecting&play=1&language=zh-CN",
        "method": "POST",
    }
    assert number.attrib == {
        "url": f"{base}/telephony/calls/{leg.id}/turns/0",
        "method": "POST",
        "statusCallback": f"{base}/telephony/calls/{leg.id}/status",
        "statusCallbackEvent": "completed",
        "statusCallbackMethod": "POST",
    }
    assert (leg.state, leg.direction, leg.number) == (CallState.DIALLING, Direction.OUT, NUMBER)


def test_the_whisper_says_who_it_is_and_does_not_hang_up(free):
    page = free.page()
    free.step(page, 2, PAGE_SID, Digits="4")
    [leg] = free.legs_of(page)
    answer = free.step(leg.id, 0, LEG_SID, From=our_number(), To=NUMBER)
    assert verbs(answer) in (["Response", "Pause", "Say"], ["Response", "Pause", "Play"])
    [leg] = free.legs_of(page)
    assert (leg.state, leg.provider_id) == (CallState.PLACED, LEG_SID)


def test_the_same_key_reported_twice_dials_once(free):
    page = free.page()
    first = free.step(page, 2, PAGE_SID, Digits="4")
    assert free.step(page, 2, PAGE_SID, Digits="4").text == first.text
    assert len(free.legs_of(page)) == 1


def test_a_resident_in_another_call_of_ours_is_engaged_and_can_be_tried_again(house):
    page = house.page()
    answer = house.step(page, 2, PAGE_SID, Digits="4")
    assert "Dial" not in verbs(answer)
    assert "Gather" in verbs(answer)
    assert house.legs_of(page) == []
    house.ended()
    assert dial(house.step(page, 3, PAGE_SID, Digits="4")) is not None


def test_a_resident_in_another_call_is_engaged_on_postgresql_too(on_postgresql):
    page = on_postgresql.page()
    assert "Dial" not in verbs(on_postgresql.step(page, 2, PAGE_SID, Digits="4"))
    on_postgresql.ended()
    assert "Dial" in verbs(on_postgresql.step(page, 3, PAGE_SID, Digits="4"))


def test_no_other_call_goes_to_a_number_while_its_leg_lives(free):
    page = free.page()
    free.step(page, 2, PAGE_SID, Digits="4")
    with database.unit_of_work() as session:
        queued = calls.queue(
            session,
            number=NUMBER,
            owner="check_in",
            dialogue=calls.dialogue_of(free.call()),
            urgency=Urgency.ROUTINE,
            due_at=clock.now(),
            not_after=clock.now() + timedelta(hours=1),
        )
        session.flush()
        assert queued.id not in {each.call_id for each in queries.waiting_calls(session, clock.now(), 20)}
        assert queries.active_call_with(session, NUMBER).parent_id == page


def test_a_leg_counts_among_the_calls_at_once(free):
    free.change(Line, calls_at_once=1)
    page = free.page()
    assert "Dial" not in verbs(free.step(page, 2, PAGE_SID, Digits="4"))
    free.change(Line, calls_at_once=2)
    assert "Dial" in verbs(free.step(page, 3, PAGE_SID, Digits="4"))
    with database.reading() as session:
        assert queries.calls_in_use(session, queries.lines(session)[0].id) == 2


@pytest.mark.parametrize("number", ["+86120", "+8616812345678"])
def test_a_number_that_may_never_be_rung_is_not_dialled(free, number):
    free.change(Phone, number=number)
    page = free.page()
    assert "Dial" not in verbs(free.step(page, 2, PAGE_SID, Digits="4"))
    assert free.legs_of(page) == []


def test_a_telephone_that_the_provider_refuses_to_ring_is_passed_over(free):
    with database.unit_of_work() as session:
        session.add(Phone(resident_id=free.check_in().resident_id, number="+8631186000102", position=1))
        refused_numbers.mark(session, NUMBER, 21217, free.call_id)
    assert dial(free.step(free.page(), 2, PAGE_SID, Digits="4"))[0].text == "+8631186000102"


@pytest.mark.parametrize("reports", [("action",), ("status",), ("status", "action"), ("action", "status"), ("parent",)])
def test_whichever_report_comes_first_ends_the_leg(free, reports):
    page = free.page()
    free.step(page, 2, PAGE_SID, Digits="4")
    [leg] = free.legs_of(page)
    told = {
        "action": lambda: free.step(page, 3, PAGE_SID, DialCallStatus="busy", DialCallSid=LEG_SID),
        "status": lambda: free.hear_end(leg.id, LEG_SID, "busy"),
        "parent": lambda: free.hear_end(page, PAGE_SID),
    }
    for report in reports:
        assert told[report]().status_code in {200, 204}
    [leg] = free.legs_of(page)
    assert leg.state == CallState.ENDED
    assert leg.ending == (Ending.CANCELLED if reports == ("parent",) else Ending.BUSY)


def test_an_action_reported_again_leaves_the_next_leg_alone(free):
    page = free.page()
    free.step(page, 2, PAGE_SID, Digits="4")
    first = free.step(page, 3, PAGE_SID, DialCallStatus="busy", DialCallSid=LEG_SID)
    free.step(page, 4, PAGE_SID, Digits="4")
    assert free.step(page, 3, PAGE_SID, DialCallStatus="busy", DialCallSid=LEG_SID).text == first.text
    assert [leg.state for leg in free.legs_of(page)] == [CallState.ENDED, CallState.DIALLING]


def test_a_key_that_comes_after_the_end_of_its_call_dials_nobody(free):
    page = free.page()
    free.hear_end(page, PAGE_SID)
    assert "Dial" not in verbs(free.step(page, 2, PAGE_SID, Digits="4"))
    assert free.legs_of(page) == []


def test_a_leg_is_never_dialled_again_by_the_sweep(free, monkeypatch):
    """Its parent lives: only the provider can dial it."""
    page = free.page()
    free.step(page, 2, PAGE_SID, Digits="4")
    with database.reading() as session:
        assert to_sweep.silent_dialling(session, clock.real_now() + timedelta(hours=1)) == []
    sweeping.sweep()
    assert [leg.state for leg in free.legs_of(page)] == [CallState.DIALLING]


def test_a_leg_whose_parent_has_ended_meanwhile_is_swept_up(free):
    page = free.page()
    free.step(page, 2, PAGE_SID, Digits="4")
    with database.unit_of_work() as session:
        session.get_one(Call, page).state = CallState.ENDED
    legs.end_orphans()
    assert [leg.state for leg in free.legs_of(page)] == [CallState.ENDED]


def test_the_second_try_takes_the_second_telephone(free):
    with database.unit_of_work() as session:
        session.add(Phone(resident_id=free.check_in().resident_id, number="+8631186000102", position=1))
    page = free.page()
    tried = []
    for turn in (2, 4):
        tried.append(dial(free.step(page, turn, PAGE_SID, Digits="4"))[0].text)
        free.step(page, turn + 1, PAGE_SID, DialCallStatus="no-answer", DialCallSid=f"CA{turn}")
    assert tried == [NUMBER, "+8631186000102"]


def test_what_came_of_connecting_is_not_lost_while_the_database_cannot_take_it(free):
    page = free.page()
    free.step(page, 2, PAGE_SID, Digits="4")
    with held(free):
        answer = free.step(page, 3, PAGE_SID, DialCallStatus="busy", DialCallSid=LEG_SID)
        assert verbs(answer)[-1] == "Redirect"
    told = free.post(redirect(answer), CallSid=PAGE_SID)
    assert "现在没有接通" in told.text
    assert [leg.state for leg in free.legs_of(page)] == [CallState.ENDED]


def test_a_leg_of_which_nothing_was_heard_is_given_up_when_its_time_is_over(free):
    page = free.page()
    free.step(page, 2, PAGE_SID, Digits="4")
    later = clock.now() + timedelta(seconds=60 + legs.TALK_SECONDS + calls.REPORT_MARGIN_SECONDS + 1)
    clock.set_anchor(clock.Anchor(clock.real_now(), later))
    legs.end_orphans()
    assert [leg.state for leg in free.legs_of(page)] == [CallState.ENDED]


def test_two_who_talk_are_not_cut_off_because_the_call_before_was_long(free, monkeypatch):
    hung_up = []
    monkeypatch.setattr(station.station().telephony, "hang_up", hung_up.append)
    monkeypatch.setattr(station.station().telephony, "look_up", lambda known: ProviderCall(
        known, "", "", clock.real_now(), None, by_machine=False))  # fmt: skip
    page = free.page()
    free.change(Call, dialled_at=clock.now() - timedelta(minutes=8))
    free.step(page, 2, PAGE_SID, Digits="4")
    [leg] = free.legs_of(page)
    assert free.row(Call, page).overdue_at == leg.overdue_at
    free.step(leg.id, 0, LEG_SID)
    clock.set_anchor(clock.Anchor(clock.real_now(), clock.now() + timedelta(minutes=9)))
    lookup_overdue.recover()
    lookup_overdue.poll()
    assert hung_up == []
    free.hear_end(leg.id, LEG_SID)
    lookup_overdue.recover()
    lookup_overdue.poll()
    assert hung_up == [PAGE_SID]


def test_a_resident_who_rings_us_while_a_helper_has_them_rung_is_heard(free):
    page = free.page()
    free.step(page, 2, PAGE_SID, Digits="4")
    assert "Gather" in verbs(rings_us(free, NUMBER))
    [leg] = free.legs_of(page)
    assert (leg.ending, leg.hang_up_wanted) == (Ending.WITHDRAWN, True)
    withdraw.end_at_provider()
    assert not free.legs_of(page)[0].hang_up_wanted
    assert "Gather" in verbs(free.step(page, 3, PAGE_SID, DialCallStatus="busy", DialCallSid=LEG_SID))
