"""Every SELECT of what people have recorded to be played."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from ivr.listener import Listener
from ivr.models import (
    RecordedPrompt,
)


@dataclass(frozen=True)
class Recorded:
    """A recorded prompt without its sound."""

    words: str
    digest: str
    resident_id: UUID | None
    campaign_id: UUID | None


def has_recorded() -> ColumnElement[bool]:
    """Whether any prompt was recorded at all, to be used inside another statement."""
    return exists(select(RecordedPrompt.id))


def recorded_for(session: Session, language: str, listener: Listener) -> Sequence[Recorded]:
    """What was recorded in ``language`` for everybody, for the listener's campaign, or for one of its residents."""
    rows = session.execute(
        select(
            RecordedPrompt.words, RecordedPrompt.digest, RecordedPrompt.resident_id, RecordedPrompt.campaign_id
        ).where(
            RecordedPrompt.language == language,
            or_(RecordedPrompt.resident_id.is_(None), RecordedPrompt.resident_id.in_(listener.resident_ids)),
            or_(RecordedPrompt.campaign_id.is_(None), RecordedPrompt.campaign_id == listener.campaign_id),
        )
    )
    return [Recorded(*row) for row in rows]


def recorded_sound(session: Session, digest: str) -> bytes | None:
    """The sound file of a recorded prompt."""
    return session.scalar(select(RecordedPrompt.sound).where(RecordedPrompt.digest == digest).limit(1))


def recorded_sound_of(session: Session, recorded_id: UUID) -> bytes | None:
    """The sound file of one recorded prompt; None when it was removed."""
    return session.scalar(select(RecordedPrompt.sound).where(RecordedPrompt.id == recorded_id))


def recorded_words(session: Session) -> frozenset[str]:
    """All words that were recorded, for whomever."""
    return frozenset(session.scalars(select(RecordedPrompt.words)))


def recorded_prompts(session: Session) -> Sequence[RecordedPrompt]:
    """Every recorded prompt, without its sound, the newest first."""
    return session.scalars(select(RecordedPrompt).order_by(RecordedPrompt.made_at.desc(), RecordedPrompt.id)).all()
