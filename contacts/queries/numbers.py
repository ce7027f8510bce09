"""Every SELECT of telephones that several people have, or that have to be corrected."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, null, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from contacts.models import Phone, RefusedNumber, Relative, Resident, Responder


@dataclass(frozen=True)
class SharedNumber:
    """A telephone (E.164) that is a responder's and a resident's at once."""

    number: str
    responder: str
    role: str
    resident: str


@dataclass(frozen=True)
class NumberInHomes:
    """A telephone (E.164) that ``residents`` of more than one home have."""

    number: str
    residents: tuple[str, ...]


@dataclass(frozen=True)
class NumberToCorrect:
    """A telephone that the provider refuses to ring, with whose it is: a resident's or a responder's (the other None).

    ``number`` is E.164, ``code`` the provider's reason.
    """

    number: str
    code: int
    refused_at: datetime
    name: str
    resident_id: UUID | None
    responder_id: UUID | None


def numbers_to_correct(session: Session, community_id: UUID) -> Sequence[NumberToCorrect]:
    """Telephones of residents and responders that the provider refuses to ring, the longest known first."""
    whose = (
        select(RefusedNumber, Resident.name, Resident.id, null())
        .join(Phone, Phone.number == RefusedNumber.number)
        .join(Resident, Resident.id == Phone.resident_id)
        .where(Resident.community_id == community_id, Resident.removed_at.is_(None)),
        select(RefusedNumber, Responder.name, null(), Responder.id)
        .join(Responder, responders_own(RefusedNumber.number))
        .where(Responder.community_id == community_id, helping()),
    )
    found = (row for each in whose for row in session.execute(each))
    marks = [
        NumberToCorrect(mark.number, mark.code, mark.refused_at, name, resident_id, responder_id)
        for mark, name, resident_id, responder_id in found
    ]
    return sorted(marks, key=lambda mark: (mark.refused_at, mark.name))


def somebodys(number: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """Whether a resident, a relative or a responder has this number, to be used inside another statement."""
    return or_(
        *(exists().where(each.number == number) for each in (Phone, Relative)),
        exists().where(responders_own(number), helping()),
    )


def helping() -> ColumnElement[bool]:
    """Whether a responder helps still, to be used inside another statement."""
    return Responder.removed_at.is_(None)


def responders_own(number: InstrumentedAttribute[str] | str) -> ColumnElement[bool]:
    """Whether a responder has this telephone, first or second, to be used inside another statement."""
    return or_(Responder.number == number, Responder.second_number == number)


def shared_numbers(session: Session, community_id: UUID) -> Sequence[SharedNumber]:
    """Telephones that are a responder's and a resident's at once, in the order in which responders were written."""
    shared = (
        select(Phone.number, Responder.name, Responder.role, Resident.name)
        .join(Phone, responders_own(Phone.number))
        .join(Resident, Resident.id == Phone.resident_id)
        .where(Responder.community_id == community_id, helping(), Resident.removed_at.is_(None))
        .order_by(Responder.id, Phone.number != Responder.number, Resident.id)
    )
    return [SharedNumber(*row) for row in session.execute(shared)]


def numbers_in_several_homes(session: Session, community_id: UUID) -> Sequence[NumberInHomes]:
    """Telephones that residents of more than one home have, with their names in the order of enrolment."""
    theirs = (
        select(Phone.number, Resident.name)
        .join(Resident, Resident.id == Phone.resident_id)
        .where(Resident.community_id == community_id, Resident.removed_at.is_(None))
        .order_by(Resident.id)
    )
    several = (
        theirs.with_only_columns(Phone.number)
        .order_by(None)
        .group_by(Phone.number)
        .having(func.count(Resident.household_id.distinct()) > 1)
    )
    found: dict[str, list[str]] = {}
    for number, name in session.execute(theirs.where(Phone.number.in_(several))):
        found.setdefault(number, []).append(name)
    return [NumberInHomes(number, tuple(names)) for number, names in found.items()]


def names_with_numbers(session: Session, numbers: Sequence[str]) -> Sequence[str]:
    """Residents, relatives and responders who have one of these numbers."""
    enrolled = select(Resident.name).join(Phone, Phone.resident_id == Resident.id)
    named = (
        enrolled.where(Phone.number.in_(numbers), Resident.removed_at.is_(None)),
        select(Relative.name).where(Relative.number.in_(numbers)),
        select(Responder.name).where(
            helping(), or_(Responder.number.in_(numbers), Responder.second_number.in_(numbers))
        ),
    )
    return [name for each in named for name in session.scalars(each)]
