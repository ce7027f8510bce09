"""Kill it anywhere: at whatever commit the service dies, nobody is forgotten and nobody is rung twice."""

import pytest

from tests.faults.mornings import killed_morning, while_keys_are_stored
from tests.faults.promises import toll

SLOWLY = 3
"""People live so much faster than a real clock: their minute is a third of a real one, a restart takes seconds."""
MINUTE = 60.0
RESTART = 15.0
FEW = 5
"""Calls at once, so that keys are pressed all through a morning of many kills."""


def live_through(tmp_path, record_property, seed, residents, kills, tells_later=False, **how):
    with killed_morning(tmp_path, seed, residents, kills, **how) as survivor:
        counted = toll(survivor, tells_later=tells_later)
    record_property("toll", str(counted))
    assert (counted.forgotten, counted.rung_twice, counted.alerts_lost, counted.violations) == ([], [], [], [])
    assert counted.kills >= kills
    return counted


def test_ten_kills_in_one_morning(tmp_path, record_property):
    live_through(tmp_path, record_property, seed=7, residents=8, kills=10)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(1, 11))
def test_a_hundred_kills_in_ten_mornings(tmp_path, record_property, seed):
    live_through(tmp_path, record_property, seed, residents=24, kills=12)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(1, 4))
@pytest.mark.parametrize("tell_after", [0, 900], ids=["told-at-once", "told-after-15-minutes"])
def test_a_key_lost_to_one_of_a_hundred_kills_is_known_or_asked_for_again_within_a_minute(
    tmp_path, record_property, seed, tell_after
):
    """Each kill comes before the commit of a key, so that the key is lost, and leaves the next service its minute.

    A provider tells of its own requests at once, so that the key is learnt, or long after: then it is asked for.
    """
    how = {
        "clock_speed": SLOWLY,
        "line_calls_at_once": FEW,
        "next_fate": while_keys_are_stored(peace=(MINUTE + RESTART) / SLOWLY),
        "exchange": ("--tell-after", str(tell_after)),
    }
    counted = live_through(tmp_path, record_property, seed, residents=120, kills=17, tells_later=tell_after > 0, **how)
    assert len(counted.waits) >= counted.kills / 2, "the kills missed the keys"
    assert [each for each in counted.waits if each > MINUTE] == []
