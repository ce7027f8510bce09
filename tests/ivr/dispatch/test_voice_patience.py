"""How long a routine call waits for the best of our voices: never so long that a round's first telephone rings late."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from core.clock import Anchor
from ivr.dispatch import voicing

A_MINUTE = 60.0
NINE = datetime(2026, 11, 27, 9, tzinfo=UTC)


def patience(monkeypatch, *, another_speaks: bool, speed: float = 1.0) -> float:
    monkeypatch.setattr(voicing.clock, "anchor", lambda: Anchor(NINE, NINE, speed))
    return voicing._patience(SimpleNamespace(is_audible=lambda: another_speaks))


def test_where_a_simpler_voice_can_speak_a_call_is_placed_within_a_minute(monkeypatch):
    assert patience(monkeypatch, another_speaks=True) <= A_MINUTE - 10


def test_where_none_of_ours_can_speak_yet_it_waits_longer(monkeypatch):
    waits = patience(monkeypatch, another_speaks=False)
    assert waits > patience(monkeypatch, another_speaks=True)


@pytest.mark.parametrize("speed", [10.0, 120.0])
def test_on_a_clock_that_runs_faster_it_waits_for_less_long_but_never_for_nothing(monkeypatch, speed):
    waits = patience(monkeypatch, another_speaks=True, speed=speed)
    assert voicing.LEAST_PATIENCE_SECONDS <= waits < patience(monkeypatch, another_speaks=True)
