"""Newcomers: residents whom nobody knew, stored many at a time, each with one event."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from contacts.models import Community, Consent, OptOut, OptOutSource, Phone, Relative, Resident, ResidentFlag, Wants
from contacts.people import consent as consenting
from core.actors import Actor
from core.ids import new_id
from core.running import events
from core.storage.database import Base
from core.timbre import Timbre

_ORDER: tuple[type[Base], ...] = (Resident, Phone, ResidentFlag, OptOut, Consent, Relative)
"""Rows come after those that they refer to."""


@dataclass(frozen=True, slots=True)
class NewRelative:
    """A relative to be written down, with values that were checked; ``number`` is E.164."""

    name: str
    number: str
    relation: str = ""
    wants: Wants = Wants.PROBLEMS
    email: str = ""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A resident to be enrolled, with values that were checked.

    ``called`` is how the voice addresses them; ``numbers`` are E.164, the first to be tried first. ``agreed`` is how
    they have agreed to be called, ``refused`` how they have refused; empty where they have not.
    """

    household_id: UUID
    name: str
    called: str
    language: str
    numbers: tuple[str, ...]
    reading: str = ""
    birth_year: int | None = None
    pace: int | None = None
    timbre: Timbre = Timbre.USUAL
    call_time: time | None = None
    notes: str = ""
    flags: Iterable[str] = ()
    relatives: Iterable[NewRelative] = ()
    agreed: str = ""
    refused: str = ""


class Newcomers:
    """Residents to be stored; the actor enrols them."""

    def __init__(self, session: Session, actor: Actor, community: Community) -> None:
        self._session, self._actor, self._community = session, actor, community
        self._rows: dict[type[Base], list[dict[str, Any]]] = {table: [] for table in _ORDER}
        self._enrolled: dict[UUID, Mapping[str, Any]] = {}

    def add(self, who: Newcomer) -> UUID:
        """Takes somebody into a home that there is, and returns their id; ``store`` stores them."""
        resident_id = new_id()
        self._put(Resident, id=resident_id, community_id=self._community.id, household_id=who.household_id,
                  name=who.name, called=who.called, language=who.language, reading=who.reading,
                  birth_year=who.birth_year, pace=who.pace, timbre=who.timbre, call_time=who.call_time,
                  notes=who.notes)  # fmt: skip
        for position, number in enumerate(who.numbers):
            self._put(Phone, id=new_id(), resident_id=resident_id, number=number, position=position)
        for flag in who.flags:
            self._put(ResidentFlag, resident_id=resident_id, flag=flag)
        for each in who.relatives:
            self._put(Relative, id=new_id(), resident_id=resident_id, name=each.name, number=each.number,
                      relation=each.relation, email=each.email, language=who.language, wants=each.wants)  # fmt: skip
        if who.agreed:
            self._put(Consent, resident_id=resident_id, **consenting.consent_values(self._actor, who.agreed))
        if who.refused:
            said = consenting.opt_out_values(self._actor, OptOutSource.LIST, by="", how=who.refused)
            self._put(OptOut, resident_id=resident_id, **said)
        self._enrolled[resident_id] = {"agreed": bool(who.agreed)}
        return resident_id

    def store(self) -> None:
        """Stores everybody who was added since the last time; one statement for each table."""
        for table, rows in self._rows.items():
            if rows:
                self._session.execute(insert(table), rows)
                rows.clear()
        events.append_all(self._session, self._actor, "resident.enrolled", self._enrolled)
        self._enrolled.clear()

    def _put(self, table: type[Base], **values: Any) -> None:
        self._rows[table].append(values)
