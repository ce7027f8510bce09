"""Calls that break off while nobody of us is there: what was said is learnt, or asked for again at once, once."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from campaigns.models import CheckIn
from campaigns.owners import lost_calls
from campaigns.rounds import attempts
from core import clock
from core.running import events
from core.storage import database
from escalation.paging import page_order
from ivr import queries
from ivr.dialogue.engine import Dialogue, End, Position
from ivr.dispatch import calls, lines
from ivr.models import Call, CallState, CallTurn, Ending, Line, Urgency
from ivr.ports.events import Keys
from ivr.ports.provider import ProviderRequest
from ivr.ports.turn_url import TurnAddress
from ivr.provider.twilio.events import request_of
from ivr.provider.twilio.webhooks import input_of
from ivr.reconciliation import lookup_overdue
from ivr.reconciliation import sweep as sweeping
from ivr.turns import interruption
from tests.scripted_provider import script

SECOND = "CA" + "2" * 32
SOMEBODY_ELSE = "+8631186019999"


@pytest.fixture
def provider(house):
    return script(ending=Ending.COMPLETED)


def asked(house, number, answered=True, **form):
    """A request of the provider's for the answer to the question of turn ``number`` - 1."""
    url = house.chosen.public_url + TurnAddress(house.call_id, number, Position("ask-0", 1)).path()
    return ProviderRequest(url, input_of({"CallSid": "CA", **form}), answered)


def lost(_):
    with database.reading() as session:
        return [each for each in events.latest(session, 100) if each.kind == lost_calls.LOST]


def end_of_another_life(house, **form):
    """The service starts anew, and is told of the end of a call that it left in its middle."""
    interruption.mark_all()
    assert house.ended(**form).status_code == 204


def test_a_key_that_nobody_heard_is_taken_before_the_call_ends(house, provider):
    house.turn(0)
    provider.requests = [asked(house, 1, answered=False, Digits="3")]
    end_of_another_life(house)
    assert house.call().state == CallState.PLACED, "first the provider is asked"
    sweeping.sweep()
    assert house.call().ending == "completed"
    assert (house.check_in().outcome, lost(house)) == ("unwell", [])


def test_a_key_is_taken_only_once(house, provider):
    house.turn(0)
    house.turn(1, Digits="1")
    provider.requests = [asked(house, 1, Digits="1"), asked(house, 1, answered=False, Digits="3")]
    end_of_another_life(house)
    sweeping.sweep()
    assert house.check_in().outcome == "ok"


@pytest.mark.parametrize("form", [{}, {"Digits": ""}, {"RecordingSid": "1"}, {"Digits": "hello"}])
def test_nothing_but_a_key_is_ever_an_answer(house, provider, form):
    house.turn(0)
    provider.requests = [asked(house, 1, answered=False, **form)]
    end_of_another_life(house)
    sweeping.sweep()
    assert house.check_in().outcome is None


def test_whoever_was_cut_off_is_rung_at_once_and_it_is_no_attempt_but_only_once(house, provider):
    house.turn(0)
    end_of_another_life(house)
    sweeping.sweep()
    check_in = house.check_in()
    assert (check_in.outcome, check_in.attempts) == (None, 0)
    assert check_in.next_attempt_at <= clock.now()
    assert [(each.subject_id, each.actor_kind) for each in lost(house)] == [(check_in.id, "system")]
    ring_once_more(house)
    house.turn(0, CallSid=SECOND)
    end_of_another_life(house, CallSid=SECOND)
    sweeping.sweep()
    check_in = house.check_in()
    assert (check_in.attempts, len(lost(house))) == (1, 1)
    assert check_in.next_attempt_at > clock.now() + timedelta(minutes=5), "the second time the plan's pause is kept"


def test_whoever_was_cut_off_does_not_wait_behind_those_who_were_not_rung_yet(house, provider):
    house.turn(0)
    end_of_another_life(house)
    sweeping.sweep()
    with database.unit_of_work() as session:
        lost = session.get_one(Call, house.call_id)
        lost_number, place = lost.number, lost.due_at
        queue_another(session, due_at=place + timedelta(microseconds=1))
    with database.unit_of_work() as session:
        attempts.queue_due(session)
        first, second = queries.waiting_calls(session, clock.now(), 10)
    assert (first.number, second.number) == (lost_number, SOMEBODY_ELSE)
    assert first.due_at == place, "whoever was due before them, and waits still, goes first"
    assert second.urgency == Urgency.ROUTINE
    assert (lines.places(5, 3, first.urgency), lines.places(5, 4, first.urgency)) == (1, 0), "alerts keep their place"


def test_whoever_was_cut_off_waits_for_no_second_telephone_of_another_case(house, provider):
    house.turn(0)
    end_of_another_life(house)
    sweeping.sweep()
    with database.unit_of_work() as session:
        lost = session.get_one(Call, house.call_id)
        lost_number, later = lost.number, lost.due_at + timedelta(microseconds=1)
        queue_another(session, due_at=later, urgency=page_order.urgency(0, rung_before=1))
        attempts.queue_due(session)
    with database.unit_of_work() as session:
        first, _ = queries.waiting_calls(session, clock.now(), 10)
    assert first.number == lost_number


