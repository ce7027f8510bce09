"""Every SELECT of residents who may be, or are, one person that was written down twice."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from contacts.models import Pause, Phone, Resident, ResidentListMember, ResidentsToldApart
from contacts.queries import AT_HOME


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
    first, second = aliased(Phone), aliased(Phone)
    pairs = (
        select(first.resident_id, second.resident_id)
        .join(second, (second.number == first.number) & (second.resident_id > first.resident_id))
        .where(first.resident_id.in_(_here(community_id)), second.resident_id.in_(_here(community_id)))
        .distinct()
    )
    return [(one, other) for one, other in session.execute(pairs)]


def namesakes(session: Session, community_id: UUID) -> Sequence[Sequence[UUID]]:
    """Residents who are looked after and have the same name, together."""
    here = (Resident.community_id == community_id, Resident.removed_at.is_(None))
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


def _here(community_id: UUID) -> Select[UUID]:
    return select(Resident.id).where(Resident.community_id == community_id, Resident.removed_at.is_(None))
