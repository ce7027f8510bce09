import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from audio.clips.pieces import Joined, Kept, Quiet
from audio.clips.speech import Speech
from audio.clips.store import Clip, ClipStore
from audio.reading.passages import passages
from audio.reading.syllables.names import Name, name_from, named
from audio.sound.telephone import PEAK_DBFS, TARGET_LUFS, as_ulaw, measure, read
from audio.sound.uploads import from_upload
from audio.voice import SpeechFailed, Voice, VoiceEndedError
from core.i18n import Language
from tests.audio.conftest import NotedWorker, is_running
from tests.audio.recordings import murmur, upload
from tests.patience import PATIENCE_SECONDS, wait_for

KEPT = Kept("c" * 40)
SILENT_WORKER = """
import json, sys, numpy, soundfile
for line in sys.stdin:
    soundfile.write(json.loads(line)["path"], numpy.zeros(22050), 22050)
    print('{"ok": true, "seconds": 1.0}', flush=True)
"""
DYING_PARENT = """
import os, signal, sys
from pathlib import Path
from audio.clips.speech import Speech
from audio.clips.store import ClipStore
from audio.voice import Voice
from core.i18n import Language
voice = Voice(ClipStore(Path(sys.argv[1])), timeout_seconds=300, worker=sys.argv[2:])
voice.render(Speech("您好", Language.CHINESE, 170))
os.kill(os.getpid(), signal.SIGKILL)
"""


def patient(store: ClipStore, **more: Any) -> Voice:
    """A voice that is given all the time a busy machine may need."""
    return Voice(store, timeout_seconds=PATIENCE_SECONDS, **more)


@pytest.fixture
def store(tmp_path: Path) -> ClipStore:
    return ClipStore(tmp_path / "clips")


@pytest.fixture
def worker(tmp_path: Path) -> NotedWorker:
    return NotedWorker(tmp_path / "pids")


def test_the_same_speech_is_rendered_once(store: ClipStore, greeting: Speech) -> None:
    voice = patient(store)
    assert voice.find(greeting) is None
    clip = voice.render(greeting)
    made = clip.path.stat().st_mtime_ns
    assert voice.find(greeting) == voice.render(greeting) == clip
    assert clip.path.stat().st_mtime_ns == made
    voice.close()


def test_a_clip_on_disk_needs_no_voice_at_all(voice: Voice, greeting: Speech) -> None:
    clip = voice.render(greeting)
    assert Voice(ClipStore(clip.path.parent), worker=("false",)).render(greeting) == clip


def test_finding_a_clip_takes_microseconds(voice: Voice, greeting: Speech) -> None:
    voice.render(greeting)
    started = time.thread_time()
    for _ in range(1000):
        voice.find(greeting)
    assert time.thread_time() - started < 1000 * 50e-6


def test_four_threads_at_once_all_get_their_own_words(store: ClipStore, voice: Voice) -> None:
    speeches = [Speech("您好。" * length, Language.CHINESE, 170) for length in (1, 4, 8, 12)] * 3
    together = patient(store)
    with ThreadPoolExecutor(4) as threads:
        clips = list(threads.map(together.render, speeches))
    together.close()
    for speech, clip in zip(speeches, clips, strict=True):
        assert _seconds(clip) == pytest.approx(_seconds(voice.render(speech)), rel=0.06)


def test_what_two_processes_want_at_once_is_spoken_by_one_of_them(tmp_path: Path, store: ClipStore) -> None:
    workers = [NotedWorker(tmp_path / str(number)) for number in range(2)]
    voices = [patient(store, worker=each.command) for each in workers]
    with ThreadPoolExecutor(2) as threads:
        first, second = threads.map(lambda voice: voice.render(Speech("您好", Language.CHINESE, 170)), voices)
    assert first == second
    assert sum(each.notes.exists() for each in workers) == 1
    for voice in voices:
        voice.close()


def test_a_killed_voice_is_replaced(store: ClipStore, worker: NotedWorker, greeting: Speech) -> None:
    voice = patient(store, worker=worker.command)
    voice.render(Speech("您好", Language.CHINESE, 170))
    earlier = worker.pids  # more than one where the first was too slow to begin with
    os.kill(earlier[-1], signal.SIGKILL)
    assert voice.render(greeting).path.exists()
    assert worker.pids[-1] not in earlier
    voice.close()


def test_a_voice_that_hangs_fails_in_time_and_speaks_again_later(tmp_path: Path, store: ClipStore) -> None:
    hanging = NotedWorker(tmp_path / "pids", hangs=2)
    voice, speech = Voice(store, timeout_seconds=1.5, worker=hanging.command), Speech("您好", Language.CHINESE, 170)
    with pytest.raises(SpeechFailed, match="hung") as failure:
        voice.render(speech)
    assert len(hanging.pids) == 2
    assert failure.value.speech == speech
    assert not any(is_running(pid) for pid in hanging.pids)
    voice.timeout_seconds = PATIENCE_SECONDS
    assert voice.render(speech).path.exists()
    voice.close()


