"""A chorus: many clips at once, by two voices for each core, as each waits for the disk now and then.

The neural engine takes a core and half a gigabyte for each voice: of those there is one for each core, two at most.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import Final

from audio.clips.store import Clip, ClipStore
from audio.engines.engine import Engine
from audio.voice import Sound, SpeechFailed, Voice, engines_of

MOST_VOICES: Final = {Engine.PYTTSX3: 8, Engine.NEURAL: 2}


def render_all(
    store: ClipStore, speeches: Sequence[Sound], make: Callable[[ClipStore], Voice] = Voice
) -> Mapping[Sound, Clip | SpeechFailed]:
    """A clip for each speech, made now where there is none, or why it could not be made."""
    free: SimpleQueue[Voice] = SimpleQueue()
    wanted = list(dict.fromkeys(speeches))
    voices = [
        make(store)
        for _ in range(min(_useful({engine for each in wanted for engine in engines_of(each)}), max(1, len(wanted))))
    ]
    for voice in voices:
        free.put(voice)
    try:
        with ThreadPoolExecutor(len(voices)) as threads:
            return dict(zip(wanted, threads.map(lambda speech: _rendered(free, speech), wanted), strict=True))
    finally:
        for voice in voices:
            voice.close()


def _useful(engines: Collection[Engine]) -> int:
    cores = os.cpu_count() or 1
    if Engine.NEURAL in engines:
        return min(MOST_VOICES[Engine.NEURAL], cores)
    return min(MOST_VOICES[Engine.PYTTSX3], 2 * cores)


def _rendered(free: SimpleQueue[Voice], speech: Sound) -> Clip | SpeechFailed:
    voice = free.get()
    try:
        return voice.render(speech)
    except SpeechFailed as failure:
        return failure
    finally:
        free.put(voice)
