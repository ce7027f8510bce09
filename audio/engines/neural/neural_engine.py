"""The neural voice: a text to sound at a pace, by a model that was trained on people's speech.

A woman and a man speak each language (``VOICES``). The pace is that of the whole, pauses included: the model's speed
decides it within what is understood well, and quiet between clauses and phrases beyond that.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import islice, pairwise
from pathlib import Path
from typing import Final

import numpy as np

from audio.engines.neural.english_phonemes import EnglishPhonemes
from audio.engines.neural.model import RATE, NeuralModel, Spoken, Utterance
from audio.engines.neural.pauses import Gap, most_seconds, shared, with_quiet
from audio.engines.neural.pieces import Piece, pieces
from audio.engines.neural.timing import FASTEST, Plan, planned
from audio.reading.syllables.names import Name
from audio.sound.activity import Samples, activity, faded, within
from audio.sound.checks import BadRenderingError, Problem, check
from audio.sound.pace import MEASURABLE_UNITS, units
from audio.sound.telephone import levelled, write_ulaw
from core.i18n import Language
from core.timbre import Timbre

WOMEN: Final = {Language.CHINESE: "zf_xiaobei", Language.ENGLISH: "af_heart"}
MEN: Final = {Language.CHINESE: "zm_yunxi", Language.ENGLISH: "am_michael"}
VOICES: Final = {Timbre.USUAL: WOMEN, Timbre.FEMALE: WOMEN, Timbre.MALE: MEN}
USUAL_PACE: Final = {Language.CHINESE: 170, Language.ENGLISH: 130}
"""Who wants it slower waits longer between phrases, too."""
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
        """The pieces at the pace, and their seconds from the first sound to the last; again while they are too slow."""
        count = units(text, language)
        rests = sum(each.pause_seconds for each, _ in pairwise(said))
        wanted = max(count * 60 / pace - rests, count * 60 / pace / 2)
        slower = max(1.0, USUAL_PACE[language] / pace)
        utterances = [self._model.utterance(each.phonemes, voices[each.language]) for each in said]
        speed = plan(utterances, wanted, slower).speed
        for _ in range(RENDERINGS):
            sounds = [self._sound(each, speed) for each in utterances]
            spoken = sum(len(each.samples) for each in sounds) / RATE
            if spoken <= wanted * (1 + NEAR_ENOUGH) or speed >= FASTEST or count < MEASURABLE_UNITS[language]:
                break
            speed = min(speed * spoken / wanted, FASTEST)
        paced = _paced(sounds, wanted - spoken, slower)
        samples = _joined(paced, [each.pause_seconds for each, _ in pairwise(said)])
        return samples, len(samples) / RATE

    def _sound(self, utterance: Utterance, speed: float) -> Spoken:
        """What is heard of it, without the quiet around it."""
        spoken = self._model.spoken(utterance, speed)
        heard = activity(spoken.samples, RATE)
        gaps = [
            Gap(gap.start - heard.start_seconds, gap.end - heard.start_seconds, gap.ends_clause) for gap in spoken.gaps
        ]
        return Spoken(faded(within(spoken.samples, RATE, heard), RATE), gaps)

    def _english(self, text: str) -> str:
        return self._phonemes.of(text)

    @cached_property
    def _phonemes(self) -> EnglishPhonemes:
        return EnglishPhonemes()


def plan(utterances: Sequence[Utterance], seconds: float, slower: float) -> Plan:
    """How the voice says these in so many seconds; ``slower`` than people are usually spoken to, so many times."""
    expected = [each.expected for each in utterances]
    most = [most_seconds(ends_clause=each.ends_clause, slower=slower) for one in expected for each in one.breaks]
    return planned(expected, seconds, sum(most))


def _paced(sounds: Sequence[Spoken], seconds: float, slower: float) -> Sequence[Samples]:
    """The sounds with so many seconds more of quiet between their phrases."""
    shares = iter(shared(seconds, [gap for each in sounds for gap in each.gaps], slower))
    return [with_quiet(each.samples, RATE, each.gaps, list(islice(shares, len(each.gaps)))) for each in sounds]


def _joined(sounds: Sequence[Samples], rests: Sequence[float]) -> Samples:
    parts = [part for sound, rest in zip(sounds, [*rests, 0.0], strict=True) for part in (sound, _quiet(rest))]
    return np.concatenate(parts) if parts else _quiet(1.0)


def _quiet(seconds: float) -> Samples:
    return np.zeros(round(seconds * RATE))
