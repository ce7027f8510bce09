"""The notes that are heard while somebody is being connected."""

import numpy as np
import pytest
import soundfile

from audio.clips.melody import Melody
from audio.clips.store import ClipStore
from audio.sound.dtmf import keys_in
from audio.sound.telephone import PEAK_DBFS, TARGET_LUFS, measure
from audio.voice import Voice


@pytest.fixture
def clip(tmp_path):
    voice = Voice(ClipStore(tmp_path), worker=("false",))
    return voice.render(Melody())


def test_it_is_made_without_the_voice_and_sounds_as_a_telephone_needs_it(clip):
    kind = soundfile.info(clip.path)
    samples, _ = soundfile.read(clip.path)
    heard = measure(samples)
    assert (kind.samplerate, kind.channels, kind.subtype) == (8000, 1, "ULAW")
    assert heard.peak_dbfs <= PEAK_DBFS
    assert heard.loudness_lufs == pytest.approx(TARGET_LUFS, abs=2)
    assert 3 <= heard.seconds <= 8


def test_it_is_several_notes_that_a_telephone_carries(clip):
    samples, rate = soundfile.read(clip.path)
    loudest = set()
    for start in range(0, len(samples) - 8000, 4000):
        spectrum = np.abs(np.fft.rfft(samples[start : start + 4000]))
        loudest.add(round(float(np.fft.rfftfreq(4000, 1 / rate)[np.argmax(spectrum)]), -1))
    assert len(loudest) >= 4
    assert all(300 <= hertz <= 3400 for hertz in loudest)


def test_it_is_no_key_of_a_telephone(clip):
    samples, _ = soundfile.read(clip.path)
    assert keys_in(samples) == ()


def test_it_is_made_once(tmp_path):
    store = ClipStore(tmp_path)
    first = Voice(store, worker=("false",)).render(Melody())
    written = first.path.stat().st_mtime_ns
    assert Voice(store, worker=("false",)).render(Melody()).path.stat().st_mtime_ns == written
