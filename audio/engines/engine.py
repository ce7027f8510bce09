"""Engines: which ones there are, and what each promises."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol

from audio.reading.syllables.names import Name
from core.i18n import Language
from core.timbre import Timbre


class Engine(StrEnum):
    """What makes a sound of words; a setting names them so, and a clip's address."""

    NEURAL = "neural"
    PYTTSX3 = "pyttsx3"


class SpeechEngine(Protocol):
    """An engine that has been loaded; it is used from one thread of one process (``audio.worker``)."""

    def record(
        self, text: str, language: Language, pace: int, path: str, timbre: Timbre, names: Sequence[Name] = ()
    ) -> float:
        """Writes what a telephone plays (8 kHz µ-law WAV) to ``path`` and returns the seconds of speech.

        ``text`` has been read aloud; ``names`` are of people in it; ``pace`` is Chinese characters or English words a
        minute. Raises ``BadRenderingError`` for what is no speech, and ``ValueError``, ``OSError`` or ``RuntimeError``
        for what cannot be spoken at all.
        """
