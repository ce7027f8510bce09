"""A resident who wants a person waits while the office is rung, and is never left alone with it."""

from datetime import time, timedelta

import pytest
from sqlalchemy import select

from contacts.callers import refused_numbers
from contacts.community.community import area, the_community
from contacts.models import Responder
from core import clock
from core.storage import database
from escalation import climbing
from escalation.models import Page
from ivr import queries
from ivr.models import Call, CallState, Ending
from tests import people
from tests.ivr.connecting.house import LEG_SID, MONDAY_AT_NINE, dial, our_number, rings_us
from tests.ivr.house import NUMBER, RESPONDER, SID, verbs


def wish(house):
    """The resident presses 0; the answer, and the leg that rings the office."""
    house.turn(0)
    answer = house.turn(1, Digits="0")
    return answer, next(iter(house.legs_of(house.call_id)), None)


def test_a_resident_who_rings_us_once_more_while_waiting_for_the_office_is_looked_after_at_once(house):
    wish(house)
    rings_us(house, NUMBER)
    assert house.call().ending == Ending.WITHDRAWN
    assert [leg.ending for leg in house.legs_of(house.call_id)] == [Ending.CANCELLED]
    assert house.count(Page) == 2


def test_in_office_hours_the_resident_waits_with_a_melody_while_the_office_is_rung(house):
    answer, leg = wish(house)
    found = dial(answer)
    assert found[0].text == RESPONDER
    assert found.attrib["callerId"] == our_number()
    assert verbs(answer)[-2:] == ["Dial", "Number"]
    assert (house.check_in().outcome, house.case().kind) == ("wants_person", "wants_person")
    assert house.case().look_at - clock.now() > timedelta(seconds=50)
    with database.reading() as session:
        [page] = session.scalars(select(Page)).all()
    assert (page.call_id, page.state) == (leg.id, "calling")


@pytest.mark.parametrize(
    "instant",
    [MONDAY_AT_NINE - timedelta(minutes=31), MONDAY_AT_NINE + timedelta(hours=9), MONDAY_AT_NINE - timedelta(days=1)],
    ids=["before", "after", "sunday"],
)
def test_outside_office_hours_a_helper_is_asked_at_once(house, instant):
    house.at(instant)
    answer, leg = wish(house)
    assert leg is None
    assert "Dial" not in verbs(answer)
    with database.reading() as session:
        [page] = session.scalars(select(Page)).all()
        assert session.get_one(Call, page.call_id).state == CallState.QUEUED


def test_without_a_duty_telephone_a_helper_is_asked_at_once(house):
    house.change(Responder, role="volunteer")
    _, leg = wish(house)
    assert leg is None
    assert house.count(Page) == 1


def test_an_office_whose_telephone_the_provider_refuses_is_not_waited_for(house):
    with database.unit_of_work() as session:
        refused_numbers.mark(session, RESPONDER, 21217, house.call_id)
    assert wish(house)[1] is None


def test_an_unwell_resident_is_not_kept_on_the_line(house):
    house.turn(0)
    answer = house.turn(1, Digits="3")
    assert "Dial" not in verbs(answer)
    assert house.legs_of(house.call_id) == []


def test_key_1_of_the_whisper_accepts_the_case_and_connects(house):
    _, leg = wish(house)
    offer = house.step(leg.id, 0, LEG_SID)
    assert "王桂兰" not in offer.text
    accepted = house.step(leg.id, 1, LEG_SID, Digits="1")
    assert "Hangup" not in verbs(accepted)
    assert house.case().state == "accepted"
    house.hear_end(leg.id, LEG_SID)
    over = house.turn(2, DialCallStatus="completed", DialCallSid=LEG_SID)
    assert "Dial" not in verbs(over)
    assert house.case().state == "accepted"
    assert house.count(Page) == 1


@pytest.mark.parametrize("digits", ["", "2", "9"])
def test_without_key_1_nobody_is_connected(house, digits):
    _, leg = wish(house)
    house.step(leg.id, 0, LEG_SID)
    house.step(leg.id, 1, LEG_SID, Digits=digits)
    answer = house.step(leg.id, 2, LEG_SID, Digits=digits)
    assert verbs(answer)[-1] == "Hangup"
    assert house.case().state == "open"


