"""One press that comes in two ways counts once; two presses count twice, however quick."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trunk.sound.keys import Keypad, Way

EVENT, TONE = Way.EVENT, Way.TONE


def counted(*reports):
    pad = Keypad()
    return "".join(key for key, way, at in reports if pad.is_new(key, way, at))


def test_a_press_is_told_by_an_event_and_heard_as_a_tone():
    assert counted(("9", EVENT, 0.0), ("9", TONE, 0.15)) == "9"
    assert counted(("9", TONE, 0.0), ("9", EVENT, 0.25)) == "9"


def test_two_presses_of_one_key_are_two_in_any_way():
    assert counted(("9", EVENT, 0.0), ("9", EVENT, 0.12)) == "99"
    assert counted(("9", TONE, 0.0), ("9", TONE, 0.08)) == "99"
    assert counted(("9", TONE, 0.0), ("9", TONE, 0.12), ("9", EVENT, 0.2), ("9", EVENT, 0.3)) == "99"


def test_where_events_come_the_sound_tells_nothing_new():
    assert counted(("1", EVENT, 0.0), ("5", TONE, 9.0)) == "1"


@given(st.lists(st.sampled_from("0123456789*#"), min_size=1, max_size=8), st.floats(0.08, 0.4), st.floats(0, 0.3))
def test_a_number_typed_at_any_speed_is_the_same_in_both_ways(keys, apart, late):
    reports = [(key, EVENT, at * apart) for at, key in enumerate(keys)]
    reports += [(key, TONE, at * apart + late) for at, key in enumerate(keys)]
    assert counted(*sorted(reports, key=lambda report: report[2])) == "".join(keys)


@pytest.mark.parametrize("first", [EVENT, TONE])
def test_the_same_way_twice_is_never_one_press(first):
    assert counted(("3", first, 0.0), ("3", first, 0.01)) == "33"
