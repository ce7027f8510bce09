"""Ticks on record: when each room last looked for work, so that a clock that stands still is noticed."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import clock
from core.storage.database import Base
from core.storage.upserts import insert_into

SIGN = "sign:"
"""How names begin that are no ticks: when something else was last seen, noted here all the same."""
RECENT = timedelta(seconds=10)
"""A service that works completes its ticks more often (real time)."""


class Tick(Base):
    """One room's last completed tick; ``last_at`` is real time, because it proves that something really runs."""

    __tablename__ = "ticks"

    name: Mapped[str] = mapped_column(primary_key=True)
    last_at: Mapped[datetime]


def note(session: Session, completed: Mapping[str, datetime]) -> None:
    """Records when each of these ticks was last completed (real time); an older report changes nothing.

    The rows are written in the order of their names, so that processes that report side by side never deadlock.
    """
    rows = insert_into(session, Tick)
    later = rows.on_conflict_do_update(
        index_elements=[Tick.name],
        set_={"last_at": rows.excluded.last_at},
        where=Tick.last_at < rows.excluded.last_at,
    )
    session.connection().execute(later, [{"name": name, "last_at": at} for name, at in sorted(completed.items())])


def last(session: Session) -> Mapping[str, datetime]:
    """When each tick was last completed, in real time; ticks that never were are absent."""
    return {tick.name: tick.last_at for tick in session.scalars(select(Tick))}


def is_running(session: Session) -> bool:
    """Whether a service works on this database: one of its ticks has been completed a moment ago."""
    return any(clock.real_now() - at <= RECENT for name, at in last(session).items() if not name.startswith(SIGN))
