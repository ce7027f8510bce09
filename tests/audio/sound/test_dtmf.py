"""Keys are found within the bounds of ITU-T Q.24, and nothing beyond them is taken for one."""

from io import BytesIO

import numpy as np
import pytest
import soundfile

from audio.sound.dtmf import COLUMNS, FULL_SCALE_DBM0, KEYS, RATE, ROWS, keys_in

ALL_KEYS = [pytest.param(key, id=f"key-{KEYS.index(key)}") for key in KEYS]
LAWS = ("ULAW", "ALAW")


def sine(hertz: float, seconds: float, dbm0: float = -10) -> np.ndarray:
    at = np.arange(round(seconds * RATE)) / RATE
    return 10 ** ((dbm0 - FULL_SCALE_DBM0) / 20) * np.sin(2 * np.pi * hertz * at + 0.7)


def press(
    key: str,
    seconds: float = 0.1,
    dbm0: float = -10,
    twist: float = 0,
    off: tuple[float, float] = (0, 0),
) -> np.ndarray:
    """A key between two quiet stretches; ``twist`` is how many dB the column's tone is weaker than the row's."""
    row, column = divmod(KEYS.index(key), 4)
    tones = sine(ROWS[row] * (1 + off[0]), seconds, dbm0) + sine(COLUMNS[column] * (1 + off[1]), seconds, dbm0 - twist)
    return np.concatenate((np.zeros(330), tones, np.zeros(410)))


def on_the_line(samples: np.ndarray, law: str) -> np.ndarray:
    """As it comes out of G.711."""
    file = BytesIO()
    soundfile.write(file, samples, RATE, format="WAV", subtype=law)
    file.seek(0)
    return soundfile.read(file)[0]


def heard(samples: np.ndarray) -> str:
    return "".join(key.name for key in keys_in(samples))


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("key", ALL_KEYS)
def test_each_key_is_heard_through_either_law_at_all_levels(key: str, law: str) -> None:
    for dbm0 in (-36, -25, -10, -3):
        assert heard(on_the_line(press(key, dbm0=dbm0), law)) == key, dbm0


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("key", ALL_KEYS)
def test_forty_milliseconds_are_a_key_and_twenty_three_are_none(key: str, law: str) -> None:
    for shift in range(0, 40, 7):
        begun = np.zeros(shift)
        assert heard(on_the_line(np.concatenate((begun, press(key, 0.040))), law)) == key
        assert heard(on_the_line(np.concatenate((begun, press(key, 0.023))), law)) == ""


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("key", ALL_KEYS)
def test_a_tone_may_be_one_and_a_half_percent_off_and_not_three_and_a_half(key: str, law: str) -> None:
    for off in ((0.015, 0.015), (-0.015, 0.015), (0.015, -0.015), (-0.015, -0.015)):
        assert heard(on_the_line(press(key, 0.05, off=off), law)) == key, off
    for off in ((0.035, 0), (-0.035, 0), (0, 0.035), (0, -0.035), (0.035, 0.035), (0.06, 0)):
        for seconds in (0.04, 0.3):
            assert heard(on_the_line(press(key, seconds, off=off), law)) == "", (off, seconds)


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("key", ALL_KEYS)
def test_the_higher_tone_may_be_eight_decibels_weaker_and_four_stronger(key: str, law: str) -> None:
    for twist in (8, -4):
        assert heard(on_the_line(press(key, twist=twist), law)) == key, twist
    for twist in (10, -6):
        assert heard(on_the_line(press(key, twist=twist), law)) == "", twist


@pytest.mark.parametrize("key", ALL_KEYS)
def test_what_is_weaker_than_the_least_level_is_no_key(key: str) -> None:
    assert heard(press(key, dbm0=-38)) == ""


@pytest.mark.parametrize("hertz", [*ROWS, *COLUMNS, 425, 440, 1000])
def test_one_tone_alone_is_no_key(hertz: float) -> None:
    assert heard(sine(hertz, 0.5)) == ""


@pytest.mark.parametrize("pair", [(697, 770), (852, 941), (1209, 1336), (350, 440), (480, 620), (950, 1400)])
def test_two_tones_that_are_no_row_with_a_column_are_no_key(pair: tuple[float, float]) -> None:
    assert heard(sine(pair[0], 0.5) + sine(pair[1], 0.5)) == ""


def test_two_tones_one_after_the_other_are_no_key() -> None:
    assert heard(np.concatenate((sine(697, 0.1), sine(1209, 0.1)))) == ""


def test_a_pause_of_forty_milliseconds_makes_two_keys_and_a_break_of_ten_none() -> None:
    tone = press("5", 0.05)[330:-410]
    for shift in range(0, 40, 7):
        begun = np.zeros(shift)
        assert heard(np.concatenate((begun, tone, np.zeros(320), tone))) == "55"
        assert heard(np.concatenate((begun, tone, np.zeros(80), tone))) == "5"


def test_keys_are_told_in_their_order_with_their_times() -> None:
    keys = keys_in(np.concatenate((press("1"), press("9", 0.2))))
    assert [key.name for key in keys] == ["1", "9"]
    assert [key.seconds for key in keys] == pytest.approx([0.1, 0.2], abs=0.006)
    assert keys[0].start_seconds == pytest.approx(330 / RATE, abs=0.006)


@pytest.mark.parametrize("key", ALL_KEYS)
def test_noise_fifteen_decibels_weaker_does_not_matter(key: str) -> None:
    samples = press(key, 0.06)
    noise = np.random.default_rng(7).normal(
        0, np.sqrt(np.mean(samples[330:-410] ** 2)) * 10 ** (-15 / 20), len(samples)
    )
    assert heard(samples + noise) == key


def test_a_tone_beside_it_as_loud_as_both_hides_a_key() -> None:
    assert heard(press("1", 0.3) + np.concatenate((np.zeros(330), sine(1000, 0.3, -4), np.zeros(410)))) == ""


@pytest.mark.parametrize("length", [0, 1, 100])
def test_silence_and_what_is_hardly_a_sound_hold_no_key(length: int) -> None:
    assert heard(np.zeros(length)) == ""


def test_noise_is_no_key() -> None:
    assert heard(np.random.default_rng(11).normal(0, 0.2, 60 * RATE)) == ""
