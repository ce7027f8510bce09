"""Every SELECT of residents who may be, or are, one person that was written down twice."""

from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from contacts.models import Household, Pause, Phone, Resident, ResidentList, ResidentListMember, ResidentsToldApart
from contacts.queries import AT_HOME, IN_FULL


class Housed(NamedTuple):
    """A resident by what duplicates have in common; ``area_id`` is the innermost area around their home."""

    resident_id: UUID
    name: str
    household_id: UUID
    area_id: UUID


def merged_into(session: Session, resident_id: UUID) -> Sequence[UUID]:
    """Those who are one with this resident, and those who were one with them."""
    found: list[UUID] = []
    level = [resident_id]
    while level:
        theirs = select(Resident.id).where(Resident.merged_into_id.in_(level)).order_by(Resident.id)
        level = list(session.scalars(theirs))
        found += level
    return found


def with_one_telephone(session: Session, community_id: UUID) -> Sequence[tuple[UUID, UUID]]:
    """Pairs of residents who are looked after and have a telephone in common, the one enrolled first in front."""
    theirs = select(Phone.number).join(Resident, Resident.id == Phone.resident_id).where(*_looked_after(community_id))
    several = theirs.group_by(Phone.number).having(func.count() > 1)
    shared = theirs.add_columns(Phone.resident_id).where(Phone.number.in_(several)).order_by(Phone.resident_id)
    by_number: dict[str, list[UUID]] = {}
    for number, resident_id in session.execute(shared):
        by_number.setdefault(number, []).append(resident_id)
    return sorted({pair for people in by_number.values() for pair in combinations(people, 2)})


def namesakes(session: Session, community_id: UUID) -> Sequence[Sequence[UUID]]:
    """Residents who are looked after and have the same name, together."""
    here = _looked_after(community_id)
    several = select(Resident.name).where(*here).group_by(Resident.name).having(func.count() > 1)
    alike: dict[str, list[UUID]] = {}
    named = select(Resident.name, Resident.id).where(*here, Resident.name.in_(several)).order_by(Resident.id)
    for name, resident_id in session.execute(named):
        alike.setdefault(name, []).append(resident_id)
    return list(alike.values())


def told_apart(session: Session, community_id: UUID) -> set[tuple[UUID, UUID]]:
    """Pairs of residents of whom staff have said that they are two people, the lower id in front."""
    told = select(ResidentsToldApart.first_id, ResidentsToldApart.second_id)
    return {
        (one, other) for one, other in session.execute(told.where(ResidentsToldApart.first_id.in_(_here(community_id))))
    }


def latest_told_apart(session: Session, community_id: UUID, most: int, offset: int) -> Sequence[ResidentsToldApart]:
    """Some of these pairs, both of whom are still looked after, the latest first."""
    pairs = _apart(community_id).order_by(ResidentsToldApart.at.desc(), ResidentsToldApart.first_id,
                                          ResidentsToldApart.second_id)  # fmt: skip
    return session.scalars(pairs.limit(most).offset(offset)).all()


def count_told_apart(session: Session, community_id: UUID) -> int:
    """How many there are of them."""
    return session.scalar(select(func.count()).select_from(_apart(community_id).subquery())) or 0


def housed(session: Session, ids: Sequence[UUID]) -> dict[UUID, Housed]:
    """Where each of these lives."""
    found = session.execute(
        select(Resident.id, Resident.name, Resident.household_id, Household.area_id)
        .join(Household, Household.id == Resident.household_id)
        .where(Resident.id.in_(ids))
    )
    return {each.resident_id: each for each in map(Housed._make, found)}


def residents_in_full(session: Session, ids: Sequence[UUID]) -> dict[UUID, Resident]:
    """These residents with everything that is written down about them."""
    found = session.scalars(select(Resident).where(Resident.id.in_(ids)).options(*AT_HOME, *IN_FULL))
    return {each.id: each for each in found}


def residents_at_home(session: Session, ids: Sequence[UUID]) -> dict[UUID, Resident]:
    """These residents with their homes and telephones."""
    found = session.scalars(select(Resident).where(Resident.id.in_(ids)).options(*AT_HOME))
    return {each.id: each for each in found}


def pauses_of(session: Session, resident_id: UUID) -> Sequence[Pause]:
    """All absences of a resident, past ones too."""
    return session.scalars(select(Pause).where(Pause.resident_id == resident_id)).all()


def memberships(session: Session, resident_id: UUID) -> Sequence[ResidentListMember]:
    """The lists on which a resident stands."""
    return session.scalars(select(ResidentListMember).where(ResidentListMember.resident_id == resident_id)).all()


def lists_of(session: Session, resident_id: UUID) -> Sequence[str]:
    """The names of the lists on which a resident stands."""
    on = select(ResidentListMember.list_id).where(ResidentListMember.resident_id == resident_id)
    return session.scalars(select(ResidentList.name).where(ResidentList.id.in_(on)).order_by(ResidentList.name)).all()


def _apart(community_id: UUID) -> Select[ResidentsToldApart]:
    here = _here(community_id)
    return select(ResidentsToldApart).where(ResidentsToldApart.first_id.in_(here),
                                            ResidentsToldApart.second_id.in_(here))  # fmt: skip


def _here(community_id: UUID) -> Select[UUID]:
    return select(Resident.id).where(*_looked_after(community_id))


def _looked_after(community_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return (Resident.community_id == community_id, Resident.removed_at.is_(None))
