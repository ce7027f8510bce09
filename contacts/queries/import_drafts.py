"""Queries for lists that users have sent and may import."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from contacts.models import ImportColumn, ImportDraft


def draft(session: Session, community_id: UUID, user_id: UUID | None, draft_id: UUID) -> ImportDraft | None:
    """The list of this user; None where there is none of theirs."""
    theirs = ImportDraft.user_id.is_(None) if user_id is None else ImportDraft.user_id == user_id
    return session.scalar(
        select(ImportDraft).where(ImportDraft.id == draft_id, ImportDraft.community_id == community_id, theirs)
    )


def checked_before(session: Session, instant: datetime) -> Sequence[UUID]:
    """The lists that nobody has looked at since then."""
    return session.scalars(select(ImportDraft.id).where(ImportDraft.checked_at < instant)).all()


def known_columns(session: Session, community_id: UUID, kind: str | None = None) -> Sequence[ImportColumn]:
    """The columns that somebody has said to tell something, of one kind of lists where it is named."""
    theirs = select(ImportColumn).where(ImportColumn.community_id == community_id)
    theirs = theirs if kind is None else theirs.where(ImportColumn.kind == kind)
    return session.scalars(theirs.order_by(ImportColumn.kind, ImportColumn.header)).all()
