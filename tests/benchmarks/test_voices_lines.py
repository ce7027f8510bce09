"""What becomes of a sound on its way."""

from io import BytesIO

import numpy as np
import pytest
import soundfile

from audio.sound.telephone import RATE
from benchmarks.voices.lines import OPEN_SECONDS, Line, transmitted

PACKET = RATE // 50
OPEN = round(OPEN_SECONDS * RATE)


@pytest.fixture(scope="module")
def spoken() -> np.ndarray:
    at = np.arange(60 * RATE) / RATE
    return 0.1 * np.sin(2 * np.pi * 800 * at)


def arrived(sound: bytes) -> np.ndarray:
    """Behind the moment at which something is said."""
    return soundfile.read(BytesIO(sound))[0][OPEN:]


def power(samples: np.ndarray, hertz: float) -> float:
    """dB below full scale (RMS) of one tone."""
    at = np.arange(len(samples)) / RATE
    return 20 * np.log10(np.abs(samples @ np.exp(-2j * np.pi * hertz * at)) / len(samples) * np.sqrt(2))


def test_on_the_telephone_s_own_law_nothing_is_changed_a_second_time(spoken: np.ndarray) -> None:
    once = transmitted(spoken, Line.CLEAR, "a")
    assert soundfile.info(BytesIO(once)).subtype == "ULAW"
    assert np.array_equal(arrived(transmitted(arrived(once), Line.CLEAR, "b")), arrived(once))


def test_a_noisy_line_is_a_law_with_hum_and_noise(spoken: np.ndarray) -> None:
    sound = transmitted(np.zeros(len(spoken)), Line.NOISY, "a")
    kind = soundfile.info(BytesIO(sound))
    assert (kind.subtype, kind.samplerate, kind.frames) == ("ALAW", RATE, OPEN + len(spoken))
    assert power(arrived(sound), 50) == pytest.approx(-30.5, abs=0.5)
    assert power(arrived(sound), 150) == pytest.approx(-42.5, abs=1)
    assert power(arrived(transmitted(spoken, Line.NOISY, "a")), 800) == pytest.approx(-23.5, abs=0.5)


def test_one_packet_of_twenty_is_lost(spoken: np.ndarray) -> None:
    packets = arrived(transmitted(spoken, Line.NOISY, "a")).reshape(-1, PACKET)
    lost = np.mean(np.sqrt(np.mean(packets**2, axis=1)) < 0.002)
    assert lost == pytest.approx(0.05, abs=0.015)


@pytest.mark.parametrize(("line", "quiet"), [(Line.CLEAR, True), (Line.NOISY, False)])
def test_the_line_is_open_before_anything_is_said(spoken: np.ndarray, line: Line, quiet: bool) -> None:
    before = soundfile.read(BytesIO(transmitted(spoken, line, "a")))[0][:OPEN]
    assert np.abs(before @ np.exp(-2j * np.pi * 800 * np.arange(OPEN) / RATE)) < 0.001 * OPEN
    assert bool(np.max(np.abs(before)) < 0.001) is quiet


def test_the_same_sound_arrives_each_time_and_another_seed_is_another_line(spoken: np.ndarray) -> None:
    first, again, other = (transmitted(spoken[:RATE], Line.NOISY, seed) for seed in ("a", "a", "b"))
    assert first == again
    assert first != other


def test_a_last_packet_that_is_not_whole_arrives(spoken: np.ndarray) -> None:
    assert len(arrived(transmitted(spoken[:1001], Line.NOISY, "a"))) == 1001
