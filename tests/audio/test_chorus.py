"""Many prompts at once and one after the other: none is missing, none is another's."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import count
from statistics import median

import pytest

from audio.chorus import render_all
from audio.clips.speech import Speech
from audio.clips.store import Clip, ClipStore
from audio.engines.engine import Engine
from audio.sound.telephone import measure, read
from audio.voice import SpeechFailed, Voice
from core.i18n import Language
from tests.audio.conftest import NotedWorker
from tests.patience import PATIENCE_SECONDS

SOUNDS = ("第{}位。", "您好，这里是早安电话，第{}位。")


def speeches(count: int) -> list[Speech]:
    """Short and longer ones in turn; the numbers from 111 on take five syllables each."""
    numbers = [number for number in range(111, 1000) if number % 10 and number // 10 % 10]
    return [Speech(SOUNDS[index % 2].format(numbers[index]), Language.CHINESE, 170) for index in range(count)]


def judge(clips: dict[Speech, Clip]) -> None:
    """Each is as long as the others of its kind: a swapped, cut or empty clip is not."""
    seconds = {speech: measure(*read(clip.path)).activity.seconds for speech, clip in clips.items()}
    for kind in (True, False):
        alike = [each for speech, each in seconds.items() if speech.text.startswith("第") is kind]
        assert all(each == pytest.approx(median(alike), rel=0.3) for each in alike)
    assert min(each for speech, each in seconds.items() if len(speech.text) > 10) > max(
        each for speech, each in seconds.items() if len(speech.text) < 10
    )


def test_many_prompts_at_once_all_say_their_own_words(tmp_path):
    wanted = speeches(24)
    clips = render_all(ClipStore(tmp_path), wanted)
    assert list(clips) == wanted
    judge(clips)


def test_one_that_cannot_be_spoken_keeps_none_of_the_others_back(tmp_path):
    good, bad = Speech("您好。", Language.CHINESE, 170), Speech("……", Language.CHINESE, 170)
    clips = render_all(ClipStore(tmp_path), [bad, good, bad])
    assert isinstance(clips[bad], SpeechFailed)
    assert isinstance(clips[good], Clip)
    assert clips[good].path.exists()


def test_what_is_there_already_needs_no_voice(tmp_path):
    store, speech = ClipStore(tmp_path), Speech("您好。", Language.CHINESE, 170)
    first = Voice(store, timeout_seconds=PATIENCE_SECONDS)
    clip = first.render(speech)
    first.close()
    clips = render_all(store, [speech], lambda store: Voice(store, worker=("false",)))
    assert clips == {speech: clip}


@pytest.mark.long
def test_three_hundred_at_once(tmp_path):
    clips = render_all(ClipStore(tmp_path), speeches(300))
    assert len(clips) == 300
    judge(clips)


@pytest.mark.long
def test_three_hundred_in_a_row(tmp_path):
    voice = Voice(ClipStore(tmp_path), timeout_seconds=PATIENCE_SECONDS)
    judge({speech: voice.render(speech) for speech in speeches(300)})
    voice.close()


KILLS_EVERY = 100


@pytest.mark.long
@pytest.mark.parametrize("engine", list(Engine))
def test_a_thousand_in_a_row_and_at_once_while_the_voice_is_killed_ten_times(tmp_path, engine):
    """Half of them one after the other, half by eight at once; the voice that speaks is killed after every hundred."""
    worker, made, killed = NotedWorker(tmp_path / "pids"), count(1), []
    voice = Voice(ClipStore(tmp_path / "clips"), timeout_seconds=PATIENCE_SECONDS, worker=worker.command)

    def rendered(speech):
        clip = voice.render(speech)
        if next(made) % KILLS_EVERY == 0:
            os.kill(worker.pids[-1], signal.SIGKILL)
            killed.append(worker.pids[-1])
        return clip

    wanted = [replace(each, engine=engine, pace=pace) for pace in (170, 180) for each in speeches(500)]
    clips = [rendered(speech) for speech in wanted[:500]]
    with ThreadPoolExecutor(8) as threads:
        clips += threads.map(rendered, wanted[500:])
    voice.close()
    assert len({clip.path for clip in clips}) == 1000
    assert len(set(killed)) == 10
    for half in (slice(0, 500), slice(500, 1000)):
        judge(dict(zip(wanted[half], clips[half], strict=True)))
