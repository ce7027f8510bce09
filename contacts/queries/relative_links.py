"""Every SELECT of how relatives have used their links."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.links.models import LinkUse


def last_used(session: Session, link_id: UUID) -> datetime | None:
    """The last instant (real time) at which something was done by a link."""
    return session.scalar(select(func.max(LinkUse.at)).where(LinkUse.link_id == link_id))
