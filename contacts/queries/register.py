"""Every SELECT of lists: what an import compares its rows with, as little as recognises somebody, and an export."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session, selectinload

from contacts.models import Household, Pause, Phone, Relative, Resident
from contacts.queries import AT_HOME, IN_FULL, resident_ids


class KnownHome(NamedTuple):
    """A home; ``area_id`` is the innermost area around it."""

    household_id: UUID
    area_id: UUID
    room: str
    access_notes: str
    key_holder: str
    key_holder_number: str | None


class KnownPerson(NamedTuple):
    """A resident, with their home and first telephone (E.164); ``removed_at`` None: they are looked after."""

    resident_id: UUID
    name: str
    area_id: UUID
    room: str
    number: str | None
    removed_at: datetime | None
    removed_because: str | None


def homes(session: Session, community_id: UUID) -> Iterator[KnownHome]:
    """Every home of a community."""
    columns = (Household.id, Household.area_id, Household.room, Household.access_notes, Household.key_holder,
               Household.key_holder_number)  # fmt: skip
    return map(KnownHome._make, session.execute(select(*columns).where(Household.community_id == community_id)))


def people(session: Session, community_id: UUID) -> Iterator[KnownPerson]:
    """Everybody of a community, who was removed too: in the order of their removal, then of enrolment."""
    first = and_(Phone.resident_id == Resident.id, Phone.position == 0)
    found = session.execute(
        select(Resident.id, Resident.name, Household.area_id, Household.room, Phone.number, Resident.removed_at,
               Resident.removed_because)
        .join(Household, Household.id == Resident.household_id)
        .outerjoin(Phone, first)
        .where(Resident.community_id == community_id)
        .order_by(Resident.removed_at, Resident.id)
    )  # fmt: skip
    return map(KnownPerson._make, found)


def in_full(session: Session, ids: Sequence[UUID]) -> dict[UUID, Resident]:
    """These residents with everything that a spreadsheet tells of them; a few statements."""
    whole = (Resident.phones, Resident.flags, Resident.consents, Resident.opt_outs, Resident.relatives)
    found = session.scalars(select(Resident).where(Resident.id.in_(ids)).options(*map(selectinload, whole)))
    return {each.id: each for each in found}


def residents_by_turns(session: Session, community_id: UUID, at_once: int) -> Iterator[Sequence[Resident]]:
    """All residents with everything that a spreadsheet tells, so many at a time, in the order of enrolment.

    The session forgets whomever it held when the next have their turn.
    """
    ids = resident_ids(session, community_id)
    for start in range(0, len(ids), at_once):
        some = select(Resident).where(Resident.id.in_(ids[start : start + at_once])).options(*AT_HOME, *IN_FULL)
        yield session.scalars(some.order_by(Resident.id)).all()
        session.expunge_all()


def most_relatives(session: Session, community_id: UUID) -> int:
    """How many relatives whoever has most of them has; nobody removed is counted."""
    theirs = (
        select(func.count())
        .select_from(Relative)
        .join(Resident, Resident.id == Relative.resident_id)
        .where(Resident.community_id == community_id, Resident.removed_at.is_(None))
        .group_by(Relative.resident_id)
        .subquery()
    )
    return session.scalar(select(func.max(theirs.c[0]))) or 0


def was_ended(session: Session, resident_id: UUID, first_day: date, today: date) -> bool:
    """Whether a pause of the resident's that began on that day is over."""
    over = (Pause.resident_id == resident_id, Pause.first_day == first_day, Pause.last_day < today)
    return bool(session.scalar(select(exists().where(*over))))


def next_pauses(session: Session, resident_ids: Sequence[UUID], today: date) -> dict[UUID, Pause]:
    """By resident, the first pause of theirs that is not over."""
    not_over = or_(Pause.last_day.is_(None), Pause.last_day >= today)
    found = select(Pause).where(Pause.resident_id.in_(resident_ids), not_over)
    latest_first = session.scalars(found.order_by(Pause.first_day.desc(), Pause.id.desc()))
    return {pause.resident_id: pause for pause in latest_first}
