"""The poller: a report that was lost is made up for by asking, soon, and not more often than makes sense."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from core import clock
from core.storage import database
from ivr.dispatch import calls
from ivr.models import Call, CallState, Ending, Urgency
from ivr.reconciliation import lookup_overdue
from ivr.reconciliation import sweep as sweeping
from tests.ivr.house import SID
from tests.patience import PATIENCE_SECONDS
from tests.scripted_provider import script


@pytest.fixture
def provider(house):
    known = script()
    with database.unit_of_work() as session:
        call = session.get_one(Call, house.call_id)
        call.dialled_at, call.overdue_at = clock.now(), calls.overdue_instant(call.ring_seconds)
    return known


@pytest.fixture
def later():
    """Turns the clock forwards."""
    before = clock.anchor()
    yield lambda **by: clock.set_anchor(replace(clock.anchor(), clock=clock.anchor().clock + timedelta(**by)))
    clock.set_anchor(before)


def test_a_call_of_which_nothing_is_heard_is_asked_about_when_its_ringing_should_be_over(house, provider, later):
    provider.ending = Ending.NO_ANSWER
    later(seconds=60)
    lookup_overdue.poll()
    assert provider.asked == 0
    later(seconds=6)
    lookup_overdue.poll()
    assert house.call().ending == "no_answer"
    assert house.check_in().furthest == "no_answer"
    assert house.check_in().next_attempt_at is not None


def test_a_lost_end_is_found_soon_after_the_last_word(house, provider, later):
    house.turn(0)
    provider.ending, provider.by_machine = Ending.COMPLETED, True
    later(seconds=calls.TURN_SECONDS + 6)
    lookup_overdue.poll()
    assert house.call().ending == "completed"
    assert house.check_in().furthest == "voicemail"


def test_a_call_that_lives_is_asked_about_once_a_minute_and_not_hung_up(house, provider, later):
    house.turn(0)
    later(minutes=2)
    for _ in range(5):
        lookup_overdue.poll()
    assert (provider.asked, provider.hung_up) == (1, [])
    later(seconds=calls.ASK_AGAIN_SECONDS + 6)
    lookup_overdue.poll()
    assert (provider.asked, provider.hung_up) == (2, [])
    assert house.call().state == CallState.PLACED


def test_a_call_that_stays_open_too_long_is_hung_up(house, provider, later):
    house.turn(0)
    later(minutes=12)
    lookup_overdue.poll()
    assert provider.hung_up == [SID]
    assert house.call().state == CallState.ENDED
    assert house.check_in().furthest == "hung_up"


def test_a_call_that_nobody_wants_any_more_is_hung_up_at_the_next_tick(house, provider):
    with database.unit_of_work() as session:
        calls.want_ended(session, session.get_one(Call, house.call_id))
    lookup_overdue.poll()
    assert provider.hung_up == [SID]
    assert house.call().state == CallState.ENDED


def test_a_provider_that_does_not_answer_is_asked_again_later_and_no_more_often(house, provider, later):
    provider.down = True
    later(minutes=2)
    for _ in range(5):
        lookup_overdue.poll()
    assert provider.asked == 1
    provider.down, provider.ending = False, Ending.BUSY
    later(seconds=calls.ASK_AGAIN_SECONDS + 6)
    lookup_overdue.poll()
    assert house.call().ending == "busy"


def test_after_a_restart_every_placed_call_is_asked_about_at_once(house, provider):
    provider.ending = Ending.COMPLETED
    lookup_overdue.recover()
    lookup_overdue.poll()
    assert house.call().ending == "completed"


def test_a_call_that_the_provider_knows_no_more_has_ended_and_its_resident_is_rung_again(house, provider, later):
    provider.forgets = True
    later(minutes=10)
    lookup_overdue.poll()
    assert (house.call().state, house.call().ending) == (CallState.ENDED, Ending.FAILED)
    assert house.check_in().next_attempt_at is not None


def test_a_provider_that_does_not_answer_is_not_asked_about_all_the_others(house, provider, later):
    with database.unit_of_work() as session:
        another = calls.queue(
            session, number="+8631186000199", owner="check_in", dialogue=calls.dialogue_of(house.call()),
            urgency=Urgency.ROUTINE, due_at=clock.now(), not_after=clock.now() + timedelta(hours=1),
        )  # fmt: skip
        another.state, another.provider_id, another.dialled_at = CallState.PLACED, "CA" + "9" * 32, clock.now()
        another.overdue_at = clock.now()
    provider.down = True
    later(minutes=10)
    lookup_overdue.poll()
    assert provider.asked == 1
    provider.down = False
    lookup_overdue.poll()
    assert provider.asked == 2  # the one that was asked about in vain waits its minute


def test_that_a_machine_had_answered_is_learnt_from_the_provider_too(house, provider, later):
    provider.ending, provider.by_machine = Ending.COMPLETED, True
    later(minutes=10)
    lookup_overdue.poll()
    assert (house.call().by_machine, house.check_in().furthest) == (True, "voicemail")


def test_one_sweep_at_a_time(house, provider, later):
    later(minutes=2)
    looking, go_on = threading.Event(), threading.Event()
    look_up = provider.look_up

    def slowly(provider_id):
        looking.set()
        assert go_on.wait(PATIENCE_SECONDS)
        return look_up(provider_id)

    provider.look_up = slowly
    first = threading.Thread(target=sweeping.sweep)
    first.start()
    assert looking.wait(PATIENCE_SECONDS)
    sweeping.sweep()
    go_on.set()
    first.join()
    assert provider.asked == 1
