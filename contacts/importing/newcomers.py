"""Newcomers: the residents of a list whom nobody knew, stored many at a time."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert

from contacts.columns.consent_words import Answer
from contacts.importing.enrolment import Change, ConsentChange, Enrolment
from contacts.importing.register import Register
from contacts.models import (
    Consent,
    OptOut,
    OptOutSource,
    Phone,
    Relative,
    Resident,
    ResidentFlag,
    Wants,
)
from contacts.people import consent as consenting
from contacts.rows.entries import ResidentEntry
from core.ids import new_id
from core.storage.database import Base
from core.timbre import Timbre

_ORDER: tuple[type[Base], ...] = (Resident, Phone, ResidentFlag, OptOut, Consent, Relative)
"""Rows come after those that they refer to."""


class Newcomers:
    """Rows to be stored; ``consent`` is the statement that holds for the whole file."""

    def __init__(self, register: Register, consent: str | None) -> None:
        self._register = register
        self._consent = consent
        self._rows: dict[type[Base], list[dict[str, Any]]] = {table: [] for table in _ORDER}

    def add(self, entry: ResidentEntry) -> Enrolment:
        """Takes somebody into a home that there is; ``store`` stores them."""
        resident_id = new_id()
        community = self._register.community
        language = entry.language or community.language
        called = entry.called or entry.name
        self._put(Resident, _particulars(entry), id=resident_id, community_id=community.id, called=called,
                  household_id=self._register.homes[entry.address].household_id, language=language)  # fmt: skip
        for position, number in enumerate(entry.numbers):
            self._put(Phone, id=new_id(), resident_id=resident_id, number=number, position=position)
        for flag in entry.flags or ():
            self._put(ResidentFlag, resident_id=resident_id, flag=flag)
        for each in entry.relatives or ():
            self._put(Relative, id=new_id(), resident_id=resident_id, name=each.called(language), number=each.number,
                      relation=each.relation or "", language=language, wants=each.wants or Wants.PROBLEMS)  # fmt: skip
        self._register.note_access(entry)
        change = self._agree(entry, resident_id=resident_id)
        agreed = change in {ConsentChange.AGREED, ConsentChange.AGREED_FOR_ALL}
        return Enrolment(
            Change.ADDED, resident_id, entry.name, called, language, change, agreed, reading=entry.reading or ""
        )

    def store(self) -> None:
        """Stores everybody who was added since the last time; one statement for each table."""
        for table, rows in self._rows.items():
            if rows:
                self._register.session.execute(insert(table), rows)
                rows.clear()

    def _agree(self, entry: ResidentEntry, **whose: Any) -> ConsentChange:
        """As for whoever is known; nobody new has agreed to anything or refused it yet."""
        actor, cell = self._register.actor, entry.consent
        answer = cell.answer if cell else Answer.NOTHING
        if cell and answer is Answer.NO:
            refusal = consenting.opt_out_values(actor, OptOutSource.LIST, by="", how=cell.words)
            self._put(OptOut, refusal, **whose)
            return ConsentChange.REFUSED
        statement = cell.words if cell and answer is Answer.YES else self._consent
        if answer is Answer.UNCLEAR or not statement:
            return ConsentChange.NOTHING
        self._put(Consent, consenting.consent_values(actor, statement), **whose)
        return ConsentChange.AGREED if answer is Answer.YES else ConsentChange.AGREED_FOR_ALL

    def _put(self, table: type[Base], values: Mapping[str, Any] | None = None, **more: Any) -> None:
        self._rows[table].append({**(values or {}), **more})


def _particulars(entry: ResidentEntry) -> dict[str, Any]:
    return {
        "name": entry.name,
        "reading": entry.reading or "",
        "birth_year": entry.birth_year,
        "pace": entry.pace,
        "timbre": entry.voice or Timbre.USUAL,
        "call_time": entry.call_time,
        "notes": entry.notes or "",
    }
