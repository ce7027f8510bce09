"""Every SELECT of who lives where, as few columns as a page of the whole community needs."""

from collections import defaultdict
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, select, type_coerce, union
from sqlalchemy.orm import InstrumentedAttribute, Session

from contacts.models import Area, Household, Phone, Relative, Resident, Responder, Wants
from contacts.profiles import way_in
from contacts.queries import agreed, is_good
from contacts.queries.numbers import helping
from core.ids import RecurringId


class AtHome(NamedTuple):
    """A resident and their home; ``area_id`` is the innermost area around it, ``access_notes`` the whole way in."""

    resident_id: UUID
    name: str
    called: str
    area_id: UUID
    room: str
    access_notes: str


@dataclass(frozen=True)
class Directory:
    """Everybody of a community, who was removed too; ``numbers`` are E.164 in the order in which they are tried."""

    people: list[AtHome]
    numbers: dict[UUID, list[str]]


class Place(NamedTuple):
    """An area as it is in the tree."""

    kind: str
    name: str
    parent_id: UUID | None


def directory(session: Session, community_id: UUID) -> Directory:
    """Everybody, in the order of enrolment; two statements, however many they are."""
    people = session.execute(
        select(
            _id(Resident.id),
            Resident.name,
            Resident.called,
            _id(Household.area_id),
            Household.room,
            Household.access_notes,
            Household.key_holder,
            Household.key_holder_number,
            Resident.language,
        )
        .join(Household, Household.id == Resident.household_id)
        .where(Resident.community_id == community_id)
        .order_by(Resident.id)
    )
    phones = session.execute(
        select(_id(Phone.resident_id), Phone.number)
        .join(Resident, Resident.id == Phone.resident_id)
        .where(Resident.community_id == community_id, is_good())
        .order_by(Phone.position)
    )
    numbers: defaultdict[UUID, list[str]] = defaultdict(list)
    for resident_id, number in phones:
        numbers[resident_id].append(number)
    return Directory([AtHome(*each[:5], way_in(*each[5:])) for each in people], dict(numbers))


def places(session: Session, community_id: UUID) -> dict[UUID, Place]:
    """The whole tree of areas."""
    found = session.execute(
        select(_id(Area.id), Area.kind, Area.name, _id(Area.parent_id)).where(Area.community_id == community_id)
    )
    return {area_id: Place(kind, name, parent_id) for area_id, kind, name, parent_id in found}


def helpers_at_home(session: Session, community_id: UUID) -> dict[UUID, frozenset[str]]:
    """By resident, the numbers of responders that are their own or of somebody who lives with them.

    Two statements: there are few such numbers, and each is looked up first.
    """
    theirs = (
        select(number).where(Responder.community_id == community_id, helping(), number.is_not(None))
        for number in (Responder.number, Responder.second_number)
    )
    shared = (
        select(Resident.household_id, Phone.number)
        .join(Phone, Phone.resident_id == Resident.id)
        .where(Phone.number.in_(union(*theirs)))
    )
    by_home: defaultdict[UUID, set[str]] = defaultdict(set)
    for household_id, number in session.execute(shared):
        by_home[household_id].add(number)
    living = select(Resident.id, Resident.household_id).where(Resident.household_id.in_(by_home))
    return {resident_id: frozenset(by_home[home]) for resident_id, home in session.execute(living)} if by_home else {}


def relatives(session: Session, community_id: UUID) -> dict[UUID, list[Relative]]:
    """By resident who has agreed, those who are close to them and want to be told of them."""
    found = session.scalars(
        select(Relative)
        .join(Resident, Resident.id == Relative.resident_id)
        .where(Resident.community_id == community_id, Relative.wants != Wants.NOTHING, agreed())
        .order_by(Relative.id)
    )
    by_resident: defaultdict[UUID, list[Relative]] = defaultdict(list)
    for each in found:
        by_resident[each.resident_id].append(each)
    return dict(by_resident)


def _id(column: InstrumentedAttribute[UUID] | InstrumentedAttribute[UUID | None]) -> ColumnElement[UUID]:
    return type_coerce(column, RecurringId())
