"""Listening to a clip as a telephone plays it, whichever engine has spoken."""

from dataclasses import dataclass

import numpy as np
import pytest
import soundfile

from audio.clips.speech import Speech
from audio.clips.store import Clip
from audio.reading.read_aloud import read_aloud
from audio.sound.dtmf import Key, keys_in
from audio.sound.pace import MEASURABLE_UNITS, measured_pace, units
from audio.sound.telephone import PEAK_DBFS, RATE, TARGET_LUFS, Measurements, measure

LONGEST_SECONDS = 12.0


@dataclass(frozen=True)
class Heard:
    """A clip that was listened to."""

    samples: np.ndarray
    rate: int
    channels: int
    subtype: str
    measured: Measurements

    def pace(self, speech: Speech) -> float:
        return measured_pace(read_aloud(speech.text, speech.language), speech.language, self.measured.activity.seconds)

    @property
    def keys(self) -> tuple[Key, ...]:
        """What a decoder of keys takes for one."""
        return keys_in(self.samples)


def assert_fit_for_a_telephone(clip: Heard, speech: Speech) -> None:
    """Its kind, peak, loudness, band and quiet, and the pace of what is long enough to have one."""
    assert (clip.rate, clip.channels, clip.subtype) == (8000, 1, "ULAW")
    assert clip.measured.peak_dbfs <= PEAK_DBFS
    assert clip.measured.loudness_lufs == pytest.approx(TARGET_LUFS, abs=0.5)  # no two are more than a unit apart
    assert _share_in_band(clip.samples) >= 0.9
    assert clip.measured.active_share > 0.3
    assert 0.1 <= clip.measured.activity.start_seconds <= 0.25
    assert 0.5 <= clip.measured.seconds - clip.measured.activity.end_seconds <= 0.75
    if units(read_aloud(speech.text, speech.language), speech.language) >= MEASURABLE_UNITS[speech.language]:
        assert clip.pace(speech) == pytest.approx(speech.pace, rel=0.1)


def listen(clip: Clip) -> Heard:
    kind = soundfile.info(clip.path)
    samples, _ = soundfile.read(clip.path)
    return Heard(samples, kind.samplerate, kind.channels, kind.subtype, measure(samples))


def _share_in_band(samples: np.ndarray) -> float:
    power = np.abs(np.fft.rfft(samples)) ** 2
    frequencies = np.fft.rfftfreq(len(samples), 1 / RATE)
    return float(power[(frequencies >= 300) & (frequencies <= 3400)].sum() / power.sum())