@pytest.mark.parametrize("status", ["busy", "no-answer", "failed", "canceled", "completed"])
def test_when_nobody_takes_it_the_ladder_goes_on_before_the_resident_is_told(house, status):
    """Whatever the provider calls it: a voicemail has "completed" the Dial, and has pressed nothing."""
    wish(house)
    answer = house.turn(2, DialCallStatus=status, DialCallSid=LEG_SID)
    assert "Dial" not in verbs(answer)
    with database.reading() as session:
        first, second = session.scalars(select(Page).order_by(Page.id)).all()
        assert (first.state, second.state) == ("unanswered", "calling")
        assert session.get_one(Call, second.call_id).state == CallState.QUEUED


def test_when_the_resident_hangs_up_while_waiting_the_ladder_goes_on_at_once(house):
    wish(house)
    house.ended()
    assert house.count(Page) == 2
    assert [leg.state for leg in house.legs_of(house.call_id)] == [CallState.ENDED]


def test_when_nothing_is_ever_reported_the_ladder_goes_on_by_itself(house):
    """The service was killed while the office was rung, and both reports are lost."""
    _, leg = wish(house)
    house.hear_end(leg.id, LEG_SID, "no-answer")
    climbing.climb_due()
    assert house.count(Page) == 1
    clock.set_anchor(clock.Anchor(clock.real_now(), MONDAY_AT_NINE + timedelta(seconds=70)))
    climbing.climb_due()
    assert house.count(Page) == 2


def test_the_ladder_does_not_wait_longer_for_an_office_that_is_never_heard_of_again(house):
    with database.unit_of_work() as session:
        people.responder(session, "楼长", "+8613900000003", "building_head")
    _, leg = wish(house)
    for seconds, pages in ((50, 1), (70, 2)):
        clock.set_anchor(clock.Anchor(clock.real_now(), MONDAY_AT_NINE + timedelta(seconds=seconds)))
        climbing.climb_due()
        assert house.count(Page) == pages
    assert house.legs_of(house.call_id)[0].state == CallState.DIALLING
    house.step(leg.id, 0, LEG_SID)
    house.step(leg.id, 1, LEG_SID, Digits="1")
    assert house.case().state == "accepted"


def test_the_next_duty_telephone_is_rung_when_the_first_is_busy(house):
    with database.unit_of_work() as session:
        people.responder(session, "值班", "+8613900000002", "office")
    wish(house)
    again = house.turn(2, DialCallStatus="busy", DialCallSid=LEG_SID)
    assert dial(again)[0].text == "+8613900000002"
    over = house.turn(3, DialCallStatus="busy", DialCallSid="CA" + "9" * 32)
    assert "Dial" not in verbs(over)
    assert house.count(Page) == 3


def test_whoever_looks_after_one_building_is_not_on_duty_for_all(house):
    with database.unit_of_work() as session:
        session.scalars(select(Responder)).one().areas = [area(session, the_community(session), "3号楼", "")]
    _, leg = wish(house)
    assert leg is None


def test_the_hours_of_an_office_can_be_changed(house):
    with database.unit_of_work() as session:
        community = the_community(session)
        community.office_from, community.office_until, community.office_days = time(13), time(14), "1"
    assert wish(house)[1] is None


def test_the_call_that_rings_waits_in_no_queue(house):
    wish(house)
    with database.reading() as session:
        assert queries.waiting_calls(session, clock.now() + timedelta(hours=1), 20) == []


def test_a_second_call_of_the_provider_for_a_leg_is_ended(house):
    _, leg = wish(house)
    house.step(leg.id, 0, LEG_SID)
    assert verbs(house.step(leg.id, 0, "CA" + "6" * 32)) == ["Response", "Hangup"]
    assert house.legs_of(house.call_id)[0].provider_id == LEG_SID
    assert house.call().provider_id == SID
