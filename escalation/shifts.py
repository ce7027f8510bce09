"""The tables of the roster: shifts, swaps of shifts, absences, and the links under which rosters are read."""

from datetime import date, datetime, time
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contacts.models import Responder
from core.ids import new_id
from core.storage.database import Base
from core.storage.encrypted import EncryptedText


class Holidays(StrEnum):
    """What public holidays are to a weekly shift."""

    ALSO = "also"
    """It is on holidays as on any day."""
    NOT = "not"
    """It falls out on holidays."""
    ONLY = "only"
    """It is on those of its weekdays alone that are holidays."""


class Shift(Base):
    """One responder is on duty from ``begins`` until ``ends`` in community time: every week on ``weekday`` (ISO, 1 is
    Monday), or once, on ``day``.

    One that ends no later than it begins ends on the next day. For which homes is the responder's own matter: their
    areas. What holidays do to it is asked of weekly shifts alone.
    """

    __tablename__ = "shifts"
    __table_args__ = (CheckConstraint("(weekday IS NULL) != (day IS NULL)", name="weekly_or_once"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    community_id: Mapped[UUID] = mapped_column(ForeignKey("communities.id"), index=True)
    responder_id: Mapped[UUID] = mapped_column(ForeignKey("responders.id"), index=True)
    weekday: Mapped[int | None]
    day: Mapped[date | None]
    begins: Mapped[time]
    ends: Mapped[time]
    holidays: Mapped[Holidays] = mapped_column(default=Holidays.ALSO, server_default=Holidays.ALSO)

    responder: Mapped[Responder] = relationship()


class ShiftSwap(Base):
    """Two responders have exchanged shifts: ``first_shift_id``, as it begins on ``first_day``, is the second's.

    ``second_shift_id``, as it begins on ``second_day``, is the first's; without one the second stands in for nothing.
    """

    __tablename__ = "shift_swaps"
    __table_args__ = (
        UniqueConstraint("first_shift_id", "first_day"),
        UniqueConstraint("second_shift_id", "second_day"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    community_id: Mapped[UUID] = mapped_column(ForeignKey("communities.id"), index=True)
    first_shift_id: Mapped[UUID] = mapped_column(ForeignKey("shifts.id"))
    first_day: Mapped[date]
    first_responder_id: Mapped[UUID] = mapped_column(ForeignKey("responders.id"))
    second_shift_id: Mapped[UUID | None] = mapped_column(ForeignKey("shifts.id"))
    second_day: Mapped[date | None]
    second_responder_id: Mapped[UUID] = mapped_column(ForeignKey("responders.id"))


class ResponderAbsence(Base):
    """A responder is not there from ``begins_at`` until ``ends_at``; None: until somebody ends it."""

    __tablename__ = "responder_absences"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    community_id: Mapped[UUID] = mapped_column(ForeignKey("communities.id"), index=True)
    responder_id: Mapped[UUID] = mapped_column(ForeignKey("responders.id"), index=True)
    begins_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(EncryptedText, default="", server_default="")

    responder: Mapped[Responder] = relationship()


class RosterFeed(Base):
    """The link under which a responder's calendar is read: of its secret only the digest is kept; one for each."""

    __tablename__ = "roster_feeds"

    responder_id: Mapped[UUID] = mapped_column(ForeignKey("responders.id"), primary_key=True)
    secret: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]
