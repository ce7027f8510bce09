"""The installation: one row that says what this database is for and where its clock is anchored."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import clock
from core.errors import ConflictError, UserError
from core.purpose import Purpose as Purpose
from core.settings import Settings
from core.storage.database import Base
from core.storage.upserts import insert_into

_ONLY = 1
FASTEST = 1000.0
REAL = timedelta(seconds=1)


class DisagreementError(ConflictError):
    """A setting that was given contradicts what is kept in the database since the first start."""


class Installation(Base):
    """Exactly one row, made when the database is first opened."""

    __tablename__ = "installation"

    id: Mapped[int] = mapped_column(primary_key=True, default=_ONLY)
    purpose: Mapped[Purpose]
    clock_real: Mapped[datetime]
    clock_start: Mapped[datetime]
    clock_speed: Mapped[float]

    @property
    def anchor(self) -> clock.Anchor:
        """Where the clock is anchored."""
        return clock.Anchor(self.clock_real, self.clock_start, self.clock_speed)

    @property
    def is_simulated(self) -> bool:
        """Whether its clock shows another time than everybody's."""
        return self.clock_speed != 1 or abs(self.clock_start - self.clock_real) > REAL


def establish(session: Session, settings: Settings, purpose: Purpose) -> Installation:
    """The installation row: made from the settings if this is the first start, read otherwise.

    Two processes that start together agree, because the row is inserted only where none is. Raises
    ``DisagreementError`` when the settings want another clock than the one that runs (see ``agree``).
    """
    real = clock.real_now()
    session.execute(
        insert_into(session, Installation)
        .values(
            id=_ONLY,
            purpose=purpose,
            clock_real=real,
            clock_start=settings.clock_start or real,
            clock_speed=settings.clock_speed,
        )
        .on_conflict_do_nothing()
    )
    installed = read(session)
    if purpose is Purpose.SERVICE and installed.purpose == Purpose.SERVICE:
        agree(installed, settings)
    return installed


def agree(installed: Installation, settings: Settings) -> None:
    """Raises ``DisagreementError`` when ``settings`` say explicitly that the clock is another than it is.

    Also where real people would be rung by the clock of a rehearsal.
    """
    wanted = settings.clock_start if "clock_start" in settings.model_fields_set else None
    if wanted is not None and wanted != installed.clock_start:
        raise DisagreementError(
            "ZAOAN_CLOCK_START={value}, but the clock of this installation has started at {kept} and goes on.",
            way_out="Remove ZAOAN_CLOCK_START, or begin another installation: set ZAOAN_DATABASE_URL.",
            field="ZAOAN_CLOCK_START",
            value=wanted.isoformat(),
            kept=installed.clock_start.astimezone(wanted.tzinfo).isoformat(timespec="seconds"),
        )
    if "clock_speed" in settings.model_fields_set and settings.clock_speed != installed.clock_speed:
        raise DisagreementError(
            "ZAOAN_CLOCK_SPEED={value}, but the clock of this installation runs {kept} times as fast as real time.",
            way_out="Remove ZAOAN_CLOCK_SPEED, or begin another installation: set ZAOAN_DATABASE_URL.",
            field="ZAOAN_CLOCK_SPEED",
            value=f"{settings.clock_speed:g}",
            kept=f"{installed.clock_speed:g}",
        )
    if settings.rings_real_people and installed.is_simulated:
        raise DisagreementError(
            "The clock of this installation is one of a rehearsal, and now real people would be rung by it.",
            way_out="Begin another installation for them: set ZAOAN_DATABASE_URL to a new database.",
            field="ZAOAN_DATABASE_URL",
        )


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


def find(session: Session) -> Installation | None:
    """The installation row; None before ``establish``."""
    return session.scalars(select(Installation)).one_or_none()


def read(session: Session) -> Installation:
    """The installation row; raises ``NoResultFound`` before ``establish``."""
    return session.scalars(select(Installation)).one()
