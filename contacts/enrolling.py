"""Enrolling: brings the residents of the database to what the rows of a spreadsheet say."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from contacts import consenting, names, queries
from contacts.columns import Field
from contacts.community import area
from contacts.consent_words import Answer
from contacts.consenting import ByList
from contacts.entries import ConsentCell, RelativeEntry, ResidentEntry
from contacts.models import Area, Community, Household, Phone, Relative, Resident, ResidentFlag, Wants
from contacts.profiles import Address, address_of
from contacts.sheets import Spot
from core.actors import Actor
from core.database import Base
from core.ids import new_id
from core.timbre import Timbre


class Change(StrEnum):
    """What a row has done."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


class ConsentChange(StrEnum):
    """What a row has done to a resident's consent."""

    NOTHING = "nothing"
    AGREED = "agreed"
    AGREED_FOR_ALL = "agreed_for_all"
    """The row is silent, and what is said for the whole file holds."""
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    """They had not agreed before either."""
    LEFT = "left"
    """The row is silent about a consent that there is, which therefore stays."""
    STILL_OUT = "still_out"
    """The row or the whole file says yes, but they have opted out, or the list has refused for them."""


class Enrolment(NamedTuple):
    """What a row has done, and to whom."""

    change: Change
    resident: Resident
    consent: ConsentChange


@dataclass(frozen=True)
class Register:
    """The residents and homes of a community as they were before the import, and homes as they come to be.

    ``gone`` are those who have been removed, by name and home and by name and first telephone. ``actor`` imports.
    """

    session: Session
    community: Community
    actor: Actor
    by_home: dict[tuple[str, Address], Resident]
    by_phone: dict[tuple[str, str], Resident]
    home_of: dict[UUID, tuple[str, Address]]
    gone: dict[tuple[str, Address | str], Resident]
    homes: dict[Address, Household]
    areas: dict[tuple[str, str], Area]


_CHANGES = {ConsentChange.AGREED, ConsentChange.AGREED_FOR_ALL, ConsentChange.WITHDRAWN, ConsentChange.REFUSED}
_YES = {
    ByList.NOTHING_NEW: ConsentChange.NOTHING,
    ByList.DONE: ConsentChange.AGREED,
    ByList.OPTED_OUT: ConsentChange.STILL_OUT,
}


def open_register(session: Session, community: Community, actor: Actor) -> Register:
    """The register of a community; a fixed number of statements and one for each five hundred residents."""
    tree = queries.areas(session, community.id)
    register = Register(session, community, actor, {}, {}, {}, {}, {}, {})
    for household in queries.households(session, community.id):
        register.homes[address_of(household, tree)] = household
    for resident in queries.residents_in_full(session, community.id):
        key = (names.tidy(resident.name), address_of(resident.household, tree))
        register.by_home.setdefault(key, resident)
        register.home_of[resident.id] = key
        for phone in resident.phones[:1]:
            register.by_phone.setdefault((names.tidy(resident.name), phone.number), resident)
    for resident in queries.removed_residents(session, community.id):
        register.gone[names.tidy(resident.name), address_of(resident.household, tree)] = resident
        for phone in resident.phones[:1]:
            register.gone[names.tidy(resident.name), phone.number] = resident
    return register


def recognised(register: Register, entries: list[ResidentEntry]) -> dict[Spot, Resident]:
    """The residents that rows speak of: same name and home, or else same name and first telephone.

    Whoever is named with their home by one row is never taken for somebody in another.
    """
    named = {(entry.name, entry.address) for entry in entries}
    found = {}
    for entry in entries:
        known = register.by_home.get((entry.name, entry.address))
        moved = register.by_phone.get((entry.name, entry.numbers[0]))
        if known is None and moved is not None and register.home_of[moved.id] not in named:
            known = moved
        if known is not None:
            found[entry.row] = known
    return found


def enrol(register: Register, entry: ResidentEntry, known: Resident | None, consent: str | None) -> Enrolment:
    """Stores what a row says; ``consent`` is the statement that holds for the whole file."""
    household = _household(register, entry)
    resident = known or _new(register, entry, household)
    changed = [
        _set(household, _told(access_notes=entry.access_notes)),
        _set(resident, _particulars(entry, resident, household)),
        _number(register.session, resident, entry),
        _flag(register.session, resident, entry),
        _relate(register.session, resident, entry),
    ]
    agreed = _agree(register, resident, entry.consent, consent)
    changed.append(agreed in _CHANGES)
    change = Change.ADDED if known is None else Change.CHANGED if any(changed) else Change.UNCHANGED
    return Enrolment(change, resident, agreed)


def _new(register: Register, entry: ResidentEntry, household: Household) -> Resident:
    resident = Resident(
        id=new_id(),
        community_id=register.community.id,
        household=household,
        name=entry.name,
        called=entry.called or entry.name,
        language=entry.language or register.community.language,
        notes="",
        phones=[],
        flags=[],
        consents=[],
        opt_outs=[],
        relatives=[],
    )
    register.session.add(resident)
    return resident


def _household(register: Register, entry: ResidentEntry) -> Household:
    if found := register.homes.get(entry.address):
        return found
    building, unit = entry.address.building, entry.address.unit
    if (building, unit) not in register.areas:
        register.areas[building, unit] = area(register.session, register.community, building, unit)
    household = Household(
        community_id=register.community.id,
        area=register.areas[building, unit],
        room=entry.address.room,
        access_notes="",
    )
    register.session.add(household)
    register.homes[entry.address] = household
    return household


def _particulars(entry: ResidentEntry, resident: Resident, household: Household) -> Mapping[str, Any]:
    """What the row tells of the person: an emptied cell empties it, a missing column leaves it as it is."""
    told = _told(name=entry.name, notes=entry.notes, language=entry.language) | {"household": household}
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
            name=entry.name,
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