def test_no_routine_call_takes_the_place_of_whoever_was_cut_off_before_their_call_is_queued(house, provider):
    with database.unit_of_work() as session:
        session.get_one(Call, house.call_id).line_id = session.scalars(select(Line.id)).one()
    house.turn(0)
    assert not is_kept(house)
    interruption.mark_all()
    assert is_kept(house), "from the start, until the provider was asked about the calls of the last life"
    let_go()
    assert house.ended().status_code == 204
    sweeping.sweep()
    assert lost(house)
    assert is_kept(house), "and until whoever was cut off is rung again"


def test_a_start_without_conversations_keeps_no_place(house, provider):
    with database.unit_of_work() as session:
        session.get_one(Call, house.call_id).line_id = session.scalars(select(Line.id)).one()
    house.turn(0)
    house.ended()
    sweeping.sweep()
    interruption.mark_all()
    assert not is_kept(house)


def is_kept(house):
    return lines.is_kept(house.rows(Line)[0], clock.real_now())


def let_go():
    with database.unit_of_work() as session:
        session.execute(update(Line).values(kept_until=clock.real_now()))


def test_after_the_one_call_that_makes_up_for_it_they_wait_like_everybody_else(house, provider):
    house.turn(0)
    end_of_another_life(house)
    sweeping.sweep()
    ring_once_more(house)
    house.turn(0, CallSid=SECOND)
    house.ended(CallSid=SECOND)
    with database.unit_of_work() as session:
        session.get_one(CheckIn, house.check_in().id).next_attempt_at = clock.now()
    with database.unit_of_work() as session:
        began = clock.now()
        attempts.queue_due(session)
        assert [each.due_at >= began for each in queries.waiting_calls(session, clock.now(), 10)] == [True]


def queue_another(session, due_at, urgency=Urgency.ROUTINE):
    dialogue = Dialogue(name="silent", language="zh-CN", first="quiet", steps={"quiet": End(prompts=())})
    calls.queue(session, number=SOMEBODY_ELSE, owner="check_in", dialogue=dialogue, urgency=urgency,
                due_at=due_at, not_after=due_at + timedelta(hours=1))  # fmt: skip


def turns(house):
    return sorted(house.rows(CallTurn), key=lambda each: each.number)


def ring_once_more(house):
    with database.unit_of_work() as session:
        attempts.queue_due(session)
    with database.unit_of_work() as session:
        call = session.scalars(select(Call).where(Call.state == CallState.QUEUED)).one()
        call.state, call.dialled_at, call.overdue_at = CallState.PLACED, clock.now(), clock.now()
        call.provider_id, house.call_id = None, call.id


def test_whoever_hangs_up_while_we_are_there_is_rung_by_the_plan(house, provider):
    interruption.mark_all()
    house.turn(0)  # the call goes on with the new service
    house.ended()
    sweeping.sweep()
    check_in = house.check_in()
    assert (check_in.attempts, lost(house)) == (1, [])
    assert check_in.next_attempt_at > clock.now() + timedelta(minutes=5)


def test_a_call_whose_last_request_failed_is_made_up_for_although_its_end_was_reported(house, provider):
    house.turn(0)
    provider.requests = [asked(house, 1, answered=False)]
    house.ended()
    assert house.call().ending == "completed"
    assert house.check_in().attempts == 1
    sweeping.sweep()
    check_in = house.check_in()
    assert (check_in.attempts, len(lost(house))) == (0, 1)
    assert check_in.next_attempt_at <= clock.now()


def test_a_key_whose_request_failed_is_learnt_after_the_end_was_reported(house, provider):
    house.turn(0)
    provider.requests = [asked(house, 1, answered=False, Digits="1")]
    provider.silent = True
    house.ended()
    sweeping.sweep()
    assert house.check_in().outcome is None
    provider.silent = False
    with database.unit_of_work() as session:
        session.get_one(Call, house.call_id).look_back_at = clock.real_now()
    sweeping.sweep()
    assert (house.check_in().outcome, lost(house)) == ("ok", [])


def test_nothing_was_lost_in_a_call_of_which_every_request_was_answered(house, provider):
    house.turn(0)
    interruption.mark_all()
    provider.requests = [asked(house, 0, answered=True)]
    house.ended()
    sweeping.sweep()
    check_in = house.check_in()
    assert (house.call().ending, check_in.attempts, lost(house)) == ("completed", 1, [])


def test_a_marked_call_that_lives_is_asked_about_again_at_once(house):
    script(ending=None)
    house.turn(0)
    interruption.mark_all()
    lookup_overdue.recover()
    sweeping.sweep()
    assert house.call().overdue_at - clock.now() <= timedelta(seconds=10)


def test_a_provider_that_tells_later_is_asked_later(house, provider):
    house.turn(0)
    house.ended()
    sweeping.sweep()
    assert house.call().look_back_at > clock.real_now() + timedelta(minutes=15)


def test_a_call_in_which_all_was_said_is_not_looked_back_at(house, provider):
    house.turn(0)
    house.turn(1, Digits="1")
    while turns(house)[-1].step is not None:
        house.turn(len(turns(house)))
    house.ended()
    assert house.call().look_back_at is None


def test_twilio_s_names_of_what_it_has_sent():
    told = request_of(
        {"url": "https://us/turn", "method": "POST", "parameters": {"call_sid": "CA1", "digits": "3", "to": None}},
        {"response_code": 502},
    )
    assert told == ProviderRequest("https://us/turn", Keys("3"), was_answered=False)
    assert request_of({"parameters": "?"}, {"response_code": 200}) == ProviderRequest("", Keys(""), was_answered=True)
    assert request_of(None, None) == ProviderRequest("", Keys(""), was_answered=False)