def test_an_ended_voice_lets_nobody_wait_and_leaves_nothing_running(tmp_path: Path, store: ClipStore) -> None:
    """A process that stops waits for no clip, neither for the one that is being made nor for those after it."""
    hanging = NotedWorker(tmp_path / "pids", hangs=9)
    voice, speeches = (
        patient(store, worker=hanging.command),
        [Speech("您好" * n, Language.CHINESE, 170) for n in (1, 2)],
    )
    with ThreadPoolExecutor(2) as threads:
        under_way = threads.submit(voice.render, speeches[0])
        wait_for(lambda: hanging.notes.exists() and hanging.pids, "the first clip to be begun")
        waiting = threads.submit(voice.render, speeches[1])
        voice.end()
        assert [type(each.exception(PATIENCE_SECONDS)) for each in (under_way, waiting)] == [VoiceEndedError] * 2
    with pytest.raises(VoiceEndedError):
        voice.render(speeches[0])
    voice.close()
    assert len(hanging.pids) == 1
    assert not is_running(hanging.pids[0])


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        (SILENT_WORKER, "silent"),
        ("input(); print('Audio saved')", "nonsense"),
        ("input(); print('[]')", "nonsense"),
        ("input()", "died"),
        ("""input(); print('{"ok": true, "seconds": 1}')""", "No such file|opening"),
        ("""input(); print('{"ok": false, "error": "no voice"}')""", "no voice"),
    ],
)
def test_a_voice_that_does_not_speak_is_refused(store: ClipStore, greeting: Speech, program: str, reason: str) -> None:
    voice = Voice(store, worker=(sys.executable, "-c", program))
    with pytest.raises(SpeechFailed, match=reason):
        voice.render(greeting)
    assert voice.find(greeting) is None
    voice.close()


@pytest.mark.parametrize(("text", "reason"), [("", "nothing"), ("……", "nothing"), ("王𠮷奶奶", "𠮷")])
def test_what_cannot_be_spoken_is_refused_at_once(store: ClipStore, text: str, reason: str) -> None:
    with pytest.raises(SpeechFailed, match=reason):
        Voice(store, worker=("false",)).render(Speech(text, Language.CHINESE, 170))


def test_a_recorded_sentence_is_joined_with_a_spoken_name(store: ClipStore) -> None:
    recording = from_upload(upload(murmur(2)))
    voice = patient(store, keeper={KEPT.digest: as_ulaw(recording)}.get)
    name = Speech("王奶奶", Language.CHINESE, 170)
    whole = voice.render(Joined((name, Quiet(0.2), KEPT)))
    spoken = _seconds(voice.render(name)) + 0.2 + measure(recording).activity.seconds
    heard = measure(*read(whole.path))
    assert heard.activity.seconds == pytest.approx(spoken, abs=0.05)
    assert heard.loudness_lufs == pytest.approx(TARGET_LUFS, abs=0.5)
    assert heard.peak_dbfs <= PEAK_DBFS
    assert voice.find(Joined((name, Quiet(0.3), KEPT))) is None
    longer = voice.render(Joined((name, Quiet(1), KEPT)))  # a document may say it without a point
    assert len(read(longer.path)[0]) - len(read(whole.path)[0]) == round(0.8 * 8000)
    voice.close()


def test_a_recording_that_is_gone_is_said_to_be_gone(store: ClipStore) -> None:
    voice = Voice(store, worker=("false",))
    for sound in (KEPT, Joined((KEPT,))):
        with pytest.raises(SpeechFailed, match="no longer kept"):
            voice.render(sound)
        assert voice.find(sound) is None


def test_a_closed_voice_leaves_no_process(store: ClipStore, worker: NotedWorker) -> None:
    voice = patient(store, worker=worker.command)
    voice.render(Speech("您好", Language.CHINESE, 170))
    voice.close()
    assert not any(is_running(pid) for pid in worker.pids)


def test_a_killed_service_leaves_no_voice_behind(tmp_path: Path, worker: NotedWorker) -> None:
    root = Path(__file__).parents[2]
    program = (sys.executable, "-c", DYING_PARENT, tmp_path / "clips", *worker.command)
    assert subprocess.run(program, cwd=root, check=False).returncode == -signal.SIGKILL
    wait_for(lambda: not any(is_running(pid) for pid in worker.pids), "the voice to end")


def _seconds(clip: Clip) -> float:
    return measure(*read(clip.path)).activity.seconds


NOTING_WORKER = """
import sys
with open(sys.argv[1], "a") as notes:
    for line in sys.stdin:
        notes.write(line)
        notes.flush()
        print('{"ok": false, "error": "noted"}', flush=True)
"""


def test_the_voice_is_told_the_names_of_a_speech(tmp_path: Path, store: ClipStore) -> None:
    """By the list of surnames, and as this family reads it: two orders, and two clips."""
    notes = tmp_path / "orders"
    speeches = [
        Speech("盖奶奶，您好。", Language.CHINESE, 170, names=(named("盖奶奶", own),)) for own in ("", "盖=gai4")
    ]
    for speech in speeches:
        voice = patient(store, worker=(sys.executable, "-c", NOTING_WORKER, str(notes)))
        with pytest.raises(SpeechFailed, match="noted"):
            voice.render(speech)
        voice.close()
    orders = [json.loads(line) for line in notes.read_text("utf-8").splitlines()]
    told = [[each.words for each in passages(order["text"], Language.CHINESE, _names(order))] for order in orders]
    assert told == 2 * [["ge3 nai3nai5 ， nin2hao3 。"]] + 2 * [["gai4 nai3nai5 ， nin2hao3 。"]]
    assert speeches[0].digest != speeches[1].digest


def _names(order: dict[str, Any]) -> list[Name]:
    return [name_from(each) for each in order["names"]]
