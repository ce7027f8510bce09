"""What rules refer to, by name: from words to ids when a rule is written, and back when it is shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from contacts import places
from contacts.models import AreaKind
from core.i18n import Language


@dataclass(frozen=True)
class NamedArea:
    """An area for people: a grid by its ``name``, a building, or a unit of a building."""

    kind: str
    name: str
    building: str = ""

    def said(self, language: Language) -> str:
        """As people read it."""
        if self.kind == AreaKind.UNIT:
            return places.spelled_place(language, self.building, self.name, "")
        return places.spelled_place(language, self.name, "", "") if self.kind == AreaKind.BUILDING else self.name

    @property
    def written(self) -> str:
        """As it is written in a rule: ``3``, ``3/2``."""
        return f"{self.building}/{self.name}" if self.kind == AreaKind.UNIT else self.name


@dataclass(frozen=True)
class NamedRound:
    """A round for people: its short id, its campaign, and its start as people read it."""

    short_id: str
    campaign: str
    started: str


@dataclass(frozen=True)
class Names:
    """The names of everything to which a rule refers."""

    areas: Mapping[UUID, NamedArea] = field(default_factory=dict)
    lists: Mapping[UUID, str] = field(default_factory=dict)
    campaigns: Mapping[UUID, str] = field(default_factory=dict)
    rounds: Mapping[UUID, NamedRound] = field(default_factory=dict)


class Lookup(Protocol):
    """Finds what somebody means by a word; each raises ``UserError`` for a word that means nothing."""

    def flags(self, written: Sequence[str]) -> Sequence[str]:
        """Flags, in any spelling."""

    def area(self, written: str) -> UUID:
        """A building, a unit (``3/2``) or a grid."""

    def list_id(self, written: str) -> UUID:
        """A list of the community's own."""

    def round_or_campaign(self, written: str) -> tuple[UUID | None, UUID | None]:
        """A round by its id or ``latest``, or a campaign by its name: one of the two."""
