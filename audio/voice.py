"""The voice: finds the clip of a speech, or has it spoken, checks it and keeps it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import TYPE_CHECKING, Final

from audio.child import Child, ChildFailedError
from audio.melody import Melody, played
from audio.pace import units
from audio.reading import read_aloud, unreadable
from audio.speech import Speech
from audio.store import Clip, ClipStore

if TYPE_CHECKING:
    from audio.telephone import TelephoneSamples

WORKER: Final = (sys.executable, "-m", "audio.worker")
ATTEMPTS: Final = 2


class SpeechFailed(Exception):
    """``speech`` cannot be spoken, or could not twice, in two processes; ``reason`` says why (the last time)."""

    def __init__(self, speech: Speech, reason: str) -> None:
        super().__init__(reason)
        self.speech = speech
        self.reason = reason


class Voice:
    """Speaks with one child process, started when first needed. Any thread may use it; they take turns to render."""

    def __init__(self, store: ClipStore, timeout_seconds: float = 15, worker: Sequence[str] = WORKER) -> None:
        self._store = store
        self._timeout_seconds = timeout_seconds
        self._worker = worker
        self._child: Child | None = None
        self._turn = Lock()

    def find(self, sound: Speech | Melody) -> Clip | None:
        """The finished clip, if there is one; microseconds, also while another thread renders."""
        return self._store.find(sound.digest)

    def render(self, sound: Speech | Melody) -> Clip:
        """The clip, made now if there is none. Raises ``SpeechFailed`` after two failures, timeouts included."""
        with self._turn:
            return self.find(sound) or self._store.add(sound.digest, self._made(sound))

    def close(self) -> None:
        """Ends the child process; a later ``render`` starts another."""
        with self._turn:
            self._drop_child()

    def _made(self, sound: Speech | Melody) -> TelephoneSamples:
        return played(sound) if isinstance(sound, Melody) else self._spoken(sound, _words(sound))

    def _spoken(self, speech: Speech, words: str) -> TelephoneSamples:
        from soundfile import SoundFileError

        from audio.checks import BadRenderingError

        failure: Exception | None = None
        for _ in range(ATTEMPTS):
            try:
                return self._attempt(speech, words)
            except (ChildFailedError, BadRenderingError, SoundFileError) as error:
                self._drop_child()
                failure = error
        raise SpeechFailed(speech, str(failure)) from failure

    def _attempt(self, speech: Speech, words: str) -> TelephoneSamples:
        # Imported here because it costs seconds, and a service whose clips are all made never needs it.
        from audio.checks import check
        from audio.telephone import read, to_telephone

        with TemporaryDirectory(prefix="zaoan-voice-") as folder:
            raw = Path(folder) / "raw.wav"
            order = {"text": words, "language": speech.language.value, "pace": speech.pace, "path": str(raw)}
            self._running_child().ask(order, self._timeout_seconds)
            samples, rate = read(raw)
        check(samples, rate, words, speech.language, speech.pace)
        return to_telephone(samples, rate)

    def _running_child(self) -> Child:
        if self._child is None:
            self._child = Child(self._worker)
        return self._child

    def _drop_child(self) -> None:
        if self._child is not None:
            self._child.close()
            self._child = None


def _words(speech: Speech) -> str:
    words = read_aloud(speech.text, speech.language)
    if unknown := unreadable(words):
        raise SpeechFailed(speech, f"the voice does not know {unknown}")
    if not units(words, speech.language):
        raise SpeechFailed(speech, "there is nothing to say")
    return words
