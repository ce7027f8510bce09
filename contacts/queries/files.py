"""Every SELECT of one person's file, as a page or a program of their community reads it."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from contacts.models import Relative, Resident
from contacts.queries import AT_HOME, IN_FULL


def resident_in_full(session: Session, resident_id: UUID, community_id: UUID) -> Resident | None:
    """A resident of this community with everything that is known of them, as it stands now."""
    found = select(Resident).where(Resident.id == resident_id, Resident.community_id == community_id)
    fresh = found.options(*AT_HOME, *IN_FULL).execution_options(populate_existing=True)
    return session.scalars(fresh).one_or_none()


def relative(session: Session, relative_id: UUID, community_id: UUID) -> Relative | None:
    """A relative of somebody in this community."""
    found = select(Relative).join(Resident, Resident.id == Relative.resident_id)
    return session.scalars(found.where(Relative.id == relative_id, Resident.community_id == community_id)).one_or_none()
