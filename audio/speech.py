"""What is to be said: a text, its language and its pace."""

from dataclasses import dataclass
from hashlib import sha256

from core.i18n import Language

RECIPE = "espeak-2"
"""Names everything that shapes the sound of a clip. Change it with the voice, and every clip is made anew."""


@dataclass(frozen=True)
class Speech:
    """A text to be spoken at ``pace``: Chinese characters or English words a minute, pauses included."""

    text: str
    language: Language
    pace: int

    @property
    def digest(self) -> str:
        """Names the clip: 40 hexadecimal digits, equal for equal speeches made by the same recipe."""
        identity = "\0".join((RECIPE, self.language.value, str(self.pace), self.text))
        return sha256(identity.encode()).hexdigest()[:40]
