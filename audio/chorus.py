"""A chorus: two voices for each core of the machine, as each waits for the disk now and then, make many clips."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import Final

from audio.clips.speech import Speech
from audio.clips.store import Clip, ClipStore
from audio.voice import SpeechFailed, Voice

MOST_VOICES: Final = 8


def render_all(
    store: ClipStore, speeches: Sequence[Speech], make: Callable[[ClipStore], Voice] = Voice
) -> Mapping[Speech, Clip | SpeechFailed]:
    """A clip for each speech, made now where there is none, or why it could not be made."""
    free: SimpleQueue[Voice] = SimpleQueue()
    wanted = list(dict.fromkeys(speeches))
    voices = [make(store) for _ in range(min(MOST_VOICES, 2 * (os.cpu_count() or 1), max(1, len(wanted))))]
    for voice in voices:
        free.put(voice)
    try:
        with ThreadPoolExecutor(len(voices)) as threads:
            return dict(zip(wanted, threads.map(lambda speech: _rendered(free, speech), wanted), strict=True))
    finally:
        for voice in voices:
            voice.close()


def _rendered(free: SimpleQueue[Voice], speech: Speech) -> Clip | SpeechFailed:
    voice = free.get()
    try:
        return voice.render(speech)
    except SpeechFailed as failure:
        return failure
    finally:
        free.put(voice)
