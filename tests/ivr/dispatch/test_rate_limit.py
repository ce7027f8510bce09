"""The pace of a line: never broken in any second, used while work is waiting, and alerts first."""

import sys
import threading
from math import ceil
from time import sleep

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.dispatch.rate_limit import CATCH_UP_SECONDS, Pace
from ivr.models import CallState, Urgency
from tests.ivr.dialling_room import number_of
from tests.ivr.fake_provider import Answer
from tests.patience import PATIENCE_SECONDS, wait_for
from tests.processes import ForkedModule


class Time:
    """A clock that a test turns by hand."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds + 1e-6


def most_in_a_second(instants):
    """The largest number of instants in any window of one second."""
    ordered = sorted(instants)
    return max(sum(start <= each < start + 1.0 for each in ordered) for start in ordered)


def drive(pace, time, seconds, late=()):
    """Uses every turn as it comes; before each of the first requests the worker is held up by ``late`` seconds."""
    left, delays, until = [], iter(late), time.now + seconds
    while time.now < until:
        if pace.turns():
            pace.take()
            time.now += next(delays, 0.0)
            pace.leave()
            left.append(time.now)
        else:
            time.now = max(time.now + 1e-6, pace.next_turn())
    return left


@given(
    st.sampled_from([0.5, 1, 2.5, 3, 10, 30, 100]),
    st.lists(st.floats(0, 1.5), max_size=30),
    st.floats(0, 3),
)
@settings(deadline=None, max_examples=60)
def test_no_second_has_more_than_the_pace_however_late_the_worker_is(per_second, late, resume):
    time = Time()
    left = drive(Pace(per_second, time.now + resume, time, time.sleep), time, 12, late)
    assert left[0] >= 1000.0 + resume
    assert most_in_a_second(left) <= ceil(per_second)


@pytest.mark.parametrize("per_second", [0.5, 1, 10, 30, 100])
def test_the_pace_is_used_to_the_full(per_second):
    time = Time()
    seconds = 100
    left = drive(Pace(per_second, time.now, time, time.sleep), time, seconds)
    assert len(left) >= 0.955 * per_second * seconds


def test_turns_that_were_missed_by_little_are_caught_up_with():
    time = Time()
    left = drive(Pace(30, time.now, time, time.sleep), time, 20, [0.0, CATCH_UP_SECONDS / 2] * 5)
    assert len(left) >= 0.95 * 30 * 20


@given(st.sampled_from([0.5, 1, 2.5, 10, 30]), st.lists(st.floats(0, 0.15), max_size=40), st.floats(0.5, 3))
@settings(deadline=None, max_examples=60)
def test_the_pace_outlives_a_hand_over(per_second, late, seconds):
    time = Time()
    before = Pace(per_second, time.now, time, time.sleep)
    left = drive(before, time, seconds, late)
    left += drive(Pace(per_second, before.free_at(), time, time.sleep), time, 3, late)
    assert most_in_a_second(left) <= ceil(per_second)


def test_whoever_takes_over_waits_for_requests_that_still_wait_for_their_turn():
    time = Time()
    before = Pace(10, time.now, time, time.sleep)
    free_at = before.free_at()
    before.take()
    before.take()
    assert before.free_at() > free_at + before.interval


@pytest.mark.parametrize("at_once", [500, 10])
def test_an_alert_leaves_next_although_three_hundred_wait(room, at_once):
    opened = room(per_second=10, latency=0.05, at_once=at_once)
    opened.queue_many(300)
    alert = number_of(999)
    with opened.dialling():
        wait_for(lambda: len(opened.provider.requests) >= 8, "the morning to begin")
        opened.queue(alert, urgency=Urgency.ALERT)
        before = len(opened.provider.requests)
        if at_once == 10:  # eight places are taken, and two are kept for alerts
            opened.dialler.dial()
        wait_for(lambda: opened.provider.requests_for(alert), "the alert to leave")
    between = opened.provider.requests.index(opened.provider.requests_for(alert)[0]) - before
    assert between <= 2


def test_routine_calls_never_take_more_than_their_places(room):
    opened = room(per_second=100, at_once=10)
    opened.queue_many(30)
    opened.dial()
    assert list(opened.states().values()).count(CallState.PLACED) == 8


def test_requests_that_hang_do_not_hold_the_others_up(room):
    opened, go_on = room(per_second=50), threading.Event()
    for index in range(5):
        opened.provider.says(number_of(index), Answer(gate=go_on))
    opened.queue_many(40)
    opened.dialler.dial()
    wait_for(lambda: list(opened.states().values()).count(CallState.PLACED) >= 35, "those who are answered at once")
    assert list(opened.states().values()).count(CallState.DIALLING) == 5
    go_on.set()
    opened.settle()


def test_two_workers_share_a_line_within_its_pace(room):
    """Both are real processes; the lease goes back and forth between them as one after the other is woken."""
    opened = room(per_second=20, latency=0.05)
    workers = [ForkedModule([sys.executable, "-m", "tests.ivr.worker", str(opened.settings_file())]) for _ in range(2)]
    try:
        for worker in workers:
            assert worker.stdout.readline() == "ready\n"
        opened.queue_many(60)
        wait_for(lambda: len(opened.provider.requests) >= 40, "most of the requests")
        for index in range(100, 120):  # now and then one, so that the lease is given back between them
            opened.queue(number_of(index))
            sleep(0.1)
        wait_for(lambda: len(opened.provider.requests) >= 80, "all requests")
        said = [worker.communicate("stop\n", timeout=PATIENCE_SECONDS)[0] for worker in workers]
        left = [float(line) for each in said for line in each.splitlines()]
    finally:
        for worker in workers:
            worker.kill()
    assert len(left) == 80
    assert most_in_a_second(left) <= 20
