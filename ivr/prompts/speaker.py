"""From prompts to sound: the words of a prompt, and the clip or the provider's voice that says them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from time import monotonic
from typing import Self

from audio.clips.clip_addresses import ClipAddresses
from audio.clips.melody import Melody
from audio.clips.sentences import by_sentence
from audio.clips.speech import Speech as Spoken
from audio.clips.speech import by_engine
from audio.clips.store import Clip
from audio.engines.engine import Engine
from audio.reading.syllables.names import Name, parts_told
from audio.voice import Sound as OwnSound
from audio.voice import SpeechFailed, Voice, VoiceEndedError, VoiceSilentError, engines_of
from core.i18n import Language
from core.timbre import Timbre
from ivr.dialogue import script
from ivr.dialogue.catalogue import DEFAULT_PACE, MELODY, names_in, words
from ivr.dialogue.engine import SLOWER_PERCENT, Dialogue, Prompt, Question, Turn
from ivr.dialogue.speech_meanings import hints
from ivr.listener import PLAIN, Overlay
from ivr.ports.provider import (
    Bridge,
    Connection,
    Dial,
    Gather,
    Hangup,
    Hearing,
    Pause,
    Record,
    Reply,
    Sound,
    Speech,
    Utterance,
)
from ivr.prompts.composing import recorded_sound
from ivr.prompts.lacking import Lacking, Wanted
from ivr.prompts.sources import Source, source_of

PAUSE_SECONDS = 3
AFTERTHOUGHT_SECONDS = 1
"""How long after the last words a key still counts."""


def _always() -> bool:
    return True


@dataclass(frozen=True)
class Aloud:
    """A prompt as it is heard, and who says it."""

    utterance: Utterance
    source: Source


class Speaker:
    """Says prompts with recordings and our own clips, and with the provider's voice where a clip is missing.

    ``engines`` of ours are tried in this order; where there are none, only recordings come before the provider's voice.
    ``model`` is theirs where it is not the shipped one. ``provider_voices`` are the provider's names for the voices it
    is to use.
    """

    def __init__(
        self,
        voice: Voice,
        addresses: ClipAddresses,
        engines: Sequence[Engine] = (Engine.PYTTSX3,),
        provider_voices: Mapping[Language, str] | None = None,
        model: str = "",
    ) -> None:
        self._voice = voice
        self._provider_voices = provider_voices or {}
        self._addresses = addresses
        self.engines = engines
        self._model = model
        self._sounded_at = monotonic()

    def reply(
        self,
        turn: Turn,
        dialogue: Dialogue,
        key_url: str,
        connection: Connection | None = None,
        overlay: Overlay = PLAIN,
    ) -> Reply:
        """The turn as the provider can carry it out. Never renders, never asks the database: a caller is waiting."""
        said = tuple(self._utterance(prompt, dialogue, overlay) for prompt in turn.say)
        if turn.asks is not None:
            return _asking(turn.asks, said, dialogue.language, key_url, connection)
        if turn.bridges:
            return Bridge(said)
        if turn.afterthought is not None:
            return Gather(said, key_url, AFTERTHOUGHT_SECONDS, closes=True)
        return Hangup(said)

    def say(self, prompt: Prompt, language: Language) -> Utterance:
        """One prompt outside any dialogue; needs no database."""
        return self._first_of(self._standing(prompt, language)) or self._by_provider(
            words(prompt, language), language, names_in(prompt)
        )

    def said_now(self, text: str, language: Language) -> bytes:
        """A WAV file of words that somebody is waiting for, by the quickest of our voices that can say them.

        Raises ``SpeechFailed`` where none can.
        """
        spoken = Spoken(text, language, DEFAULT_PACE[language])
        sounds = [by_sentence(by_engine(spoken, engine, self._model)) for engine in reversed(self.engines)]
        failures = self._prepare(sounds, urgent=True)
        clip = next((clip for sound in sounds if (clip := self._voice.find(sound)) is not None), None)
        if clip is None:
            raise failures[-1] if failures else SpeechFailed(spoken, "there is no voice of ours")
        return clip.path.read_bytes()

    def prepare_standing(self, prompts: Sequence[Prompt]) -> Iterator[SpeechFailed]:
        """Renders in every language what must be there whatever fails, as ``prepare`` does."""
        yield from self._rendering([self._standing(prompt, language) for language in Language for prompt in prompts])

    def lacking(self, dialogue: Dialogue, overlay: Overlay = PLAIN) -> Lacking:
        """What the dialogue may say, worked out once for all who ask of it whether it has its clips, or make them."""
        return Lacking([self._sounds(prompt, dialogue, overlay) for prompt in dialogue.prompts()], self._has)

    def is_ready(self, dialogue: Dialogue, overlay: Overlay = PLAIN) -> bool:
        """Whether everything the dialogue may say has a clip."""
        return self.lacking(dialogue, overlay).is_ready()

    def prepare(
        self,
        wanted: Lacking,
        goes_on: Callable[[], bool] = _always,
        *,
        urgent: bool = False,
    ) -> Iterator[SpeechFailed]:
        """Renders what has no clip yet as it is iterated; what could not be rendered comes at once.

        The next best sound says that. A voice that is silent is not asked for the rest, and nothing is made any more
        once ``goes_on``, which is asked before each clip that has to be made, says no, or the voice was ended. What is
        ``urgent`` waits for nothing else.
        """
        yield from self._rendering(wanted.wanted, goes_on, urgent=urgent)

    def prepare_quickly(self, wanted: Lacking, *, urgent: bool = False) -> Iterator[SpeechFailed]:
        """The same of what has no clip at all, by the quickest of several engines: the call can go, if it must."""
        if len(self.engines) > 1:
            unheard = [sounds for sounds in wanted.wanted if not any(map(self._has, sounds))]
            yield from self._rendering([sounds[-1:] for sounds in unheard], urgent=urgent)

    def aloud(self, prompts: Sequence[Prompt], dialogue: Dialogue, overlay: Overlay = PLAIN) -> Sequence[Aloud]:
        """The prompts as whoever is rung would hear them, rendered now where they must be: nobody waits on a line.

        Somebody waits at a page, but no alert behind them.
        """
        for prompt in prompts:
            self._prepare(self._sounds(prompt, dialogue, overlay), urgent=False)
        return [self._aloud(prompt, dialogue, overlay) for prompt in prompts]

    def heard(self, prompt: Prompt, dialogue: Dialogue, overlay: Overlay = PLAIN) -> tuple[OwnSound, Clip] | None:
        """Our sound that says the prompt in a call, with its clip, made now; None where the provider's voice does.

        Raises ``SpeechFailed`` where none of ours can be made.
        """
        sounds = self._sounds(prompt, dialogue, overlay)
        failures = self._prepare(sounds, urgent=True)
        for sound in sounds:
            if (clip := self._voice.find(sound)) is not None:
                return sound, clip
        if failures:
            raise failures[-1]
        return None

    def seconds_quiet(self) -> float:
        """Real seconds since a sound was made, or since the start; none while a process of the voice works on one.

        One that starts slowly, on a busy machine, is not silent. Asked ever so often, it knows whether one works.
        """
        return 0.0 if self._voice.is_at_work() else monotonic() - self._sounded_at

    def is_resting(self, engine: Engine) -> bool:
        """Whether the engine was silent just now and is not asked meanwhile."""
        return self._voice.is_resting(engine)

    def clip_address(self, digest: str) -> str:
        """Where the provider finds the clip of this digest."""
        return self._addresses.url(digest)

    def tidy(self) -> int:
        """Removes clips that nobody has used for a long time; returns how many."""
        return self._voice.tidy()

    def _rendering(
        self, wanted: Wanted, goes_on: Callable[[], bool] = _always, *, urgent: bool = False
    ) -> Iterator[SpeechFailed]:
        best = [engines_of(sounds[0]) for sounds in wanted if sounds] if urgent else []
        with self._voice.reserved(frozenset[Engine]().union(*best)):
            for sounds in wanted:
                if sounds and self._voice.find(sounds[0]) is None and not goes_on():
                    return
                failures = self._prepare(sounds, urgent=urgent)
                yield from failures
                if _is_in_vain(failures, len(sounds)):
                    return

    def _prepare(self, sounds: Sequence[OwnSound], *, urgent: bool) -> Sequence[SpeechFailed]:
        """The first of them that can be rendered is."""
        failures: list[SpeechFailed] = []
        for sound in sounds:
            try:
                self._voice.render(sound, urgent=urgent)
                self._sounded_at = monotonic()
                break
            except SpeechFailed as failure:
                failures.append(failure)
        return failures

    def _aloud(self, prompt: Prompt, dialogue: Dialogue, overlay: Overlay) -> Aloud:
        sounds = self._sounds(prompt, dialogue, overlay)
        heard = next((sound for sound in sounds if self._voice.find(sound) is not None), None)
        return Aloud(self._utterance(prompt, dialogue, overlay), source_of(heard))

    def _utterance(self, prompt: Prompt, dialogue: Dialogue, overlay: Overlay) -> Utterance:
        if (sound := self._first_of(self._sounds(prompt, dialogue, overlay))) is not None:
            return sound
        if prompt.key == MELODY.key:
            return Pause(PAUSE_SECONDS)
        names = names_in(prompt, overlay.readings)
        return self._by_provider(words(prompt, dialogue.language), dialogue.language, names)

    def _sounds(self, prompt: Prompt, dialogue: Dialogue, overlay: Overlay) -> Sequence[OwnSound]:
        """Our sounds that can say the prompt, the best first; none where the provider's voice is to."""
        if prompt.key == MELODY.key:
            return (Melody(),)
        names = names_in(prompt, overlay.readings)
        plain = _Voicing(dialogue, overlay.timbre, names, slower=prompt.slower)
        voicings = [plain.by(engine, self._model) for engine in self.engines]
        recorded = [recorded_sound(prompt, dialogue.language, overlay, each) for each in voicings or [plain]]
        ours = [by_sentence(each(words(prompt, dialogue.language))) for each in voicings]
        return tuple(dict.fromkeys(sound for sound in (*recorded, *ours) if sound is not None))

    def _standing(self, prompt: Prompt, language: Language) -> Sequence[OwnSound]:
        plain = Spoken(words(prompt, language), language, DEFAULT_PACE[language], names=names_in(prompt))
        return [by_sentence(by_engine(plain, engine, self._model)) for engine in self.engines]

    def _has(self, sound: OwnSound) -> bool:
        return self._voice.find(sound) is not None

    def _first_of(self, sounds: Sequence[OwnSound]) -> Sound | None:
        """The best of them that has a clip."""
        clips = (self._voice.find(sound) for sound in sounds)
        found = next((clip for clip in clips if clip is not None), None)
        return None if found is None else Sound(self._addresses.url(found.digest))

    def _by_provider(self, text: str, language: Language, names: Sequence[Name]) -> Speech:
        parts = tuple(parts_told(text, names)) if language is Language.CHINESE else ()
        told = parts if any(syllables for _, syllables in parts) else ()
        return Speech(text, language, self._provider_voices.get(language), told)


