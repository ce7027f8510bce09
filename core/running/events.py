"""The event log: what happened, appended in the transaction in which it happened; the console follows it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Integer, func, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import clock
from core.storage.database import Base, after_commit


class Event(Base):
    """One happening. ``kind`` is ``word.participle`` (``check_in.decided``); ``subject_id`` is what it happened to."""

    __tablename__ = "events"

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)
    at: Mapped[datetime]
    kind: Mapped[str]
    subject_id: Mapped[UUID | None]
    facts: Mapped[dict[str, Any]]

    __table_args__ = ({"sqlite_autoincrement": True},)


_APPEND = insert(Event.__table__)  # type: ignore[arg-type]
_followers: list[Callable[[], None]] = []


def append(session: Session, kind: str, subject_id: UUID | None = None, /, **facts: Any) -> None:
    """Appends one event; whoever follows the log is told once the transaction has committed."""
    values = {"at": clock.now(), "kind": kind, "subject_id": subject_id, "facts": facts}
    session.connection().execute(_APPEND, values)
    after_commit(session, tell_followers)


def follow(follower: Callable[[], None]) -> Callable[[], None]:
    """Calls ``follower`` after every commit of this process that appended events; returns the way to stop."""
    _followers.append(follower)
    return lambda: _followers.remove(follower)


def tell_followers() -> None:
    """Tells this process's followers that there is something new to read."""
    for follower in tuple(_followers):
        follower()


def after(session: Session, event_id: int, limit: int = 500) -> Sequence[Event]:
    """Events later than ``event_id``, oldest first."""
    return session.scalars(select(Event).where(Event.id > event_id).order_by(Event.id).limit(limit)).all()


def latest(session: Session, limit: int = 20) -> Sequence[Event]:
    """The last happenings, newest first."""
    return session.scalars(select(Event).order_by(Event.id.desc()).limit(limit)).all()


def last_id(session: Session) -> int:
    """The id of the newest event; 0 when nothing has happened yet."""
    return session.scalar(select(func.max(Event.id))) or 0
