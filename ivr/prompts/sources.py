"""Sources: who says a prompt, as the pages and commands name them."""

from collections.abc import Sequence
from enum import StrEnum

from audio.clips.melody import Melody
from audio.clips.pieces import Joined, Kept
from audio.clips.speech import Speech
from audio.engines.engine import Engine
from audio.voice import Sound


class Source(StrEnum):
    """Who is heard."""

    RECORDED = "recorded"
    JOINED = "joined"
    """People's recordings with our own voice between them."""
    NEURAL = "neural"
    PYTTSX3 = "pyttsx3"
    MELODY = "melody"
    PROVIDER = "provider"


_SAID_BY = {
    Engine.NEURAL: "What nobody has recorded is said by the neural voice, and by pyttsx3 where that fails.",
    Engine.PYTTSX3: "What nobody has recorded is said by pyttsx3, our simpler voice.",
}


def said_by(engines: Sequence[Engine]) -> str:
    """A sentence (catalogue key) on who says what nobody has recorded; the best of our ``engines`` is the first."""
    return _SAID_BY[engines[0]] if engines else "What nobody has recorded is said by the telephone provider's voice."


def source_of(sound: Sound | None) -> Source:
    """Who says this sound of ours; the telephone provider where it is none."""
    match sound:
        case None:
            return Source.PROVIDER
        case Kept():
            return Source.RECORDED
        case Joined():
            return _source_of_pieces(sound)
        case Melody():
            return Source.MELODY
    return _source_of_speech(sound)


def _source_of_pieces(sound: Joined) -> Source:
    """One that was joined of sentences of our voice is our voice's."""
    spoken = [piece for piece in sound.pieces if isinstance(piece, Speech)]
    if spoken and not any(isinstance(piece, Kept) for piece in sound.pieces):
        return _source_of_speech(spoken[0])
    return Source.JOINED


def _source_of_speech(sound: Speech) -> Source:
    return Source.NEURAL if sound.engine is Engine.NEURAL else Source.PYTTSX3
