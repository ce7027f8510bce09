"""What people record, in whatever their browser or telephone writes, becomes a clip like any other, or is refused."""

import numpy as np
import pytest

from audio.sound.telephone import PEAK_DBFS, TARGET_LUFS, measure
from audio.sound.uploads import LONGEST_SECONDS, UnusableRecordingError, from_upload
from core.i18n import Language, translate
from tests.audio.recordings import RATE, murmur, press, upload

KINDS = [
    ("wav", "pcm_s16le", "mono"),
    ("wav", "pcm_mulaw", "mono"),
    ("wav", "pcm_f32le", "stereo"),
    ("mp3", "libmp3lame", "stereo"),
    ("ogg", "libopus", "mono"),
    ("webm", "libopus", "mono"),
    ("webm", "libopus", "stereo"),
    ("mp4", "aac", "mono"),
    ("asf", "wmav2", "mono"),
    ("asf", "wmav2", "stereo"),
]
PLAYLIST = b"ffconcat version 1.0\nfile private.mp3\n"


@pytest.mark.parametrize(("container", "codec", "layout"), KINDS)
def test_every_usual_format_becomes_a_clip_like_any_other(container, codec, layout):
    quiet = np.zeros(RATE // 2)
    clip = measure(from_upload(upload(np.concatenate((quiet, murmur(), quiet)), container, codec, layout)))
    assert clip.activity.seconds == pytest.approx(1.5, abs=0.15)
    assert clip.activity.start_seconds == pytest.approx(0.15, abs=0.05)
    assert 0.5 <= clip.seconds - clip.activity.end_seconds <= 0.75
    assert clip.loudness_lufs == pytest.approx(TARGET_LUFS, abs=0.5)
    assert clip.peak_dbfs <= PEAK_DBFS


def test_a_soft_recording_is_as_loud_as_the_others_and_none_of_it_is_cut_off():
    quiet = np.zeros(RATE // 2)
    soft = measure(from_upload(upload(np.concatenate((quiet, murmur(amplitude=0.025), quiet)))))
    assert soft.activity.seconds == pytest.approx(1.5, abs=0.15)
    assert soft.loudness_lufs == pytest.approx(TARGET_LUFS, abs=0.5)


def test_a_recording_keeps_only_what_a_telephone_carries():
    rumble = 0.4 * np.sin(2 * np.pi * 60 * np.arange(RATE * 2) / RATE)
    samples = from_upload(upload(murmur(2, amplitude=0.2) + rumble))
    power = np.abs(np.fft.rfft(samples)) ** 2
    hertz = np.fft.rfftfreq(len(samples), 1 / 8000)
    assert power[(hertz >= 300) & (hertz <= 3400)].sum() / power.sum() >= 0.9


def test_a_loud_stereo_recording_is_averaged_and_not_added():
    """Both channels alike at full scale without a clipped sample: FFmpeg's mono of it is 3 dB too loud."""
    loud = upload(murmur(2, amplitude=0.97), "wav", "pcm_f32le", "stereo")
    alone = upload(murmur(2, amplitude=0.97), "wav", "pcm_f32le")
    assert np.allclose(from_upload(loud), from_upload(alone), atol=1e-3)


SOUND = murmur(2)


@pytest.mark.parametrize(
    "channels",
    [(SOUND, -SOUND), (SOUND, -0.9 * SOUND), (SOUND, 0 * SOUND), (0 * SOUND, SOUND)],
    ids=["cancelling", "nearly cancelling", "left only", "right only"],
)
def test_one_channel_is_taken_where_two_would_lose_the_words(channels):
    heard = from_upload(upload(np.stack(channels), "wav", "pcm_f32le", "stereo"))
    assert np.allclose(heard, from_upload(upload(SOUND, "wav", "pcm_f32le")), atol=1e-2)


def test_a_faint_recording_on_one_channel_is_as_good_as_a_mono_one():
    faint = np.stack((murmur(2, amplitude=0.025), np.zeros(2 * RATE)))
    assert measure(from_upload(upload(faint, "wav", "pcm_f32le", "stereo"))).activity.seconds > 1.8


REFUSED = {
    "empty": (lambda: b"", "cannot be read"),
    "nonsense": (lambda: b"this is no sound at all" * 50, "cannot be read"),
    "cut off": (lambda: upload(murmur())[:30], "cannot be read"),
    "silent": (lambda: upload(np.zeros(RATE)), "silent"),
    "faint": (lambda: upload(murmur(amplitude=0.01)), "silent"),
    "short": (lambda: upload(murmur(0.2)), "too short"),
    "clipped": (lambda: upload(np.clip(murmur(amplitude=8), -1, 1)), "distorted"),
    "with a key": (
        lambda: upload(np.concatenate((np.zeros(RATE), murmur(), press(), murmur()))),
        r"At 2\.5 s .* key 5 of a telephone",
    ),
    "with a key, as a browser records it": (
        lambda: upload(np.concatenate((murmur(), press(), murmur())), "webm", "libopus"),
        "key 5 of a telephone",
    ),
    "long": (lambda: upload(murmur(LONGEST_SECONDS + 1), "ogg", "libopus"), "longer than 120"),
}


@pytest.mark.parametrize(("recorded", "why"), REFUSED.values(), ids=REFUSED)
def test_what_nobody_could_understand_is_refused_with_a_way_out(recorded, why):
    content = recorded()
    with pytest.raises(UnusableRecordingError, match=why) as refusal:
        from_upload(content)
    assert refusal.value.field == "recording"
    assert refusal.value.way_out
    assert translate(Language.CHINESE, refusal.value.message) != refusal.value.message
    assert translate(Language.CHINESE, refusal.value.way_out) != refusal.value.way_out


def test_a_voice_is_no_key():
    """Nor is a single tone: a kettle, the beep of a machine."""
    beep = 0.2 * np.sin(2 * np.pi * 1000 * np.arange(RATE // 2) / RATE)
    from_upload(upload(np.concatenate((murmur(hertz=110), beep, murmur(hertz=230)))))


def test_no_recording_makes_us_open_another_file_of_this_machine(tmp_path, monkeypatch):
    """FFmpeg reads lists of files, too; this one it would follow."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "private.mp3").write_bytes(upload(murmur(), "mp3", "libmp3lame"))
    with pytest.raises(UnusableRecordingError, match="cannot be read"):
        from_upload(PLAYLIST)
