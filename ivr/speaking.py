"""From prompts to sound: the words of a prompt, and the clip or the provider's voice that says them."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

from audio.melody import Melody
from audio.speech import Speech as Spoken
from audio.voice import SpeechFailed, Voice
from core.i18n import Language
from ivr.dialogue import SLOWER_PERCENT, Dialogue, Prompt, Turn
from ivr.telephony import Connection, Hearing, Pause, Reply, Sound, Speech, Taping, Utterance
from ivr.understanding import hints

CATALOGUES = Path(__file__).parent / "prompts"
MELODY = Prompt(key="melody")
"""Not words of the catalogue but a few soft notes, for whoever is being connected."""
PAUSE_SECONDS = 3
DEFAULT_PACE = {Language.CHINESE: 170, Language.ENGLISH: 130}


@cache
def catalogue(language: Language) -> Mapping[str, str]:
    """The prompts of a language: key → words with ``{gaps}``."""
    name = Language(language).replace("-", "_")
    with (CATALOGUES / f"{name}.toml").open("rb") as file:
        return {f"{group}.{name}": text for group, texts in tomllib.load(file).items() for name, text in texts.items()}


def words(prompt: Prompt, language: Language) -> str:
    """What the voice says; raises ``KeyError`` for a prompt or a gap that nobody has filled."""
    return catalogue(language)[prompt.key].format(**prompt.words)


class Speaker:
    """Says prompts with our own clips, and with the provider's voice where a clip is missing.

    ``public_url`` is the address that every clip's address starts with.
    """

    def __init__(self, voice: Voice, public_url: str) -> None:
        self._voice = voice
        self._public_url = public_url.rstrip("/")

    def reply(self, turn: Turn, dialogue: Dialogue, key_url: str, connection: Connection | None = None) -> Reply:
        """The turn as the provider can carry it out. Never renders: a caller is waiting."""
        return Reply(
            tuple(self._utterance(self._sound(prompt, dialogue)) for prompt in turn.say),
            key_url if turn.heard_at else None,
            turn.wait_seconds,
            turn.entry.most if turn.entry else 1,
            _taping(turn, key_url),
            connection,
            turn.bridges,
            turn.position is None and turn.afterthought is not None,
            Hearing(dialogue.language, hints(dialogue.language)) if turn.listens else None,
        )

    def say(self, prompt: Prompt, language: Language) -> Utterance:
        """One prompt outside any dialogue; needs no database."""
        return self._utterance(Spoken(words(prompt, language), language, DEFAULT_PACE[language]))

    def prepare_standing(self, prompts: Sequence[Prompt]) -> None:
        """Renders in every language what must be there whatever fails; what cannot be rendered the provider says."""
        for language in Language:
            for prompt in prompts:
                with suppress(SpeechFailed):
                    self._voice.render(Spoken(words(prompt, language), language, DEFAULT_PACE[language]))

    def is_ready(self, dialogue: Dialogue) -> bool:
        """Whether everything the dialogue may say has a clip."""
        return all(self._voice.find(sound) is not None for sound in self._sounds(dialogue))

    def prepare(self, dialogue: Dialogue) -> tuple[SpeechFailed, ...]:
        """Renders what has no clip yet; returns what could not be rendered (the provider's voice will say it)."""
        failures: list[SpeechFailed] = []
        for sound in self._sounds(dialogue):
            try:
                self._voice.render(sound)
            except SpeechFailed as failure:
                failures.append(failure)
        return tuple(failures)

    def _utterance(self, sound: Spoken | Melody) -> Utterance:
        clip = self._voice.find(sound)
        if clip is None:
            return Speech(sound.text, sound.language) if isinstance(sound, Spoken) else Pause(PAUSE_SECONDS)
        return Sound(f"{self._public_url}/telephony/audio/{clip.digest}.wav")

    def _sounds(self, dialogue: Dialogue) -> Iterable[Spoken | Melody]:
        return (self._sound(prompt, dialogue) for prompt in dialogue.prompts())

    def _sound(self, prompt: Prompt, dialogue: Dialogue) -> Spoken | Melody:
        if prompt.key == MELODY.key:
            return Melody()
        pace = dialogue.pace or DEFAULT_PACE[dialogue.language]
        pace = round(pace * SLOWER_PERCENT / 100) if prompt.slower else pace
        return Spoken(words(prompt, dialogue.language), dialogue.language, pace)


def _taping(turn: Turn, key_url: str) -> Taping | None:
    if turn.recording is None:
        return None
    path, mark, query = key_url.partition("?")
    return Taping(turn.recording.max_seconds, turn.recording.silence_seconds, f"{path}/recording{mark}{query}")
