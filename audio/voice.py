"""The voice: finds the clip of a speech, or has it spoken, checks it and keeps it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from audio.child import ChildFailedError
from audio.clips.melody import Melody, played
from audio.clips.pieces import Joined, Kept, Quiet
from audio.clips.speech import Speech
from audio.clips.store import Clip, ClipStore
from audio.engines.engine import Engine
from audio.mouths import EndedError, Mouth, Mouths
from audio.reading.read_aloud import read_aloud
from audio.reading.unspoken import unreadable
from audio.sound.pace import units

Sound = Speech | Melody | Kept | Joined
Keeper = Callable[[str], bytes | None]
WORKER: Final = (sys.executable, "-m", "audio.worker")
ATTEMPTS: Final = 2
NEURAL_MOUTHS: Final = 1
"""It takes a core and half a gigabyte."""
NEURAL_REST_SECONDS: Final = 60.0
"""So long an engine that was silent is not asked again where another one can speak meanwhile."""


class SpeechFailed(Exception):
    """``speech`` cannot be spoken, or could not twice, in two processes; ``reason`` says why (the last time)."""

    def __init__(self, speech: Sound, reason: str) -> None:
        super().__init__(reason)
        self.speech = speech
        self.reason = reason


class VoiceSilentError(SpeechFailed):
    """The processes that were to speak died, hung or talked nonsense: the ``engine`` fails, whatever the words."""

    def __init__(self, speech: Speech, reason: str) -> None:
        super().__init__(speech, reason)
        self.engine = speech.engine


class VoiceEndedError(SpeechFailed):
    """The voice was ended before this could be spoken: no engine has failed, and nobody will hear it."""

    def __init__(self, speech: Sound) -> None:
        super().__init__(speech, "nothing is spoken any more")


def _nothing_kept(_: str) -> bytes | None:
    return None


class Voice:
    """Speaks with some child processes (``mouths``; the neural engine with one). Any thread may use it.

    Each is ``worker ENGINE``, started when first needed; ``model`` is one's own for the neural engine. Threads take
    turns, and the same sound is made once for all who want it, in whatever process. ``keeper`` has the sound files
    (8 kHz µ-law WAV) of recordings, by digest. ``timeout_seconds`` is how long a process that has to answer may stand
    still; while it works, or waits for a processor, it is waited for.
    """

    def __init__(
        self,
        store: ClipStore,
        timeout_seconds: float = 15,
        worker: Sequence[str] = WORKER,
        keeper: Keeper = _nothing_kept,
        mouths: int = 1,
        model: Path | None = None,
    ) -> None:
        self._store = store
        self._keeper = keeper
        self.timeout_seconds = timeout_seconds
        self._mouths = {
            Engine.NEURAL: Mouths(
                (*worker, Engine.NEURAL, *([str(model.absolute())] if model else [])),
                NEURAL_MOUTHS,
                NEURAL_REST_SECONDS,
            ),
            Engine.PYTTSX3: Mouths((*worker, Engine.PYTTSX3), mouths),
        }

    def find(self, sound: Sound) -> Clip | None:
        """The finished clip, if there is one; microseconds, also while another thread renders."""
        return self._store.find(sound.digest)

    def render(self, sound: Sound, *, urgent: bool = False) -> Clip:
        """The clip, made now if there is none, before whatever waits that is not ``urgent``.

        Raises ``SpeechFailed`` after two failures, timeouts included.
        """
        return self.find(sound) or self._made(sound, urgent)

    @contextmanager
    def reserved(self, engines: Iterable[Engine]) -> Iterator[None]:
        """Meanwhile what is not urgent waits for these, also between one urgent sound and the next."""
        with ExitStack() as all_of_them:
            for engine in engines:
                all_of_them.enter_context(self._mouths[engine].reserved())
            yield

    def is_resting(self, engine: Engine) -> bool:
        """Whether the engine was silent just now and is not asked meanwhile."""
        return bool(self._mouths[engine].silence)

    def is_at_work(self) -> bool:
        """Whether a process that was asked for a sound works, as far as can be seen between two such questions."""
        return any(mouths.is_at_work() for mouths in self._mouths.values())

    def tidy(self) -> int:
        """Removes clips that nobody has used for a long time; returns how many."""
        return self._store.prune()

    def end(self) -> None:
        """Ends the child processes at once and for good: what is being made, and whatever would be, is not made.

        Whoever waits for it gets a ``VoiceEndedError``. Waits for nothing: ``close`` does.
        """
        for mouths in self._mouths.values():
            mouths.end()

    def close(self) -> None:
        """Ends the child processes once they are idle; a later ``render`` starts others."""
        for mouths in self._mouths.values():
            mouths.close()

    def _made(self, sound: Sound, urgent: bool) -> Clip:
        match sound:
            case Speech():
                return self._spoken(sound, _words(sound), urgent)
            case Joined():
                return self._joined(sound, urgent)
            case Kept():
                return self._once(sound, lambda: self._store.put(sound.digest, self._kept(sound)))
            case Melody():
                return self._once(sound, lambda: self._store.add(sound.digest, played(sound)))

    def _once(self, sound: Sound, make: Callable[[], Clip]) -> Clip:
        """Made by one of those who want it, in whatever process: looked for again once it is this one's turn.

        ``make`` waits for no mouth. One who waited for a mouth with the turn in hand would hold up an alert that wants
        the same clip, and that the mouth would serve first.
        """
        with self._store.turn(sound.digest):
            return self.find(sound) or make()

    def _kept(self, sound: Kept) -> bytes:
        if content := self._keeper(sound.digest):
            return content
        raise SpeechFailed(sound, "the recording is no longer kept")

    def _joined(self, sound: Joined, urgent: bool) -> Clip:
        """Each piece is a clip of its own, and is made as such before they are joined."""
        clips = [
            float(each.seconds) if isinstance(each, Quiet) else self.render(each, urgent=urgent)
            for each in sound.pieces
        ]

        def make() -> Clip:
            from audio.clips.joining import joined  # as in _attempt
            from audio.sound.telephone import read

            pieces = [each if isinstance(each, float) else read(each.path)[0] for each in clips]
            return self._store.add(sound.digest, joined(pieces))

        return self._once(sound, make)

    def _spoken(self, speech: Speech, words: str, urgent: bool) -> Clip:
        """Waits for a mouth first, and looks for the clip and at the engine again once it has one."""
        mouths = self._mouths[speech.engine]
        _ask_none_that_rests(mouths, speech)
        try:
            with mouths.one(urgent=urgent) as mouth:
                return self._once(speech, lambda: self._spoken_by(mouth, mouths, speech, words))
        except EndedError:
            raise VoiceEndedError(speech) from None

    def _spoken_by(self, mouth: Mouth, mouths: Mouths, speech: Speech, words: str) -> Clip:
        _ask_none_that_rests(mouths, speech)
        try:
            return self._store.put(speech.digest, self._attempted(mouth, speech, words))
        except VoiceSilentError as failure:
            mouths.fell_silent(failure.reason)
            raise

    def _attempted(self, mouth: Mouth, speech: Speech, words: str) -> bytes:
        from soundfile import SoundFileError

        from audio.sound.checks import BadRenderingError

        failure: Exception | None = None
        for _ in range(ATTEMPTS):
            try:
                return self._attempt(mouth, speech, words)
            except (ChildFailedError, BadRenderingError, SoundFileError) as error:
                mouth.close()
                failure = error
        silent = isinstance(failure, ChildFailedError)
        raise (VoiceSilentError if silent else SpeechFailed)(speech, str(failure)) from failure

    def _attempt(self, mouth: Mouth, speech: Speech, words: str) -> bytes:
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


def engines_of(sound: Sound) -> frozenset[Engine]:
    """The engines that speak in this sound."""
    if isinstance(sound, Joined):
        return frozenset(piece.engine for piece in sound.pieces if isinstance(piece, Speech))
    return frozenset({sound.engine}) if isinstance(sound, Speech) else frozenset()


def _ask_none_that_rests(mouths: Mouths, speech: Speech) -> None:
    """Raises ``VoiceSilentError`` where the engine was silent just now."""
    if reason := mouths.silence:
        raise VoiceSilentError(speech, reason)


def _words(speech: Speech) -> str:
    words = read_aloud(speech.text, speech.language)
    if unknown := unreadable(speech.text, speech.language, speech.names):
        raise SpeechFailed(speech, f"the voice does not know {unknown}")
    if not units(words, speech.language):
        raise SpeechFailed(speech, "there is nothing to say")
    return words
