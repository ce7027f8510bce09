"""Every SELECT of texts that a change of people makes untrue."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.models import Text, TextState


def unsent_texts(session: Session, owner: str, subject_id: UUID, number: str) -> Sequence[UUID]:
    """Texts of ``owner`` about this subject to this telephone (E.164) that wait to be sent."""
    about = (Text.owner == owner, Text.subject_id == subject_id, Text.number == number)
    return session.scalars(select(Text.id).where(*about, Text.state == TextState.QUEUED)).all()
