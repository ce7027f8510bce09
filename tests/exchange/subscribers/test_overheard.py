"""What was heard on a line is one sound: what was cut short is as short as it was heard, and pauses are silence."""

import io

import numpy as np
import pytest
import soundfile

from exchange.parties.overheard import Stretch, mu_law, recording


def tone(seconds, subtype="ULAW", rate=8000):
    file = io.BytesIO()
    wave = 0.3 * np.sin(2 * np.pi * 440 * np.arange(round(seconds * rate)) / rate)
    soundfile.write(file, wave, rate, format="WAV", subtype=subtype)
    return file.getvalue()


def listened(*stretches, **sounds):
    samples, rate = soundfile.read(io.BytesIO(recording(stretches, sounds)))
    assert rate == 8000
    return samples


def loud(samples, begins, ends):
    return float(np.sqrt(np.mean(samples[round(begins * 8000) : round(ends * 8000)] ** 2))) > 0.1


def test_sounds_lie_where_they_were_heard_and_silence_between_them():
    samples = listened(Stretch(5.0, 1.0, "a"), Stretch(6.0, 0.5, None), Stretch(7.0, 1.0, "a"), a=tone(1.0))
    assert len(samples) == 3 * 8000
    assert loud(samples, 0.0, 1.0)
    assert not np.any(samples[8000:16000])
    assert loud(samples, 2.0, 3.0)


def test_a_sound_that_a_key_cut_short_ends_there():
    samples = listened(Stretch(0.0, 0.4, "a"), Stretch(1.0, 1.0, "b"), a=tone(1.0), b=tone(1.0))
    assert loud(samples, 0.0, 0.4)
    assert not np.any(samples[round(0.4 * 8000) : 8000])


def test_only_what_a_telephone_plays_can_be_joined():
    assert len(mu_law(tone(0.5))) == 4000
    for other in (tone(0.5, "PCM_16"), tone(0.5, rate=16000), b"no sound"):
        with pytest.raises(ValueError):
            mu_law(other)
