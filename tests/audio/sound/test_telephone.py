from pathlib import Path

import numpy as np
import pytest
import soundfile

from audio.sound.activity import Samples, activity
from audio.sound.telephone import PEAK_DBFS, RATE, TARGET_LUFS, measure, to_telephone, write_ulaw


def tone(seconds: float, amplitude: float = 0.3, hertz: float = 1000, rate: int = 22050) -> Samples:
    return amplitude * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)


def bursts(amplitude: float, spike: float) -> Samples:
    """Four half seconds of tone, each with one moment that is much louder."""
    burst = np.concatenate((tone(0.25, amplitude), tone(0.005, spike), tone(0.25, amplitude), np.zeros(4000)))
    return np.tile(burst, 4)


@pytest.mark.parametrize("amplitude", [0.03, 0.3, 1.0])
def test_whatever_the_volume_of_the_recording_every_clip_is_equally_loud(amplitude: float) -> None:
    assert measure(to_telephone(tone(2, amplitude), 22050)).loudness_lufs == pytest.approx(TARGET_LUFS, abs=0.5)


def test_a_loud_moment_is_turned_down_and_the_rest_stays_loud() -> None:
    clip = measure(to_telephone(bursts(0.05, 0.9), 22050))
    assert clip.peak_dbfs <= PEAK_DBFS
    assert clip.loudness_lufs == pytest.approx(TARGET_LUFS, abs=2)


def test_speech_stands_between_a_short_and_a_longer_quiet() -> None:
    quiet = np.zeros(22050)
    clip = to_telephone(np.concatenate((quiet, tone(1), quiet)), 22050)
    speech = activity(clip, RATE)
    assert speech.start_seconds == pytest.approx(0.15, abs=0.03)
    assert speech.seconds == pytest.approx(1, abs=0.05)
    assert 0.5 <= len(clip) / RATE - speech.end_seconds <= 0.75


@pytest.mark.parametrize("hertz", [100, 3900])
def test_what_a_telephone_cannot_carry_is_taken_out(hertz: float) -> None:
    clip = to_telephone(tone(1) + tone(1, hertz=hertz), 22050)
    assert _power(clip, hertz) < 0.01 * _power(clip, 1000)


def test_a_silent_recording_stays_silent() -> None:
    clip = measure(to_telephone(np.zeros(22050), 22050))
    assert (clip.rms, clip.active_share, clip.loudness_lufs) == (0, 0, float("-inf"))


def test_a_very_short_sound_can_be_measured_and_converted() -> None:
    assert measure(tone(0.1), 22050).loudness_lufs == pytest.approx(-13.5, abs=0.5)
    assert measure(to_telephone(tone(0.1), 22050)).peak_dbfs <= PEAK_DBFS


def test_an_empty_recording_has_no_loudness() -> None:
    assert measure(np.zeros(0)).loudness_lufs == float("-inf")


def test_the_peak_holds_in_the_file_too(tmp_path: Path) -> None:
    path = tmp_path / "clip.wav"
    write_ulaw(path, to_telephone(bursts(0.2, 1.0), 22050))
    samples, rate = soundfile.read(path)
    assert (soundfile.info(path).subtype, rate) == ("ULAW", 8000)
    assert measure(samples).peak_dbfs <= PEAK_DBFS


def _power(clip: Samples, hertz: float) -> float:
    spectrum = np.abs(np.fft.rfft(clip)) ** 2
    frequencies = np.fft.rfftfreq(len(clip), 1 / RATE)
    return float(spectrum[np.abs(frequencies - hertz) < 20].sum())