def _is_in_vain(failures: Sequence[SpeechFailed], asked: int) -> bool:
    """Whether the rest need not be asked for: the voice was ended, or nothing of ours speaks any more."""
    if any(isinstance(failure, VoiceEndedError) for failure in failures):
        return True
    return len(failures) == asked and any(isinstance(failure, VoiceSilentError) for failure in failures)


class _Voicing:
    """How our own voice says a text in a dialogue."""

    def __init__(self, dialogue: Dialogue, timbre: Timbre, names: Sequence[Name], *, slower: bool) -> None:
        self._language = dialogue.language
        pace = dialogue.pace or DEFAULT_PACE[dialogue.language]
        self._pace = round(pace * SLOWER_PERCENT / 100) if slower else pace
        self._timbre = timbre
        self._names = names
        self._engine, self._model = Engine.PYTTSX3, ""

    def by(self, engine: Engine, model: str) -> Self:
        """The same by this engine."""
        other = copy(self)
        other._engine, other._model = engine, model
        return other

    def __call__(self, text: str) -> Spoken:
        named = tuple(name for name in self._names if name.text in text)
        plain = Spoken(text, self._language, self._pace, self._timbre, named)
        return by_engine(plain, self._engine, self._model)


def _asking(
    asks: Question, said: Sequence[Utterance], language: Language, key_url: str, connection: Connection | None
) -> Reply:
    match asks:
        case script.Connect():
            if connection is None:
                raise ValueError(f"nobody was rung who is to be connected as {asks.whom}")
            return Dial(said, key_url, connection)
        case script.Record():
            path, mark, query = key_url.partition("?")
            return Record(said, key_url, asks.max_seconds, asks.silence_seconds, f"{path}/recording{mark}{query}")
        case script.Digits():
            return Gather(said, key_url, asks.wait_seconds, asks.most)
    hearing = Hearing(language, hints(language)) if asks.spoken else None
    return Gather(said, key_url, asks.wait_seconds, hearing=hearing)
