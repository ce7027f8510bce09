"""pyttsx3's engine speaks in the thread that asks, and nothing sleeps or waits in steps meanwhile."""

import subprocess
import sys
from pathlib import Path

from audio.child import SOURCES

AWAKE = """
import sys, time
def asleep(_):
    raise AssertionError("something sleeps")
from audio.engines.pyttsx3_engine import Pyttsx3Engine
from core.i18n import Language
from core.timbre import Timbre
sys.stdout, told = sys.stderr, sys.stdout
time.sleep = asleep
mouth = Pyttsx3Engine()
for index, text in enumerate(("王奶奶，您好。", "今天是第二次早安电话。", "Good morning, Mrs. Wang.")):
    language = Language.ENGLISH if index == 2 else Language.CHINESE
    mouth.record(text, language, 170, f"{sys.argv[1]}/{index}.wav", Timbre.USUAL)
    print(index, file=told)
"""


def test_three_sentences_are_spoken_without_a_sleep_each_into_its_own_file(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", AWAKE, str(tmp_path)], cwd=SOURCES, capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == ["0", "1", "2"], done.stderr
    sounds = {path.read_bytes() for path in tmp_path.glob("*.wav")}
    assert len(sounds) == 3
    assert all(len(sound) > 4000 for sound in sounds)
