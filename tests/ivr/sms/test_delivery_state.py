"""News of a text in any order leads to the same end."""

from functools import reduce
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.models import TextState
from ivr.provider.twilio.statuses import text_state
from ivr.sms import delivery_state

REPORTS = [TextState.SENT, TextState.DELIVERED, TextState.UNDELIVERED, TextState.FAILED, TextState.REFUSED]


def end(reports):
    return reduce(delivery_state.after, reports, TextState.SENDING)


@given(st.lists(st.sampled_from(REPORTS), min_size=1, max_size=6), st.randoms())
def test_the_order_and_the_number_of_reports_do_not_matter(reports, random):
    shuffled = [*reports, *random.choices(reports, k=3)]
    random.shuffle(shuffled)
    assert end(shuffled) == end(reports)


@pytest.mark.parametrize("late", [state for state in TextState if state is not TextState.DELIVERED])
def test_whatever_was_delivered_stays_delivered(late):
    assert delivery_state.after(TextState.DELIVERED, late) is TextState.DELIVERED


@pytest.mark.parametrize("failure", sorted(delivery_state.FAILURES))
def test_a_failure_is_not_undone_by_a_late_sent_but_by_a_delivery(failure):
    for order in permutations([TextState.SENT, failure]):
        assert end(order) is failure
    for order in permutations([failure, TextState.DELIVERED]):
        assert end(order) is TextState.DELIVERED


def test_who_has_told_the_provider_to_stop_has_refused():
    assert text_state("failed", "21610") is TextState.REFUSED
    assert text_state("failed", "30003") is TextState.FAILED
    assert text_state("sent", "21610") is TextState.SENT


def test_every_state_has_its_place():
    assert set(delivery_state.ORDER) == set(TextState)
