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
    pauses,
    speed_for,
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


def test_the_voice_pauses_at_a_comma_that_lasts():
    lengths = np.array([18, 2, 5, 2, 2, 2, 2, 2, 29, 12, 1], np.float32)
    assert pauses(Expected(lengths, [3]), 1.0) == 1
    assert pauses(Expected(lengths, [6]), 1.0) == 0


@pytest.mark.parametrize("speed", [0.9, 1.0, 1.2])
def test_the_speed_is_the_one_at_which_it_lasts_as_long_as_is_wanted(speed):
    long = Expected(np.array([18, *[2.0] * 200, 29, 12, 1], np.float32), ())
    assert speed_for([long], 400 / speed * FRAME_SECONDS, 0.6) == pytest.approx(speed, rel=0.02)


def test_longer_pauses_come_before_a_slower_voice():
    lengths = np.array([18, *[2.0] * 100, 5, 2, *[2.0] * 100, 29, 12, 1], np.float32)
    with_a_comma, without = Expected(lengths, [102]), Expected(lengths, ())
    seconds = spoken_seconds(lengths, SLOWEST) + 0.5
    assert speed_for([with_a_comma], seconds, 0.6) == pytest.approx(SLOWEST, abs=0.001)
    assert SLOWEST_OF_ALL <= speed_for([without], seconds, 0.6) < SLOWEST - 0.01
    assert speed_for([without], 99, 0.6) == pytest.approx(SLOWEST_OF_ALL, abs=0.001)
    assert speed_for([without], 1, 0.6) == pytest.approx(FASTEST, abs=0.001)
