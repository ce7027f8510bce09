"""What is to be said: a text, its language, its pace and the voice that says it."""

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Final

from audio.engines.engine import Engine
from audio.reading.syllables.names import Name
from core.i18n import Language
from core.timbre import Timbre

RECIPES: Final = {Engine.PYTTSX3: "espeak-10", Engine.NEURAL: "neural-4"}
"""Names everything that shapes the sound of an engine's clips. Change it with the voice or the rules of reading aloud,
and every clip is made anew."""


@dataclass(frozen=True)
class Speech:
    """A text to be spoken at ``pace``: Chinese characters or English words a minute, pauses included.

    ``names`` are of people who are named in the text: their surnames are spoken as surnames are. ``model`` names a
    model of the engine that is not the shipped one.
    """

    text: str
    language: Language
    pace: int
    timbre: Timbre = Timbre.USUAL
    names: tuple[Name, ...] = ()
    engine: Engine = Engine.PYTTSX3
    model: str = ""

    @property
    def digest(self) -> str:
        """Names the clip: 40 hexadecimal digits, equal for equal speeches made by the same engine and recipe."""
        spoken_by = () if self.timbre is Timbre.USUAL else (self.timbre.value,)
        named = tuple(each.written() for each in self.names)
        recipe = " ".join((RECIPES[self.engine], self.model)).rstrip()
        identity = "\0".join((recipe, self.language.value, str(self.pace), *spoken_by, *named, self.text))
        return sha256(identity.encode()).hexdigest()[:40]


def by_engine(speech: Speech, engine: Engine, model: str = "") -> Speech:
    """The same spoken by this engine; ``model`` names one of the neural engine that is not the shipped one."""
    return replace(speech, engine=engine, model=model if engine is Engine.NEURAL else "")
