"""Enrolling: brings residents who are known to what the rows of a spreadsheet say."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from contacts.columns.columns import Field
from contacts.columns.consent_words import Answer, ConsentCell
from contacts.importing import remarks
from contacts.importing.enrolment import Change, ConsentChange, Enrolment
from contacts.importing.register import Register
from contacts.models import Phone, Relative, Resident, ResidentFlag, Wants
from contacts.people import consent as consenting
from contacts.people.consent import ByList
from contacts.rows.entries import RelativeEntry, ResidentEntry
from core.ids import new_id
from core.storage.database import Base
from core.timbre import Timbre

_CHANGES = {ConsentChange.AGREED, ConsentChange.AGREED_FOR_ALL, ConsentChange.WITHDRAWN, ConsentChange.REFUSED}
_YES = {
    ByList.NOTHING_NEW: ConsentChange.NOTHING,
    ByList.DONE: ConsentChange.AGREED,
    ByList.OPTED_OUT: ConsentChange.STILL_OUT,
}


def enrol(register: Register, entry: ResidentEntry, known: Resident, consent: str | None) -> Enrolment:
    """Stores what a row says of somebody known, in a home that there is; ``consent`` holds for the whole file."""
    household_id = register.homes[entry.address].household_id
    changed = [
        _set(known, _particulars(entry, known, household_id)),
        _number(register.session, known, entry),
        _flag(register.session, known, entry),
        _relate(register.session, known, entry),
        register.note_access(entry),
    ]
    done = _agree(register, known, entry.consent, consent)
    changed.append(done in _CHANGES)
    change = Change.CHANGED if any(changed) else Change.UNCHANGED
    still_out = remarks.still_out(register, entry, known) if done is ConsentChange.STILL_OUT else None
    agreed = bool(consenting.consents_in_force(known))
    return Enrolment(change, known.id, known.name, known.called, known.language, done, agreed, still_out, known.reading)


def _particulars(entry: ResidentEntry, resident: Resident, household_id: UUID) -> Mapping[str, Any]:
    """What the row tells of the person: an emptied cell empties it, a missing column leaves it as it is."""
    told = _told(name=entry.name, notes=entry.notes, language=entry.language) | {"household_id": household_id}
    if entry.called is not None:
        told["called"] = entry.called or entry.name
    if Field.READING in entry.columns:
        told["reading"] = entry.reading or ""
    if Field.BIRTH_YEAR in entry.columns or (
        entry.birth_year and abs(entry.birth_year - (resident.birth_year or 0)) > 1
    ):
        told["birth_year"] = entry.birth_year
    if Field.CALL_TIME in entry.columns:
        told["call_time"] = entry.call_time
    if Field.PACE in entry.columns:
        told["pace"] = entry.pace
    if Field.VOICE in entry.columns:
        told["timbre"] = entry.voice or Timbre.USUAL
    return told


def _number(session: Session, resident: Resident, entry: ResidentEntry) -> bool:
    """The first two numbers are the file's; others stay behind them."""
    before = [phone.number for phone in resident.phones]
    kept = before[2:] if Field.SECOND_PHONE in entry.columns else before[1:]
    after = list(dict.fromkeys([*entry.numbers, *kept]))
    if after == before:
        return False
    for phone in resident.phones:
        session.delete(phone)
    if before:
        session.flush()  # the old positions must be free before they are given away again
    session.add_all(
        Phone(resident_id=resident.id, number=number, position=position) for position, number in enumerate(after)
    )
    return True


def _flag(session: Session, resident: Resident, entry: ResidentEntry) -> bool:
    before = {flag.flag: flag for flag in resident.flags}
    if entry.flags is None or entry.flags == before.keys():
        return False
    for flag in before.keys() - entry.flags:
        session.delete(before[flag])
    session.add_all(ResidentFlag(resident_id=resident.id, flag=flag) for flag in entry.flags - before.keys())
    return True


def _relate(session: Session, resident: Resident, entry: ResidentEntry) -> bool:
    """Relatives are known by their number; whoever is no longer written down is no longer told anything."""
    if entry.relatives is None:
        return False
    before = {relative.number: relative for relative in resident.relatives}
    gone = before.keys() - {each.number for each in entry.relatives} if entry.all_relatives else frozenset[str]()
    for number in gone:
        session.delete(before[number])
    changed = [_keep(session, resident, relative, before.get(relative.number)) for relative in entry.relatives]
    return bool(gone) or any(changed)


def _keep(session: Session, resident: Resident, entry: RelativeEntry, known: Relative | None) -> bool:
    if known is not None:
        return _set(known, _told(name=entry.name, relation=entry.relation, wants=entry.wants))
    session.add(
        Relative(
            id=new_id(),
            resident_id=resident.id,
            name=entry.called(resident.language),
            number=entry.number,
            relation=entry.relation or "",
            language=resident.language,
            wants=entry.wants or Wants.PROBLEMS,
        )
    )
    return True


def _agree(register: Register, resident: Resident, cell: ConsentCell | None, whole_file: str | None) -> ConsentChange:
    """The row's own word goes first; what holds for the whole file never overrules a refusal, nor fills a question."""
    answer = cell.answer if cell else Answer.NOTHING
    if cell and answer is Answer.NO:
        return _refuse(register, resident, cell.words)
    if cell and answer is Answer.YES:
        return _YES[consenting.agree_by_list(resident, register.actor, cell.words)]
    if answer is Answer.UNCLEAR:
        return ConsentChange.NOTHING
    if whole_file and consenting.opt_outs_in_force(resident):
        return ConsentChange.STILL_OUT
    if whole_file:
        done = _YES[consenting.agree_by_list(resident, register.actor, whole_file)]
        return ConsentChange.AGREED_FOR_ALL if done is ConsentChange.AGREED else done
    return ConsentChange.LEFT if cell and consenting.consents_in_force(resident) else ConsentChange.NOTHING


def _refuse(register: Register, resident: Resident, words: str) -> ConsentChange:
    had_agreed = bool(consenting.consents_in_force(resident))
    done = consenting.refuse_by_list(register.session, resident, register.actor, words)
    if done is ByList.NOTHING_NEW:
        return ConsentChange.NOTHING
    return ConsentChange.WITHDRAWN if had_agreed else ConsentChange.REFUSED


def _told(**values: Any) -> dict[str, Any]:
    """Only what the file tells."""
    return {name: value for name, value in values.items() if value is not None}


def _set(target: Base, values: Mapping[str, Any]) -> bool:
    """Sets what differs; whether anything did."""
    differing = {name: value for name, value in values.items() if getattr(target, name) != value}
    for name, value in differing.items():
        setattr(target, name, value)
    return bool(differing)
