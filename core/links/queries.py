"""Every SELECT of signed links."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.links.models import Link


def with_digest(session: Session, digest: str) -> Link | None:
    """The link whose token has this digest, however it stands."""
    return session.scalars(select(Link).where(Link.digest == digest)).one_or_none()


def of_holder(session: Session, purpose: str, about_id: UUID, holder_id: UUID) -> Sequence[Link]:
    """The links of one person about one thing, the latest first."""
    theirs = (Link.about_id == about_id, Link.holder_id == holder_id, Link.purpose == purpose)
    return session.scalars(select(Link).where(*theirs).order_by(Link.made_at.desc(), Link.id.desc())).all()


def made_since(session: Session, purpose: str, about_id: UUID, holder_id: UUID, since: datetime) -> int:
    """How many links one person was given about one thing since a real instant."""
    theirs = (Link.about_id == about_id, Link.holder_id == holder_id, Link.purpose == purpose)
    return session.scalar(select(func.count()).select_from(Link).where(*theirs, Link.made_at >= since)) or 0
