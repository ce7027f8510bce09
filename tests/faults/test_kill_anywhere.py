"""Kill it anywhere: at whatever commit the service dies, nobody is forgotten and nobody is rung twice."""

import pytest

from tests.faults.mornings import killed_morning
from tests.faults.promises import toll


def live_through(tmp_path, record_property, seed, residents, kills):
    with killed_morning(tmp_path, seed, residents, kills) as survivor:
        counted = toll(survivor)
    record_property("toll", str(counted))
    assert (counted.forgotten, counted.rung_twice, counted.alerts_lost, counted.violations) == ([], [], [], [])
    assert counted.kills >= kills


def test_ten_kills_in_one_morning(tmp_path, record_property):
    live_through(tmp_path, record_property, seed=7, residents=8, kills=10)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(1, 11))
def test_a_hundred_kills_in_ten_mornings(tmp_path, record_property, seed):
    live_through(tmp_path, record_property, seed, residents=24, kills=12)
