"""Every SELECT of homes and areas as things of their own: who lives there, and what lies in them."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from contacts.models import Area, AreaKind, Household, Resident, ResponderArea
from contacts.queries import AT_HOME


def people_at(session: Session, household_id: UUID) -> Sequence[Resident]:
    """Who lives in a home, in the order of enrolment; nobody who has been removed."""
    here = (Resident.household_id == household_id, Resident.removed_at.is_(None))
    return session.scalars(select(Resident).where(*here).options(*AT_HOME).order_by(Resident.id)).all()


def held_people_at(session: Session, household_id: UUID) -> Sequence[Resident]:
    """The same, held until the transaction ends."""
    here = (Resident.household_id == household_id, Resident.removed_at.is_(None))
    return session.scalars(select(Resident).where(*here).order_by(Resident.id).with_for_update()).all()


def hold_households(session: Session, ids: Collection[UUID]) -> dict[UUID, Household]:
    """Those of these homes that exist, held until the transaction ends, always in the same order."""
    held = select(Household).where(Household.id.in_(ids)).order_by(Household.id).with_for_update()
    return {each.id: each for each in session.scalars(held.execution_options(populate_existing=True))}


def counts_of_people(session: Session, household_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many residents who are looked after live in each of these homes that has any."""
    theirs = select(Resident.household_id, func.count()).where(
        Resident.household_id.in_(household_ids), Resident.removed_at.is_(None)
    )
    return dict(session.execute(theirs.group_by(Resident.household_id)).all())


def hold_area(session: Session, area_id: UUID) -> Area | None:
    """The area, held until the transaction ends."""
    return session.get(Area, area_id, with_for_update=True, populate_existing=True)


def areas_named(session: Session, community_id: UUID, kind: AreaKind, name: str) -> Sequence[Area]:
    """The areas of this kind and name, wherever they lie."""
    named = (Area.community_id == community_id, Area.kind == kind, Area.name == name)
    return session.scalars(select(Area).where(*named).order_by(Area.id)).all()


def is_in_use(session: Session, area_id: UUID) -> bool:
    """Whether anything lies in an area, or anybody looks after it."""
    used = or_(
        exists().where(Area.parent_id == area_id),
        exists().where(Household.area_id == area_id),
        exists().where(ResponderArea.area_id == area_id),
    )
    return bool(session.scalar(select(used)))
