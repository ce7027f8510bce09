"""The neural voice: a text to sound at a pace, by a model that was trained on people's speech.

A woman and a man speak each language (``VOICES``). The pace is that of the whole, pauses included: the model's speed
decides it within what is understood well, and longer pauses at commas beyond that.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np

from audio.engines.neural.english_phonemes import EnglishPhonemes
from audio.engines.neural.model import RATE, NeuralModel, Utterance
from audio.engines.neural.pauses import gaps, lengthened
from audio.engines.neural.pieces import Piece, pieces
from audio.engines.neural.timing import FASTEST, SLOWEST, SLOWEST_OF_ALL, speed_for
from audio.reading.names import Name
from audio.sound.activity import Samples, activity, faded, within
from audio.sound.checks import BadRenderingError, Problem, check
from audio.sound.pace import MEASURABLE_UNITS, units
from audio.sound.telephone import levelled, write_ulaw
from core.i18n import Language
from core.timbre import Timbre

WOMEN: Final = {Language.CHINESE: "zf_xiaobei", Language.ENGLISH: "af_heart"}
MEN: Final = {Language.CHINESE: "zm_yunxi", Language.ENGLISH: "am_michael"}
VOICES: Final = {Timbre.USUAL: WOMEN, Timbre.FEMALE: WOMEN, Timbre.MALE: MEN}
LONGEST_GAP: Final = 0.8
"""Seconds of quiet at a comma, where people are spoken to as slowly as usual; who wants it slower waits longer."""
USUAL_PACE: Final = {Language.CHINESE: 170, Language.ENGLISH: 130}
USUAL_GAP: Final = 0.2
"""Seconds of quiet at a comma where the voice pauses, before anybody has made it longer."""
RENDERINGS: Final = 3
NEAR_ENOUGH: Final = 0.04


class NeuralEngine:
    """The one neural engine of this process; ``model`` is one's own.

    Raises ``NeuralFilesError`` where its files are missing or wrong.
    """

    def __init__(self, model: Path | None = None) -> None:
        self._model = NeuralModel(model)

    def record(
        self, text: str, language: Language, pace: int, path: str, timbre: Timbre, names: Sequence[Name] = ()
    ) -> float:
        """See ``SpeechEngine``."""
        said = pieces(text, language, names, self._english)
        if not said or not units(text, language):
            raise BadRenderingError(Problem.QUIET)
        samples, seconds = self._at_pace(said, VOICES[timbre], text, language, pace)
        check(samples, RATE, text, language, pace)
        clip, _ = levelled(samples, RATE)
        write_ulaw(Path(path), clip)
        return seconds

    def _at_pace(
        self, said: Sequence[Piece], voices: Mapping[Language, str], text: str, language: Language, pace: int
    ) -> tuple[Samples, float]:
        """The pieces at the pace, and their seconds from the first sound to the last; again while the pace is off."""
        count = units(text, language)
        rests = sum(each.pause_seconds for each, _ in pairwise(said))
        wanted = max(count * 60 / pace - rests, count * 60 / pace / 2)
        longest = LONGEST_GAP * max(1.0, USUAL_PACE[language] / pace)
        utterances = [self._model.utterance(each.phonemes, voices[each.language]) for each in said]
        speed = speed_for([each.expected for each in utterances], wanted, longest - USUAL_GAP)
        for _ in range(RENDERINGS):
            sounds = [self._sound(each, speed) for each in utterances]
            better = _better(speed, sounds, wanted, longest)
            if count < MEASURABLE_UNITS[language] or abs(better / speed - 1) <= NEAR_ENOUGH:
                break
            speed = better
        paced = _paced(sounds, wanted, longest)
        samples = _joined(paced, [each.pause_seconds for each, _ in pairwise(said)])
        return samples, len(samples) / RATE

    def _sound(self, utterance: Utterance, speed: float) -> Samples:
        """What is heard of it, without the quiet around it."""
        samples = self._model.spoken(utterance, speed)
        return faded(within(samples, RATE, activity(samples, RATE)), RATE)

    def _english(self, text: str) -> str:
        return self._phonemes.of(text)

    @cached_property
    def _phonemes(self) -> EnglishPhonemes:
        return EnglishPhonemes()


def _bounded(speed: float, slowest: float = SLOWEST) -> float:
    return min(max(speed, slowest), FASTEST)


def _better(speed: float, sounds: Sequence[Samples], wanted: float, longest: float) -> float:
    """The speed at which the sounds, with all the quiet that may be put into them, last as long as is wanted."""
    spoken = sum(map(len, sounds)) / RATE
    if spoken >= wanted:
        return _bounded(speed * spoken / wanted)
    with_pauses = sum(map(len, _paced(sounds, wanted, longest))) / RATE
    if with_pauses >= wanted * (1 - NEAR_ENOUGH):
        return speed
    return _bounded(speed * with_pauses / wanted, SLOWEST_OF_ALL)


def _paced(sounds: Sequence[Samples], wanted: float, longest: float) -> Sequence[Samples]:
    """The sounds with more quiet at their commas, so that they last as long as is wanted, if that can be."""
    missing = wanted - sum(map(len, sounds)) / RATE
    places = [gaps(each, RATE) for each in sounds]
    number = sum(map(len, places))
    if not number or missing <= 0:
        return sounds
    return [lengthened(sound, RATE, where, missing * len(where) / number, longest)
            for sound, where in zip(sounds, places, strict=True)]  # fmt: skip


def _joined(sounds: Sequence[Samples], rests: Sequence[float]) -> Samples:
    parts = [part for sound, rest in zip(sounds, [*rests, 0.0], strict=True) for part in (sound, _quiet(rest))]
    return np.concatenate(parts) if parts else _quiet(1.0)


def _quiet(seconds: float) -> Samples:
    return np.zeros(round(seconds * RATE))
