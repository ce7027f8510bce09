"""The voice: finds the clip of a speech, or has it spoken, checks it and keeps it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from queue import LifoQueue
from typing import TYPE_CHECKING, Final

from audio.child import Child, ChildFailedError
from audio.clips.melody import Melody, played
from audio.clips.pieces import Joined, Kept, Quiet
from audio.clips.speech import Speech
from audio.clips.store import Clip, ClipStore
from audio.reading.read_aloud import read_aloud
from audio.reading.unspoken import unreadable
from audio.sound.pace import units

if TYPE_CHECKING:
    from audio.sound.activity import Samples
    from audio.sound.telephone import TelephoneSamples

Sound = Speech | Melody | Kept | Joined
Keeper = Callable[[str], bytes | None]
WORKER: Final = (sys.executable, "-m", "audio.worker")
ATTEMPTS: Final = 2


class SpeechFailed(Exception):
    """``speech`` cannot be spoken, or could not twice, in two processes; ``reason`` says why (the last time)."""

    def __init__(self, speech: Sound, reason: str) -> None:
        super().__init__(reason)
        self.speech = speech
        self.reason = reason


class VoiceSilentError(SpeechFailed):
    """The processes that were to speak died, hung or talked nonsense: the voice fails, whatever the words."""


def _nothing_kept(_: str) -> bytes | None:
    return None


class Voice:
    """Speaks with some child processes (``mouths``), each started when first needed. Any thread may use it.

    Threads take turns at the mouths, and the same sound is made once for all who want it, in whatever process.
    ``keeper`` has the sound files (8 kHz µ-law WAV) of recordings, by digest. ``timeout_seconds`` is how long a
    process that has to answer may stand still; while it works, or waits for a processor, it is waited for.
    """

    def __init__(
        self,
        store: ClipStore,
        timeout_seconds: float = 15,
        worker: Sequence[str] = WORKER,
        keeper: Keeper = _nothing_kept,
        mouths: int = 1,
    ) -> None:
        self._store = store
        self._keeper = keeper
        self.timeout_seconds = timeout_seconds
        self._mouths = [_Mouth(worker) for _ in range(mouths)]
        self._free: LifoQueue[_Mouth] = LifoQueue()
        for mouth in self._mouths:
            self._free.put(mouth)

    def find(self, sound: Sound) -> Clip | None:
        """The finished clip, if there is one; microseconds, also while another thread renders."""
        return self._store.find(sound.digest)

    def render(self, sound: Sound) -> Clip:
        """The clip, made now if there is none. Raises ``SpeechFailed`` after two failures, timeouts included."""
        if found := self.find(sound):
            return found
        with self._store.turn(sound.digest):
            return self._clip(sound)

    def is_at_work(self) -> bool:
        """Whether a process that was asked for a sound works, as far as can be seen between two such questions."""
        return any(mouth.is_at_work() for mouth in self._mouths)

    def tidy(self) -> int:
        """Removes clips that nobody has used for a long time; returns how many."""
        return self._store.prune()

    def close(self) -> None:
        """Ends the child processes once they are idle; a later ``render`` starts others."""
        idle = [self._free.get() for _ in self._mouths]
        for mouth in idle:
            mouth.close()
            self._free.put(mouth)

    def _clip(self, sound: Sound) -> Clip:
        if found := self.find(sound):
            return found
        if isinstance(sound, Kept):
            return self._store.put(sound.digest, self._kept(sound))
        if isinstance(sound, Speech):
            return self._store.put(sound.digest, self._spoken(sound, _words(sound)))
        return self._store.add(sound.digest, played(sound) if isinstance(sound, Melody) else self._joined(sound))

    def _kept(self, sound: Kept) -> bytes:
        if content := self._keeper(sound.digest):
            return content
        raise SpeechFailed(sound, "the recording is no longer kept")

    def _joined(self, sound: Joined) -> TelephoneSamples:
        from audio.clips.joining import joined  # as in _attempt

        return joined([each.seconds if isinstance(each, Quiet) else self._samples(each) for each in sound.pieces])

    def _samples(self, sound: Speech | Kept) -> Samples:
        from audio.sound.telephone import read  # as in _attempt

        samples, _ = read(self._clip(sound).path)
        return samples

    def _spoken(self, speech: Speech, words: str) -> bytes:
        from soundfile import SoundFileError

        from audio.sound.checks import BadRenderingError

        failure: Exception | None = None
        mouth = self._free.get()
        try:
            for _ in range(ATTEMPTS):
                try:
                    return self._attempt(mouth, speech, words)
                except (ChildFailedError, BadRenderingError, SoundFileError) as error:
                    mouth.close()
                    failure = error
        finally:
            self._free.put(mouth)
        silent = isinstance(failure, ChildFailedError)
        raise (VoiceSilentError if silent else SpeechFailed)(speech, str(failure)) from failure

    def _attempt(self, mouth: _Mouth, speech: Speech, words: str) -> bytes:
        # Imported here because it costs seconds, and a service whose clips are all made never needs it.
        from audio.sound.activity import trimmed
        from audio.sound.checks import check
        from audio.sound.telephone import read

        with self._store.workplace() as folder:
            written = folder / "clip.wav"
            order = {"text": words, "language": speech.language, "pace": speech.pace, "timbre": speech.timbre}
            named = [each.written() for each in speech.names]
            mouth.ask(order | {"names": named, "path": str(written)}, self.timeout_seconds)
            samples, rate = read(written)
            check(trimmed(samples, rate), rate, words, speech.language, speech.pace)
            return written.read_bytes()


class _Mouth:
    """A child process that speaks, one order at a time; started when it is first asked, and again after it failed."""

    def __init__(self, worker: Sequence[str]) -> None:
        self._worker = worker
        self._child: Child | None = None
        self._asked: Child | None = None

    def ask(self, order: Mapping[str, object], timeout_seconds: float) -> None:
        """Has something spoken; raises ``ChildFailedError``, after which it must be closed."""
        if self._child is None:
            self._child = Child(self._worker)
        self._asked = self._child
        try:
            self._child.ask(order, timeout_seconds)
        finally:
            self._asked = None

    def is_at_work(self) -> bool:
        """Whether it is asked for something and works on it. Any thread may look."""
        asked = self._asked
        return asked is not None and asked.is_at_work()

    def close(self) -> None:
        """Ends the process."""
        if self._child is not None:
            self._child.close()
            self._child = None


def _words(speech: Speech) -> str:
    words = read_aloud(speech.text, speech.language)
    if unknown := unreadable(speech.text, speech.language, speech.names):
        raise SpeechFailed(speech, f"the voice does not know {unknown}")
    if not units(words, speech.language):
        raise SpeechFailed(speech, "there is nothing to say")
    return words
