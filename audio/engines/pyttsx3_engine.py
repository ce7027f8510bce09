"""pyttsx3 with espeak-ng: the voice that always works.

espeak-ng speaks asynchronously and pyttsx3 cancels what is queued. Used as documented, they lose files, ignore rate
and voice, and hang with two threads. Hence one thread of one process, one empty run first, and a driver that speaks in
that thread (``espeak_driver``).
"""

import ctypes
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import espeakng_loader
import numpy as np
import soundfile

from audio.reading.passages import Passage, passages
from audio.reading.syllables.names import Name
from audio.sound.activity import Samples, activity, within
from audio.sound.checks import check
from audio.sound.pace import MEASURABLE_UNITS, better_rate, first_rate, measured_pace, units
from audio.sound.telephone import TARGET_LUFS, levelled, write_ulaw
from core.i18n import Language
from core.timbre import Timbre

VOICES = {Language.CHINESE: "sit/cmn-latn-pinyin", Language.ENGLISH: "gmw/en-us"}
VARIANTS = {Timbre.USUAL: "", Timbre.FEMALE: "+f2", Timbre.MALE: "+m3"}
"""espeak's variants of a voice: a higher one and a lower one; some who are hard of hearing lack the high tones."""

SAMPLE_RATE = 22050
RENDERINGS = 3
TRIES = 3
EVEN = 0.4
"""Loudness units beside the target; whole clips lie within half of it."""
NEAR_ENOUGH = 0.04


class Pyttsx3Engine:
    """The one pyttsx3 engine of this process; use it from the main thread only."""

    def __init__(self) -> None:
        # Without its data path the C library ends the process, and pyttsx3 finds the library only if it is loaded.
        os.environ["ESPEAK_DATA_PATH"] = espeakng_loader.get_data_path()
        ctypes.CDLL(espeakng_loader.get_library_path(), ctypes.RTLD_GLOBAL)
        import pyttsx3

        from audio.engines import espeak_driver

        espeak_driver.register()
        self._engine: Any = pyttsx3.init(espeak_driver.NAME)
        self._engine.runAndWait()
        self._chosen: tuple[str, int] | None = None

    def record(
        self, text: str, language: Language, pace: int, path: str, timbre: Timbre, names: Sequence[Name] = ()
    ) -> float:
        """Writes what a telephone plays to ``path`` and returns the seconds of speech.

        Raises ``BadRenderingError`` for what is no speech.
        """
        said = passages(text, language, names)
        for _ in range(TRIES):
            samples, seconds = self._spoken(said, text, language, pace, path, timbre)
            check(samples, SAMPLE_RATE, text, language, pace)
            clip, loudness = levelled(samples, SAMPLE_RATE)
            if abs(loudness - TARGET_LUFS) <= EVEN:
                break  # now and then espeak leaves out a part, which shows in the loudness
        write_ulaw(Path(path), clip)
        return seconds

    def _spoken(
        self, said: Sequence[Passage], text: str, language: Language, pace: int, path: str, timbre: Timbre
    ) -> tuple[Samples, float]:
        """The text at the pace, and its seconds of speech; spoken again while the pace is off."""
        rate = first_rate(language, pace)
        for _ in range(RENDERINGS):
            passages_spoken = [self._passage(each, rate, path, timbre) for each in said]
            samples = np.concatenate(passages_spoken) if passages_spoken else np.zeros(1)
            seconds = activity(samples, SAMPLE_RATE).seconds
            corrected = _corrected(rate, text, language, pace, seconds)
            if corrected == rate:
                break
            rate = corrected
        return samples, seconds

    def _passage(self, passage: Passage, rate: int, path: str, timbre: Timbre) -> Samples:
        self._choose(VOICES[passage.language] + VARIANTS[timbre], rate)
        for _ in range(TRIES):
            samples = self._written(passage.words, path)
            spoken = activity(samples, SAMPLE_RATE)
            if spoken.seconds:
                break
        return np.append(within(samples, SAMPLE_RATE, spoken), np.zeros(round(passage.pause_seconds * SAMPLE_RATE)))

    def _written(self, words: str, path: str) -> Samples:
        """What espeak writes for these words; now and then that is silence, and the next time it is not."""
        Path(path).unlink(missing_ok=True)
        self._engine.save_to_file(words, path)
        self._engine.runAndWait()
        samples: Samples = soundfile.read(path)[0]
        return samples

    def _choose(self, voice: str, rate: int) -> None:
        """An unknown voice or a rate that is ignored raises no error in pyttsx3: look what espeak has taken."""
        if self._chosen == (voice, rate):
            return
        if self._chosen is None or self._chosen[0] != voice:
            self._engine.setProperty("voice", voice)
        self._engine.setProperty("rate", rate)
        self._chosen = (self._engine.getProperty("voice"), self._engine.getProperty("rate"))
        if self._chosen != (voice, rate):
            raise RuntimeError(f"espeak does not take the voice {voice} at rate {rate}")


def _corrected(rate: int, text: str, language: Language, pace: int, seconds: float) -> int:
    """The same rate when the pace is near enough or the text too short to have one."""
    if not seconds or units(text, language) < MEASURABLE_UNITS[language]:
        return rate
    measured = measured_pace(text, language, seconds)
    return rate if abs(measured / pace - 1) <= NEAR_ENOUGH else better_rate(language, rate, pace, measured)
