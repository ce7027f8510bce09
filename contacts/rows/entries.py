"""Entries: what rows of a spreadsheet say of residents, their relatives and responders, before anything is stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time

from contacts.columns.columns import Field
from contacts.columns.consent_words import ConsentCell
from contacts.files.sheets import Spot
from contacts.models import PhoneState, Role, Wants
from contacts.profiles import Address, WayIn
from contacts.rows.responsibilities import AreaName
from core.i18n import Language
from core.timbre import Timbre

SOMEBODY = {Language.CHINESE: "家属", Language.ENGLISH: "relative"}


@dataclass(frozen=True, slots=True)
class RelativeEntry:
    """A relative as a row names them; None where the file does not say."""

    name: str | None
    number: str
    relation: str | None
    wants: Wants | None
    email: str | None

    def called(self, language: str) -> str:
        """The name, or else who they are: ``女儿``, or no more than that they are a relative."""
        return self.name or self.relation or SOMEBODY[Language(language)]


@dataclass(frozen=True, slots=True)
class Away:
    """Days of community time on which a resident is not to be rung, as a row names them; None: until further notice."""

    first: date
    last: date | None
    reason: str


@dataclass(frozen=True, slots=True)
class ResidentEntry:
    """A resident as a row tells of them; None for what the file has no column for, which then stays as it is.

    So does what stands in a cell with a mistake: ``columns`` are those without one, and ``all_relatives`` says that
    whoever is not among ``relatives`` is none any more. ``unit_told``: the row names the unit of the home, or says that
    it has none. No empty cell takes back a ``grid``, ``phone_states`` (by number, E.164), ``away`` or ``health``.
    """

    row: Spot
    name: str
    called: str | None
    reading: str | None
    numbers: tuple[str, ...]
    address: Address
    unit_told: bool
    birth_year: int | None
    flags: frozenset[str] | None
    language: Language | None
    pace: int | None
    voice: Timbre | None
    call_time: time | None
    relatives: tuple[RelativeEntry, ...] | None
    all_relatives: bool
    way_in: WayIn
    consent: ConsentCell | None
    notes: str | None
    grid: str | None
    phone_states: Mapping[str, PhoneState]
    away: Away | None
    health: str | None
    columns: frozenset[Field]


@dataclass(frozen=True, slots=True)
class ResponderEntry:
    """A responder as a row tells of them; None for what the file has no column for. No ``areas``: the community; an
    empty ``second_number``: they have none."""

    row: Spot
    name: str
    role: Role
    areas: tuple[AreaName, ...] | None
    number: str
    second_number: str | None
    language: Language | None
    email: str | None
    chat_address: str | None
    pin: str | None
    languages: tuple[str, ...] | None
    skills: tuple[str, ...] | None
