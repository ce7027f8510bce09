"""A form that was refused: what was typed stands in it again, and what is wrong beside its field."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from console.people.people_words import mending
from core.errors import UserError
from core.i18n import Language

_CALLED_HERE: Mapping[str, str] = {
    "until": "last_day", "from": "first_day", "relative": "name", "relative name": "name", "relative_phone": "number",
    "relative phone": "number", "relative wants": "wants", "relative e-mail": "email", "e-mail": "email",
    "voice": "timbre", "key_holder_phone": "key_holder_number", "call time": "call_time", "birth year": "birth_year",
    "address": "room", "home": "room", "phone state": "state", "chat address": "chat_address", "PIN": "pin",
    "area": "areas",
}  # fmt: skip
"""What a field is called in a mistake, where that is not the name it has in a form."""


@dataclass(frozen=True)
class Refusal:
    """Which ``form`` was refused, why, and what was ``typed`` into it."""

    form: str
    mistake: UserError
    typed: Mapping[str, str] = field(default_factory=dict)

    def at(self, form: str) -> "Refusal | None":
        """The refusal where it is of this form."""
        return self if self.form == form else None

    @property
    def field(self) -> str:
        """The field beside which it is said; empty where it is of the form as a whole."""
        named = str(self.mistake.field or "")
        for each in (named, _CALLED_HERE.get(named, "")):
            if each in self.typed:
                return each
        return ""

    def said(self, language: Language) -> str:
        """What is wrong, and the way out."""
        return mending(self.mistake, language)
