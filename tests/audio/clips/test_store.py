import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock

import numpy as np
import pytest

from audio.clips.speech import Speech
from audio.clips.store import TURNS, ClipStore
from audio.sound import telephone
from core.i18n import Language
from core.timbre import Timbre
from tests.patience import PATIENCE_SECONDS

DIGEST = "a" * 40
TONE = np.full(8000, 0.1, dtype=np.float32)


def test_a_clip_is_found_once_it_is_kept_by_any_process(tmp_path: Path) -> None:
    ours, theirs = ClipStore(tmp_path), ClipStore(tmp_path)
    assert ours.find(DIGEST) is None
    clip = theirs.add(DIGEST, TONE)
    assert ours.find(DIGEST) == clip


def test_a_clip_that_was_removed_is_no_longer_offered(tmp_path: Path) -> None:
    store = ClipStore(tmp_path)
    store.add(DIGEST, TONE).path.unlink()
    assert store.find(DIGEST) is None


def test_a_clip_s_turn_is_one_s_alone_and_no_other_clip_waits_for_it(tmp_path: Path) -> None:
    store, held = ClipStore(tmp_path), Lock()

    def takes_turns(often: int) -> int:
        for _ in range(often):
            with store.turn(DIGEST):
                assert held.acquire(blocking=False)
                time.sleep(0.001)  # meanwhile the others come, and wait
                held.release()
        return often

    with ThreadPoolExecutor(8) as threads, store.turn("a" * 39 + "b"):
        assert sum(threads.map(takes_turns, [20] * 8, timeout=PATIENCE_SECONDS)) == 160
    assert list((tmp_path / TURNS).iterdir()) == []


def test_a_turn_is_over_when_its_process_dies_and_what_it_leaves_is_removed(tmp_path: Path) -> None:
    store = ClipStore(tmp_path)
    died = subprocess.run([sys.executable, "-c", DIES_IN_ITS_TURN, str(tmp_path), DIGEST], check=False)
    left = tmp_path / TURNS / DIGEST
    assert (died.returncode, left.exists()) == (-signal.SIGKILL, True)
    with store.turn(DIGEST):
        store.prune()
        assert left.exists()
    left.touch()
    aged(left, 2)
    store.prune()
    assert not left.exists()


def test_a_failed_write_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full_disk(path: Path, samples: object) -> None:
        path.write_bytes(b"RIFF")
        raise OSError("no space left on device")

    monkeypatch.setattr(telephone, "write_ulaw", full_disk)
    with pytest.raises(OSError, match="no space"):
        ClipStore(tmp_path).add(DIGEST, TONE)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "other",
    [
        Speech("王奶奶，您好！", Language.CHINESE, 170),
        Speech("王奶奶，您好。", Language.CHINESE, 171),
        Speech("王奶奶，您好。", Language.ENGLISH, 170),
        Speech("王奶奶，您好。", Language.CHINESE, 170, Timbre.FEMALE),
    ],
)
def test_a_digest_names_text_language_pace_and_voice(other: Speech, greeting: Speech) -> None:
    assert other.digest != greeting.digest
    assert greeting.digest == Speech("王奶奶，您好。", Language.CHINESE, 170).digest
    assert len(greeting.digest) == 40


DAY = 86_400.0


def aged(path: Path, days: float) -> Path:
    os.utime(path, (time.time() - days * DAY,) * 2)
    return path


def test_a_clip_that_nobody_uses_is_removed_and_one_in_use_is_not(tmp_path: Path) -> None:
    store = ClipStore(tmp_path)
    old, used = store.add("a" * 40, TONE), store.add("b" * 40, TONE)
    for clip in (old, used):
        aged(clip.path, 61)
    assert store.find(used.digest)
    assert store.prune() == 1
    assert (old.path.exists(), used.path.exists()) == (False, True)
    assert store.find(old.digest) is None


def test_using_a_clip_writes_at_most_once_a_day(tmp_path: Path) -> None:
    store = ClipStore(tmp_path)
    clip = store.add(DIGEST, TONE)
    stamp = aged(clip.path, 0.9).stat().st_mtime_ns
    store.find(DIGEST)
    assert clip.path.stat().st_mtime_ns == stamp
    aged(clip.path, 1.1)
    store.find(DIGEST)
    assert clip.path.stat().st_mtime > time.time() - 60


def test_a_clip_that_is_found_while_it_is_being_removed_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = ClipStore(tmp_path)
    clip = store.add(DIGEST, TONE)
    aged(clip.path, 61)
    rename = os.rename

    def found_meanwhile(path: Path, aside: Path) -> None:
        store.find(DIGEST)
        rename(path, aside)

    monkeypatch.setattr(os, "rename", found_meanwhile)
    assert store.prune() == 0
    assert clip.path.exists()


def test_drafts_of_a_crash_are_removed_but_not_those_of_whoever_is_writing(tmp_path: Path) -> None:
    store = ClipStore(tmp_path)
    crashed, writing = tmp_path / "x.1.draft", tmp_path / "x.2.draft"
    for draft in (crashed, writing):
        draft.write_bytes(b"RIFF")
    aged(crashed, 2)
    store.prune()
    assert [path.name for path in tmp_path.iterdir()] == [writing.name]


def test_what_a_dead_process_was_making_is_gone_at_the_next_start_and_what_a_living_one_makes_is_not(tmp_path):
    store = ClipStore(tmp_path)
    with store.workplace() as living:
        (living / "clip.wav").write_bytes(b"being made")
        dead = subprocess.run([sys.executable, "-c", DIES, str(tmp_path)], capture_output=True, text=True, check=False)
        place = Path(dead.stdout.strip())
        assert (dead.returncode, (place / "clip.wav").exists()) == (-signal.SIGKILL, True)
        ClipStore(tmp_path)
        assert (place.exists(), (living / "clip.wav").exists()) == (False, True)
    assert not living.exists()


DIES = """
import os, signal, sys
from pathlib import Path
from audio.clips.store import ClipStore
with ClipStore(Path(sys.argv[1])).workplace() as place:
    (place / "clip.wav").write_bytes(b"about somebody")
    print(place, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""
DIES_IN_ITS_TURN = """
import os, signal, sys
from pathlib import Path
from audio.clips.store import ClipStore
with ClipStore(Path(sys.argv[1])).turn(sys.argv[2]):
    os.kill(os.getpid(), signal.SIGKILL)
"""
