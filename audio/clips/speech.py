"""What is to be said: a text, its language, its pace and the voice that says it."""

from dataclasses import dataclass
from hashlib import sha256

from audio.reading.names import Name
from core.i18n import Language
from core.timbre import Timbre

RECIPE = "espeak-8"
"""Names everything that shapes the sound of a clip. Change it with the voice or the rules of reading aloud, and every
clip is made anew."""


@dataclass(frozen=True)
class Speech:
    """A text to be spoken at ``pace``: Chinese characters or English words a minute, pauses included.

    ``names`` are of people who are named in the text: their surnames are spoken as surnames are.
    """

    text: str
    language: Language
    pace: int
    timbre: Timbre = Timbre.USUAL
    names: tuple[Name, ...] = ()

    @property
    def digest(self) -> str:
        """Names the clip: 40 hexadecimal digits, equal for equal speeches made by the same recipe."""
        spoken_by = () if self.timbre is Timbre.USUAL else (self.timbre.value,)
        named = tuple(each.written() for each in self.names)
        identity = "\0".join((RECIPE, self.language.value, str(self.pace), *spoken_by, *named, self.text))
        return sha256(identity.encode()).hexdigest()[:40]
