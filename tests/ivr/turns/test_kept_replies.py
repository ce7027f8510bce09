"""A turn keeps its reply in a fraction of its length, and gives back exactly that."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio.clips.clip_addresses import ClipAddresses
from core.ids import new_id
from ivr.models import CallTurn
from ivr.turns.kept_replies import packed, unpacked

CALL = new_id()
ADDRESSES = ClipAddresses("https://zaoan.example", "secret")
DIGESTS = st.binary(min_size=20, max_size=20).map(bytes.hex)
OTHERS = ClipAddresses("https://zaoan.example", "another secret")


@given(st.text() | st.lists(DIGESTS.map(ADDRESSES.url) | DIGESTS.map(OTHERS.url) | st.text(), max_size=4).map("".join))
def test_whatever_was_said_is_said_again(reply):
    assert unpacked(packed(reply, CALL, ADDRESSES.url), CALL, ADDRESSES.url) == reply


@pytest.mark.parametrize("kept", ['<?xml version="1.0"?><Response/>', "", '{"say": "早安"}'])
def test_what_was_kept_as_it_was_written_is_read_as_such(kept):
    assert unpacked(kept.encode(), CALL, str) == unpacked(kept, CALL, str) == kept


def test_a_repeated_request_hears_the_very_same_and_little_is_kept_for_it(house):
    first = house.turn(0).text
    assert house.turn(0).text == first
    [turn] = house.rows(CallTurn)
    assert unpacked(turn.reply, turn.call_id, str) == first
    assert len(turn.reply) < len(first.encode()) / 2


def test_a_clip_costs_hardly_more_than_its_digest():
    digest = "0123456789abcdef0123456789abcdef01234567"
    reply = f"<Response><Play>{ADDRESSES.url(digest)}</Play></Response>"
    assert len(packed(reply, CALL, ADDRESSES.url)) < 20 + 25
    assert len(packed(reply, CALL, OTHERS.url)) > 20 + 25
