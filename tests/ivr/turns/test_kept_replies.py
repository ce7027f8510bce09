"""A turn keeps its reply in a fraction of its length, and gives back exactly that."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ids import new_id
from ivr.models import CallTurn
from ivr.turns.kept_replies import packed, unpacked

CALL = new_id()


@given(st.text())
def test_whatever_was_said_is_said_again(reply):
    assert unpacked(packed(reply, CALL), CALL) == reply


@pytest.mark.parametrize("kept", ['<?xml version="1.0"?><Response/>', "", '{"say": "早安"}'])
def test_what_was_kept_as_it_was_written_is_read_as_such(kept):
    assert unpacked(kept.encode(), CALL) == unpacked(kept, CALL) == kept


def test_a_repeated_request_hears_the_very_same_and_little_is_kept_for_it(house):
    first = house.turn(0).text
    assert house.turn(0).text == first
    [turn] = house.rows(CallTurn)
    assert unpacked(turn.reply, turn.call_id) == first
    assert len(turn.reply) < len(first.encode()) / 2
