"""What Asterisk tells over its WebSocket, as far as a benchmark needs it."""

import json

import pytest

from benchmarks.asterisk.ari import Answered, NotPlayed, Pressed, event_from


def told(kind, **more):
    return event_from(json.dumps({"type": kind, "application": "figures", **more}))


def test_who_picks_up_and_what_they_press_is_told():
    assert told("StasisStart", channel={"id": "a", "state": "Up"}, args=[]) == Answered("a")
    assert told("ChannelDtmfReceived", channel={"id": "a"}, digit="#", duration_ms=120) == Pressed("a", "#")


def test_a_prompt_that_was_cut_off_has_not_failed():
    assert told("PlaybackFinished", playback={"id": "p", "state": "failed"}) == NotPlayed("p")
    assert told("PlaybackFinished", playback={"id": "p", "state": "done"}) is None


def test_everything_else_is_of_no_concern():
    assert told("ChannelStateChange", channel={"id": "a", "state": "Ringing"}) is None


@pytest.mark.parametrize("text", ["", "{}", '{"type": "StasisStart"}'])
def test_what_is_no_event_is_an_error(text):
    with pytest.raises((ValueError, KeyError)):
        event_from(text)
