"""The installation: one row that says what this database is for and where its clock is anchored."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import clock
from core.database import Base
from core.errors import UserError
from core.purpose import Purpose as Purpose
from core.settings import Settings

_ONLY = 1
FASTEST = 1000.0


class Installation(Base):
    """Exactly one row, made when the database is first opened."""

    __tablename__ = "installation"

    id: Mapped[int] = mapped_column(primary_key=True, default=_ONLY)
    purpose: Mapped[str]
    clock_real: Mapped[datetime]
    clock_start: Mapped[datetime]
    clock_speed: Mapped[float]

    @property
    def anchor(self) -> clock.Anchor:
        """Where the clock is anchored."""
        return clock.Anchor(self.clock_real, self.clock_start, self.clock_speed)


def establish(session: Session, settings: Settings, purpose: Purpose) -> Installation:
    """The installation row: made from the settings if this is the first start, read otherwise.

    Two processes that start together agree, because the row is inserted only where none is.
    """
    real = clock.real_now()
    insert = postgresql_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
    session.execute(
        insert(Installation)
        .values(
            id=_ONLY,
            purpose=purpose.value,
            clock_real=real,
            clock_start=settings.clock_start or real,
            clock_speed=settings.clock_speed,
        )
        .on_conflict_do_nothing()
    )
    return session.scalars(select(Installation)).one()


def change_speed(session: Session, speed: float) -> clock.Anchor:
    """Anchors the clock anew at what it shows now; it neither jumps nor runs backwards.

    Raises ``UserError`` in an installation that looks after real people, and for a speed that is no speed.
    """
    installed = session.scalars(select(Installation).with_for_update()).one()
    if installed.purpose == Purpose.SERVICE or not 0 < speed <= FASTEST:
        raise UserError("The clock of this installation cannot run at speed {value}.", field="Speed", value=speed)
    real = clock.real_now()
    installed.clock_start = installed.anchor.at(real)
    installed.clock_real, installed.clock_speed = real, speed
    return installed.anchor


def follow_clock(session: Session) -> clock.Anchor:
    """Sets this process's clock by the installation's, whose speed another process may have changed."""
    anchor = read(session).anchor
    clock.set_anchor(anchor)
    return anchor


def read(session: Session) -> Installation:
    """The installation row; raises ``NoResultFound`` before ``establish``."""
    return session.scalars(select(Installation)).one()
