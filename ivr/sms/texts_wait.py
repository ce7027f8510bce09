"""Whether texts wait to be sent, to be used inside another statement; it loads nothing of what makes them."""

from uuid import UUID

from sqlalchemy import ColumnElement, exists

from core.storage.literals import literal_state
from ivr.models import Text, TextState, Urgency


def texts_wait(owner: str, subject_id: ColumnElement[UUID]) -> ColumnElement[bool]:
    """Whether routine texts of ``owner`` about this subject wait to be sent, to be used inside another statement."""
    about = (Text.owner == owner, Text.subject_id == subject_id, Text.urgency == Urgency.ROUTINE)
    return exists().where(*about, Text.state == literal_state(TextState.QUEUED))
