"""Every SELECT of text messages, both ways."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from core.storage.literals import literal_state
from ivr.models import (
    Text,
    TextIn,
    TextState,
)


def unsent_texts(session: Session, now: datetime, limit: int) -> Sequence[Text]:
    """Texts that wait to be sent, most urgent first."""
    return session.scalars(
        select(Text)
        .where(Text.state == literal_state(TextState.QUEUED), Text.next_try_at <= now)
        .order_by(Text.urgency, Text.next_try_at, Text.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()


def silent_sending(session: Session, real_now: datetime) -> Sequence[Text]:
    """Texts whose worker should have reported the provider's answer by now and has not."""
    return session.scalars(
        select(Text).where(Text.state == literal_state(TextState.SENDING), Text.request_deadline <= real_now).limit(100)
    ).all()


def text_by_provider_id(session: Session, provider_id: str) -> Text | None:
    """The text that the provider knows by this id."""
    return session.scalars(select(Text).where(Text.provider_id == provider_id)).one_or_none()


def text_for_update(session: Session, text_id: UUID) -> Text | None:
    """The text, held until this unit of work ends; None when there is no such text."""
    return session.scalars(
        select(Text).where(Text.id == text_id).with_for_update().execution_options(populate_existing=True)
    ).one_or_none()


def texts_to_look_up(session: Session, real_now: datetime) -> Sequence[Text]:
    """Sent texts whose delivery should have been reported by now."""
    return session.scalars(
        select(Text)
        .where(Text.look_up_at <= real_now, Text.state == TextState.SENT)
        .order_by(Text.look_up_at)
        .limit(100)
    ).all()


def has_texted(session: Session, number: str, owner: str, since: datetime) -> bool:
    """Whether a text of this owner's has been queued to this number since then."""
    is_known = exists().where(Text.number == number, Text.owner == owner, Text.created_at >= since)
    return bool(session.scalar(select(is_known)))


def text_in_by_provider_id(session: Session, provider_id: str) -> TextIn | None:
    """The text to us that the provider knows by this id."""
    return session.scalars(select(TextIn).where(TextIn.provider_id == provider_id)).one_or_none()


def text_in_for_update(session: Session, text_id: UUID) -> TextIn | None:
    """A text that came in, held until this unit of work ends."""
    return session.scalars(select(TextIn).where(TextIn.id == text_id).with_for_update()).one_or_none()


def unread_texts(session: Session, real_now: datetime) -> Sequence[TextIn]:
    """Texts that came in and that nobody has read, the earliest first."""
    return session.scalars(
        select(TextIn).where(TextIn.next_try_at <= real_now).order_by(TextIn.received_at).limit(100)
    ).all()
