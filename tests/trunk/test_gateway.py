"""What is known of a gateway: when it rests, for how long, and after how long a silence it counts as dead."""

import pytest

from trunk.routing.gateway import LONGEST_REST_SECONDS, REST_SECONDS, TROUBLES, Gateway, Standing

LONGEST_SILENCE_SECONDS = 4.0
"""A dead gateway is noticed within so long."""


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def gateway(clock):
    return Gateway(clock)


def rest(gateway):
    refusal = gateway.refusal()
    return refusal[1] if refusal else 0.0


def test_one_that_has_answered_and_is_silent_is_dead_within_four_seconds(gateway, clock):
    gateway.asked()
    clock.now += 60
    assert (gateway.stands, gateway.refusal()) == (Standing.UNKNOWN, None)  # it may answer no such questions
    gateway.heard()
    assert gateway.stands is Standing.ANSWERS
    gateway.asked()
    clock.now += LONGEST_SILENCE_SECONDS / 2
    gateway.asked()
    assert gateway.stands is Standing.ANSWERS
    clock.now += LONGEST_SILENCE_SECONDS / 2
    assert gateway.stands is Standing.SILENT
    assert rest(gateway) > 0
    gateway.heard()
    assert (gateway.stands, gateway.refusal()) == (Standing.ANSWERS, None)


def test_each_rest_is_longer_than_the_one_before_until_the_longest_and_a_call_that_gets_through_ends_it(gateway, clock):
    for _ in range(TROUBLES - 1):
        gateway.fails()
        assert gateway.refusal() is None
    gateway.fails()
    for _ in range(6):
        gateway.fails()  # all that were under way at once
    rests = [rest(gateway)]
    clock.now += rests[0]
    for _ in range(11):
        gateway.fails()
        rests.append(rest(gateway))
        clock.now += rests[-1]
        assert gateway.refusal() is None
    assert rests[:3] == [REST_SECONDS, 2 * REST_SECONDS, 4 * REST_SECONDS]
    assert rests[3:] == [LONGEST_REST_SECONDS] * 9
    gateway.fails()
    gateway.works()
    assert gateway.refusal() is None
    gateway.fails()
    assert gateway.refusal() is None
