"""The event log: what happened, appended in the transaction in which it happened; the console follows it."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Integer, event, func, insert, select, text
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column

from core import clock
from core.actors import Actor, ActorKind
from core.storage.database import Base, after_commit
from core.storage.partial_indexes import partial_index

OF_CASES = "(kind LIKE 'case.%' OR kind LIKE 'page.%')"
"""What happened to cases; in a query, the words of the index in which it is found."""


OF_FILES = "(kind LIKE 'resident.%' OR kind LIKE 'consent.%' OR kind LIKE 'household.%')"
"""What happened to residents and homes, likewise."""


BY_CALLERS = "(actor_kind = 'caller' AND kind LIKE 'check_in.%')"
"""What residents have told us of their own accord, likewise."""


OF_CAMPAIGNS = "(kind LIKE 'campaign.%')"
"""What was done to campaigns, likewise."""


OF_COMMUNITIES = "(kind LIKE 'community.%')"
"""What was changed of a community itself, likewise."""


class Event(Base):
    """One happening. ``kind`` is ``word.participle`` (``check_in.decided``); ``subject_id`` is what it happened to.

    ``actor_kind`` and ``actor_id`` are whose doing it was. The log outlives names: ``actor_name`` is kept only of a
    user who has no row, and is the account by which they work.
    """

    __tablename__ = "events"

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)
    at: Mapped[datetime]
    kind: Mapped[str]
    subject_id: Mapped[UUID | None]
    actor_kind: Mapped[ActorKind] = mapped_column(server_default=ActorKind.SYSTEM.value)
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str | None]
    facts: Mapped[dict[str, Any]]

    __table_args__ = (
        partial_index("ix_events_of_cases", "subject_id", where=OF_CASES),
        partial_index("ix_events_of_files", "subject_id", where=OF_FILES),
        partial_index("ix_events_by_callers", "subject_id", where=BY_CALLERS),
        partial_index("ix_events_of_campaigns", "subject_id", where=OF_CAMPAIGNS),
        partial_index("ix_events_of_communities", "subject_id", where=OF_COMMUNITIES),
        {"sqlite_autoincrement": True},
    )

    @property
    def actor(self) -> Actor:
        """Whose doing it was."""
        return Actor(ActorKind(self.actor_kind), self.actor_id, self.actor_name or "")


_APPEND = insert(Event.__table__)  # type: ignore[arg-type]
_PENDING = "events"
_followers: list[Callable[[], None]] = []


@dataclass(eq=False)
class _Pending:
    """An event of a unit of work that has not ended: in which transaction or savepoint it was appended and written."""

    values: Mapping[str, Any]
    appended_in: SessionTransaction
    written_in: SessionTransaction | None = None


def append(session: Session, actor: Actor, kind: str, subject_id: UUID | None = None, /, **facts: Any) -> None:
    """Appends one event that is the actor's doing; whoever follows the log is told once the transaction has committed.

    Those of one unit of work are written together, at its end and in their order; a savepoint that is rolled back takes
    its own with it. Facts are kinds and ids: nobody's name or number stands in the log.
    """
    _append(session, [_values(actor, kind, subject_id, facts)])


def append_all(session: Session, actor: Actor, kind: str, happened: Mapping[UUID, Mapping[str, Any]]) -> None:
    """The same that happened to many, each with its facts."""
    if happened:
        alike = _values(actor, kind, None, {})
        _append(session, [alike | {"subject_id": each, "facts": facts} for each, facts in happened.items()])


def _append(session: Session, values: Sequence[dict[str, Any]]) -> None:
    within = _within(session)
    session.info.setdefault(_PENDING, []).extend(_Pending(each, within) for each in values)
    after_commit(session, tell_followers)


def _values(actor: Actor, kind: str, subject_id: UUID | None, facts: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "at": clock.now(), "kind": kind, "subject_id": subject_id, "facts": facts, "actor_kind": actor.kind.value,
        "actor_id": actor.id, "actor_name": None if actor.id or actor.kind is ActorKind.SYSTEM else actor.name or None,
    }  # fmt: skip


def write_pending(session: Session) -> None:
    """Writes what this unit of work has appended so far; for whoever reads the log before its end."""
    if pending := [each for each in session.info.get(_PENDING, ()) if each.written_in is None]:
        values = [each.values for each in pending]
        session.connection().execute(_APPEND, values if len(values) > 1 else values[0])
        for each in pending:
            each.written_in = _within(session)


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
    write_pending(session)
    return session.scalars(select(Event).where(Event.id > event_id).order_by(Event.id).limit(limit)).all()


def of_cases(session: Session, case_ids: Sequence[UUID]) -> Sequence[Event]:
    """What happened to these cases and their pages, oldest first."""
    write_pending(session)
    theirs = select(Event).where(Event.subject_id.in_(case_ids), text(OF_CASES))
    return session.scalars(theirs.order_by(Event.id)).all()


def of_files(session: Session, ids: Sequence[UUID]) -> Sequence[Event]:
    """What happened to these residents and homes, oldest first."""
    write_pending(session)
    theirs = select(Event).where(Event.subject_id.in_(ids), text(OF_FILES))
    return session.scalars(theirs.order_by(Event.id)).all()


def of_campaign(session: Session, campaign_id: UUID, limit: int, before: int | None = None) -> Sequence[Event]:
    """The last things done to a campaign, newest first; with ``before`` only those earlier than that event."""
    write_pending(session)
    theirs = select(Event).where(Event.subject_id == campaign_id, text(OF_CAMPAIGNS))
    theirs = theirs if before is None else theirs.where(Event.id < before)
    return session.scalars(theirs.order_by(Event.id.desc()).limit(limit)).all()


def of_community(session: Session, community_id: UUID, limit: int, before: int | None = None) -> Sequence[Event]:
    """The last changes of a community itself, newest first; with ``before`` only those earlier than that event."""
    write_pending(session)
    theirs = select(Event).where(Event.subject_id == community_id, text(OF_COMMUNITIES))
    theirs = theirs if before is None else theirs.where(Event.id < before)
    return session.scalars(theirs.order_by(Event.id.desc()).limit(limit)).all()


def latest(session: Session, limit: int = 20, kinds: Collection[str] | None = None) -> Sequence[Event]:
    """The last happenings (None: of any kind), newest first."""
    write_pending(session)
    wanted = select(Event) if kinds is None else select(Event).where(Event.kind.in_(kinds))
    return session.scalars(wanted.order_by(Event.id.desc()).limit(limit)).all()


def last_id(session: Session) -> int:
    """The id of the newest event; 0 when nothing has happened yet."""
    write_pending(session)
    return session.scalar(select(func.max(Event.id))) or 0


@event.listens_for(Session, "before_commit")
def _at_the_end(session: Session) -> None:
    if not session.in_nested_transaction():
        write_pending(session)
        session.info.pop(_PENDING, None)


@event.listens_for(Session, "after_soft_rollback")
def _taken_back(session: Session, previous: SessionTransaction) -> None:
    pending: list[_Pending] = session.info.get(_PENDING, [])
    pending[:] = [each for each in pending if previous not in _around(each.appended_in)]
    for each in pending:
        if previous in _around(each.written_in):
            each.written_in = None


def _within(session: Session) -> SessionTransaction:
    return session.get_nested_transaction() or session.get_transaction() or session.begin()


def _around(transaction: SessionTransaction | None) -> Iterator[SessionTransaction]:
    """A transaction and those that it is in."""
    while transaction is not None:
        yield transaction
        transaction = transaction.parent
