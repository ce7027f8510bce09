"""What people record, in whatever their browser or telephone writes, becomes a clip like any other, or is refused."""

import numpy as np
import pytest

from audio.telephone import PEAK_DBFS, TARGET_LUFS, measure
from audio.uploads import LONGEST_SECONDS, UnusableRecordingError, from_upload
from core.i18n import Language, translate
from tests.audio.recordings import RATE, murmur, upload

KINDS = [
    ("wav", "pcm_s16le", "mono"),
    ("wav", "pcm_mulaw", "mono"),
    ("wav", "pcm_f32le", "stereo"),
    ("mp3", "libmp3lame", "stereo"),
    ("ogg", "libopus", "mono"),
    ("webm", "libopus", "mono"),
    ("webm", "libopus", "stereo"),
    ("mp4", "aac", "mono"),
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


REFUSED = {
    "empty": (lambda: b"", "cannot be read"),
    "nonsense": (lambda: b"this is no sound at all" * 50, "cannot be read"),
    "cut off": (lambda: upload(murmur())[:30], "cannot be read"),
    "silent": (lambda: upload(np.zeros(RATE)), "silent"),
    "faint": (lambda: upload(murmur(amplitude=0.01)), "silent"),
    "short": (lambda: upload(murmur(0.2)), "too short"),
    "clipped": (lambda: upload(np.clip(murmur(amplitude=8), -1, 1)), "distorted"),
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


def test_no_recording_makes_us_open_another_file_of_this_machine(tmp_path, monkeypatch):
    """FFmpeg reads lists of files, too; this one it would follow."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "private.mp3").write_bytes(upload(murmur(), "mp3", "libmp3lame"))
    with pytest.raises(UnusableRecordingError, match="cannot be read"):
        from_upload(PLAYLIST)
