"""Sentences: what the neural voice says is made sentence by sentence, so that what many calls share is made once.

A greeting is a sentence with a name and others that everybody hears: of two hundred calls only the names are new.
People rest between sentences, too, so that nothing is heard of the joint.
"""

import re
from dataclasses import replace
from typing import Final

from audio.clips.pieces import Joined, Quiet
from audio.clips.speech import Speech
from audio.engines.engine import Engine
from audio.reading.passages import SENTENCE_PAUSE_SECONDS
from audio.sound.pace import units
from core.i18n import Language

LONGEST_QUIET_SECONDS: Final = 1.2
USUAL_PACE: Final = {Language.CHINESE: 170, Language.ENGLISH: 130}
"""Who is spoken to more slowly waits longer between two sentences, too."""

LEAST_UNITS: Final = 4
"""A shorter sentence is said together with its neighbour: alone it would sound cut off."""

STEP: Final = 5
"""Paces of sentences differ by so much: prompts that are nearly alike share theirs."""

_ENDS: Final = {
    Language.CHINESE: re.compile(r"(?<=[。！？])"),
    Language.ENGLISH: re.compile(r"(?<=[a-z][.!?])\s+(?=[A-Z])"),
}


def by_sentence(speech: Speech) -> Speech | Joined:
    """The same speech as sounds that other speeches may share; the speech itself where it is one sentence.

    The pace of the whole, its pauses included, is that of the speech.
    """
    said = _sentences(speech.text, speech.language)
    if speech.engine is not Engine.NEURAL or len(said) < 2:
        return speech
    pieces: list[Speech | Quiet] = []
    quiet = _quiet_at(speech)
    pace = _pace_within(speech, (len(said) - 1) * quiet.seconds)
    for text in said:
        names = tuple(name for name in speech.names if name.text in text)
        pieces += [quiet, replace(speech, text=text, pace=pace, names=names)]
    return Joined(tuple(pieces[1:]))


def _sentences(text: str, language: Language) -> list[str]:
    """Its sentences, the short ones with those that follow them."""
    said = [""]
    for sentence in filter(None, map(str.strip, _ENDS[language].split(text))):
        blank = " " if said[-1] and language is Language.ENGLISH else ""
        said[-1] += blank + sentence
        if units(said[-1], language) >= LEAST_UNITS:
            said.append("")
    if (rest := said.pop()) and said:
        said[-1] += (" " if language is Language.ENGLISH else "") + rest
    return said or [rest]


def _quiet_at(speech: Speech) -> Quiet:
    slower = max(1.0, USUAL_PACE[speech.language] / speech.pace)
    return Quiet(min(round(SENTENCE_PAUSE_SECONDS * slower, 1), LONGEST_QUIET_SECONDS))


def _pace_within(speech: Speech, rest_seconds: float) -> int:
    """The pace of the sentences, so that they and the rests between them take as long as the whole is to."""
    count = units(speech.text, speech.language)
    seconds = count * 60 / speech.pace
    spoken = max(seconds - rest_seconds, seconds / 2)
    return round(count * 60 / spoken / STEP) * STEP
