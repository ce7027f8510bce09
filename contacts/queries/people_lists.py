"""Every SELECT of lists of people to look somebody up in: as few columns as that needs, and the rest of one page."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import String, select, type_coerce
from sqlalchemy.orm import Session

from contacts.models import Household, Pause, Phone, PhoneState, Resident, ResidentFlag
from contacts.queries import covering
from core.ids import RecurringId


class ListedPerson(NamedTuple):
    """A resident by whom they can be found; ``area_id`` is the innermost area around their home."""

    resident_id: UUID
    name: str
    called: str
    reading: str
    birth_year: int | None
    language: str
    area_id: UUID
    room: str
    household_id: UUID
    is_gone: bool


@dataclass(frozen=True)
class ListedPhone:
    """A telephone (E.164), and whether it may be rung."""

    number: str
    state: PhoneState


def everybody(session: Session, community_id: UUID) -> list[ListedPerson]:
    """Everybody of a community, who was removed too, in the order of enrolment; nobody erased. One statement."""
    found = session.execute(
        select(type_coerce(Resident.id, RecurringId()), Resident.name, Resident.called, Resident.reading,
               Resident.birth_year, type_coerce(Resident.language, String),
               type_coerce(Household.area_id, RecurringId()), Household.room,
               type_coerce(Resident.household_id, RecurringId()), Resident.removed_at.is_not(None))
        .join(Household, Household.id == Resident.household_id)
        .where(Resident.community_id == community_id, Resident.erased_at.is_(None))
        .order_by(Resident.id)
    )  # fmt: skip
    return list(map(ListedPerson._make, found))


def numbers(session: Session, community_id: UUID) -> dict[UUID, list[str]]:
    """By resident, all telephones (E.164) of theirs, whatever is wrong with them."""
    found = session.execute(
        select(type_coerce(Phone.resident_id, RecurringId()), Phone.number)
        .join(Resident, Resident.id == Phone.resident_id)
        .where(Resident.community_id == community_id)
    )
    by_resident: defaultdict[UUID, list[str]] = defaultdict(list)
    for resident_id, number in found:
        by_resident[resident_id].append(number)
    return dict(by_resident)


def flagged_with(session: Session, community_id: UUID, flag: str) -> frozenset[UUID]:
    """Who carries a flag."""
    theirs = select(ResidentFlag.resident_id).join(Resident, Resident.id == ResidentFlag.resident_id)
    return frozenset(session.scalars(theirs.where(Resident.community_id == community_id, ResidentFlag.flag == flag)))


def phones_of(session: Session, ids: Collection[UUID]) -> dict[UUID, list[ListedPhone]]:
    """By resident, the telephones of these, the first to be tried first."""
    found: defaultdict[UUID, list[ListedPhone]] = defaultdict(list)
    theirs = select(Phone).where(Phone.resident_id.in_(ids)).order_by(Phone.position)
    for each in session.scalars(theirs):
        found[each.resident_id].append(ListedPhone(each.number, each.state))
    return dict(found)


def flags_of(session: Session, ids: Collection[UUID]) -> dict[UUID, list[str]]:
    """By resident, the flags of these in order."""
    found: defaultdict[UUID, list[str]] = defaultdict(list)
    theirs = select(ResidentFlag).where(ResidentFlag.resident_id.in_(ids)).order_by(ResidentFlag.flag)
    for each in session.scalars(theirs):
        found[each.resident_id].append(each.flag)
    return dict(found)


def pauses_now(session: Session, ids: Sequence[UUID], on: date) -> dict[UUID, Pause]:
    """By resident, the pause of each of these that covers this day of community time."""
    theirs = select(Pause).where(Pause.resident_id.in_(ids), *covering(on)).order_by(Pause.first_day.desc())
    return {each.resident_id: each for each in session.scalars(theirs)}
