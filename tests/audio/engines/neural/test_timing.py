"""How long the neural voice will speak is known before it speaks, and the speed is chosen by it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio.engines.neural.timing import (
    FASTEST,
    FRAME_SECONDS,
    SLOWEST,
    SLOWEST_OF_ALL,
    Expected,
    frames,
    planned,
    spoken_seconds,
)

# quiet · ten phonemes of two frames · the last phoneme, its mark and the token behind
SENTENCE = np.array([18, *[2.0] * 10, 29, 12, 1], np.float32)


@given(st.lists(st.floats(0.25, 40, width=32), min_size=4, max_size=60), st.floats(0.5, 2.0))
def test_frames_are_whole_at_least_one_each_and_together_as_long_as_expected(lengths, speed):
    given = np.array(lengths, np.float32)
    whole = frames(given, speed)
    assert (whole >= 1).all()
    assert (whole == np.round(whole)).all()
    assert whole.sum() == pytest.approx(np.maximum(given / speed, 1).sum(), abs=1)


def test_a_token_of_one_frame_behind_a_half_keeps_its_frame():
    assert frames(np.array([1.5, 1.0, 1.0], np.float32), 1.0).tolist() == [2, 1, 1]


def test_two_frames_each_are_slowed_down_as_much_as_is_asked():
    assert frames(SENTENCE, 0.8)[1:11].sum() == pytest.approx(20 / 0.8, abs=1)


def test_the_quiet_before_and_behind_is_not_spoken():
    assert spoken_seconds(SENTENCE, 1.0) == pytest.approx(20 * FRAME_SECONDS)
    question = np.array([18, *[2.0] * 10, 6, 29, 14], np.float32)
    assert spoken_seconds(question, 1.0) == pytest.approx(26 * FRAME_SECONDS)


@pytest.mark.parametrize("speed", [0.9, 1.0, 1.2])
def test_the_speed_is_the_one_at_which_it_lasts_as_long_as_is_wanted(speed):
    long = Expected(np.array([18, *[2.0] * 200, 29, 12, 1], np.float32), ())
    plan = planned([long], 400 / speed * FRAME_SECONDS, longest_quiet=0.6)
    assert plan.speed == pytest.approx(speed, rel=0.02)
    assert plan.quiet_seconds <= 0.05


def test_quiet_comes_before_a_voice_that_is_slower_than_is_understood_well():
    sentence = Expected(SENTENCE, ())
    seconds = spoken_seconds(SENTENCE, SLOWEST) + 0.3
    with_quiet, without = (planned([sentence], seconds, longest_quiet=longest) for longest in (0.3, 0.0))
    assert with_quiet.speed == pytest.approx(SLOWEST, abs=0.01)
    assert with_quiet.quiet_seconds == pytest.approx(0.3, abs=0.03)
    assert SLOWEST_OF_ALL <= without.speed < SLOWEST - 0.01


def test_what_the_slowest_voice_does_not_fill_is_quiet():
    plan = planned([Expected(SENTENCE, ())], 3.0, longest_quiet=0.0)
    assert plan.speed == pytest.approx(SLOWEST_OF_ALL, abs=0.001)
    assert spoken_seconds(SENTENCE, plan.speed) + plan.quiet_seconds == pytest.approx(3.0)


def test_nobody_speaks_faster_than_is_understood():
    plan = planned([Expected(SENTENCE, ())], 0.1, longest_quiet=0.3)
    assert plan.speed == pytest.approx(FASTEST, abs=0.001)
    assert plan.quiet_seconds == 0
