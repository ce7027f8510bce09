"""Measuring: every prompt as it will be heard, rendered with example words and held against what a telephone needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Final

from audio.chorus import render_all
from audio.clips.sentences import by_sentence
from audio.clips.speech import Speech, by_engine
from audio.clips.store import Clip, ClipStore
from audio.engines.engine import Engine
from audio.reading.read_aloud import read_aloud
from audio.sound.pace import MEASURABLE_UNITS, units
from audio.sound.telephone import PEAK_DBFS, TARGET_LUFS, measure, read
from audio.voice import SpeechFailed, Voice
from core.i18n import Language
from ivr.dialogue.catalogue import DEFAULT_PACE, example, names_in, words

LOUDNESS_WITHIN: Final = 0.5
"""Loudness units beside the target: no prompt is more than one louder than another."""

PACE_WITHIN: Final = 0.1
AVERAGE_PACE: Final = {Language.CHINESE: (160.0, 180.0), Language.ENGLISH: (120.0, 140.0)}
"""Units a minute that older people follow easily, as an average of all prompts."""


class Fault(StrEnum):
    """What a prompt is that it must not be."""

    UNSPOKEN = "could not be rendered"
    UNEVEN = "not as loud as the others"
    PEAK = "too loud for a telephone at its peak"
    PACE = "too fast or too slow"


@dataclass(frozen=True)
class Measured:
    """A prompt as it is heard: whole seconds of the file, LUFS, dBFS, and Chinese characters or English words a minute.

    ``path`` is None, and the figures are 0, where it could not be rendered; ``reason`` then says why.
    """

    key: str
    language: Language
    path: Path | None
    seconds: float = 0.0
    loudness: float = 0.0
    peak: float = 0.0
    units: int = 0
    spoken_seconds: float = 0.0
    reason: str = ""

    @property
    def pace(self) -> float:
        """Units a minute, from the first sound to the last."""
        return self.units * 60 / self.spoken_seconds if self.spoken_seconds else 0.0

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Everything that is wrong. A short prompt has no pace of its own."""
        if self.path is None:
            return (Fault.UNSPOKEN,)
        wanted = DEFAULT_PACE[self.language]
        paced = self.units < MEASURABLE_UNITS[self.language] or abs(self.pace / wanted - 1) <= PACE_WITHIN
        judged = {
            Fault.UNEVEN: abs(self.loudness - TARGET_LUFS) <= LOUDNESS_WITHIN,
            Fault.PEAK: self.peak <= PEAK_DBFS,
            Fault.PACE: paced,
        }
        return tuple(fault for fault, is_well in judged.items() if not is_well)


def example_speech(key: str, language: Language, engine: Engine = Engine.PYTTSX3, model: str = "") -> Speech:
    """The prompt with example words, at the usual pace. Raises ``KeyError`` for an unknown prompt."""
    prompt = example(key, language)
    plain = Speech(words(prompt, language), language, DEFAULT_PACE[language], names=names_in(prompt))
    return by_engine(plain, engine, model)


def measured(
    store: ClipStore,
    prompts: Sequence[tuple[str, Language]],
    engine: Engine = Engine.PYTTSX3,
    model: str = "",
    own_model: Path | None = None,
) -> Sequence[Measured]:
    """Renders by this engine what has no clip yet, on all cores, and measures every clip."""
    speeches = [example_speech(key, language, engine, model) for key, language in prompts]
    clips = render_all(store, [by_sentence(each) for each in speeches], partial(Voice, model=own_model))
    return [
        _measured(key, speech, clips[by_sentence(speech)]) for (key, _), speech in zip(prompts, speeches, strict=True)
    ]


def average_pace(prompts: Sequence[Measured]) -> float:
    """Units a minute of all of them one after the other; 0 where nothing was rendered."""
    seconds = sum(each.spoken_seconds for each in prompts)
    return sum(each.units for each in prompts) * 60 / seconds if seconds else 0.0


def _measured(key: str, speech: Speech, clip: Clip | SpeechFailed) -> Measured:
    if isinstance(clip, SpeechFailed):
        return Measured(key, speech.language, None, reason=clip.reason)
    heard = measure(*read(clip.path))
    count = units(read_aloud(speech.text, speech.language), speech.language)
    return Measured(
        key,
        speech.language,
        clip.path,
        heard.seconds,
        heard.loudness_lufs,
        heard.peak_dbfs,
        count,
        heard.activity.seconds,
    )
