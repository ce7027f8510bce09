"""Keys as tones: what ITU-T Q.24 has a receiver take, and what it has to leave."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.trunk.sound.tones import key, keys, noise, pcm, quiet, sine, speech
from trunk.sound.in_band import KEYS, InBand
from trunk.sound.tones import beep, patience, ringback

ALL = "".join(KEYS)


def heard(*parts, frame=160):
    """What is heard in these samples, which come in frames."""
    sound, ear = pcm(np.concatenate([*parts, quiet(0.1)])), InBand()
    return "".join(each for at in range(0, len(sound), 2 * frame) for each in ear.feed(sound[at : at + 2 * frame]))


@pytest.mark.parametrize("which", ALL)
def test_each_key_is_heard_once_however_long_it_is_held(which):
    for seconds in (0.04, 0.1, 2.0):
        assert heard(quiet(0.05), key(which, seconds)) == which


@given(
    which=st.sampled_from(ALL),
    before=st.integers(0, 400),
    low=st.floats(-24, -6),
    twist=st.floats(-8, 4),
    off=st.tuples(st.floats(-0.015, 0.015), st.floats(-0.015, 0.015)),
    frame=st.sampled_from([80, 160, 240, 320, 480]),
)
def test_a_key_within_the_bounds_is_heard(which, before, low, twist, off, frame):
    tone = key(which, 0.042, low=low, high=max(-27.0, low + twist), off=off)
    assert heard(np.zeros(before), tone, frame=frame) == which


@given(which=st.sampled_from(ALL), before=st.integers(0, 400), low=st.floats(-20, -6))
def test_less_than_23_milliseconds_are_no_key(which, before, low):
    assert heard(np.zeros(before), key(which, 0.023, low=low, high=low)) == ""


@given(which=st.sampled_from(ALL), off=st.floats(0.035, 0.06), sign=st.sampled_from([-1, 1]), row=st.booleans())
def test_a_frequency_that_is_far_off_is_no_keys(which, off, sign, row):
    assert heard(key(which, 0.1, off=(sign * off, 0.0) if row else (0.0, sign * off))) != which


@pytest.mark.parametrize("levels", [(-12, -23), (-23, -12), (-40, -40)])
def test_tones_that_are_too_different_or_too_soft_are_no_key(levels):
    assert heard(key("5", 0.1, *levels)) == ""


def test_an_interruption_of_10_milliseconds_makes_no_second_key_and_a_pause_does():
    once, twice = (np.concatenate([key("9", 0.1), quiet(pause), key("9", 0.1)]) for pause in (0.01, 0.04))
    assert (heard(once), heard(twice)) == ("9", "99")


def test_keys_typed_quickly_are_all_heard():
    assert heard(keys("1234567890*#1122", seconds=0.05, pause=0.05)) == "1234567890*#1122"


def test_keys_are_heard_through_noise_and_through_an_echo_of_our_words():
    tones = keys("9123", seconds=0.08, pause=0.08)
    assert heard(tones + noise(len(tones) / 8000, -32)) == "9123"
    assert heard(tones + sine(440, len(tones) / 8000, -30) + sine(1100, len(tones) / 8000, -34)) == "9123"


@pytest.mark.parametrize("sound", [beep(), ringback(), patience()], ids=["beep", "ringback", "patience"])
def test_no_tone_of_ours_is_a_key(sound):
    assert heard(np.frombuffer(sound, "<i2") / 32768) == ""


@pytest.mark.parametrize("decibels", [-12, -24, -36])
def test_words_that_come_back_as_an_echo_are_no_key_and_hide_none(decibels):
    for seed in range(6):
        assert heard(speech(20, decibels, seed)) == ""
    tones = keys("9123", seconds=0.1, pause=0.1)
    assert heard(tones + speech(len(tones) / 8000, -34, seed=decibels % 7)) == "9123"


def test_noise_is_no_key():
    assert heard(noise(60, -15)) == ""


def test_two_tones_of_one_group_or_with_a_third_are_no_key():
    for low, high in product((697.0, 852.0), repeat=2):
        assert heard(sine(low, 0.3, -12) + sine(high, 0.3, -12)) == ""
    assert heard(key("5", 0.3) + sine(1000, 0.3, -9) + sine(500, 0.3, -12)) == ""
