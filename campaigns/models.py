"""The tables of campaigns, rounds and check-ins."""

from datetime import datetime, time
from enum import StrEnum
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contacts.models import Resident
from core.database import Base
from core.ids import new_id


class Outcome(StrEnum):
    """How a check-in ended. Only ``OK``, ``EXCUSED`` and ``WITHDRAWN`` end quietly; every other one has a case."""

    OK = "ok"
    NEEDS_SUPPLIES = "needs_supplies"
    UNWELL = "unwell"
    WANTS_PERSON = "wants_person"
    NO_KEY = "no_key"
    HUNG_UP = "hung_up"
    VOICEMAIL = "voicemail"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    UNREACHABLE = "unreachable"
    EXCUSED = "excused"
    WITHDRAWN = "withdrawn"


class CampaignState(StrEnum):
    """Whether a campaign starts rounds by itself."""

    ACTIVE = "active"
    PAUSED = "paused"
    STOPPED = "stopped"


class Campaign(Base):
    """A daily call to everybody with one of the ``flags`` (None: everyone), at ``at`` in community time.

    ``deadline_minutes`` after its start every check-in of a round has an outcome; who has rung us with an answer within
    ``early_minutes`` before it is not rung.
    """

    __tablename__ = "campaigns"
    __table_args__ = (UniqueConstraint("community_id", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    community_id: Mapped[UUID] = mapped_column(ForeignKey("communities.id"))
    name: Mapped[str]
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(default=CampaignState.ACTIVE)
    flags: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    at: Mapped[time | None]
    attempts: Mapped[int] = mapped_column(default=3)
    retry_minutes: Mapped[int] = mapped_column(default=10)
    ring_seconds: Mapped[int] = mapped_column(default=60)
    deadline_minutes: Mapped[int] = mapped_column(default=120)
    early_minutes: Mapped[int] = mapped_column(default=120)
    machine_detection: Mapped[bool] = mapped_column(default=True, server_default=true())
    next_round_at: Mapped[datetime | None] = mapped_column(index=True)


class Round(Base):
    """One occurrence of a campaign.

    ``occurrence`` is the instant it was due, so that the same morning can never be started twice.
    """

    __tablename__ = "rounds"
    __table_args__ = (
        UniqueConstraint("campaign_id", "occurrence"),
        Index("ix_rounds_open", "deadline", sqlite_where=text("completed_at IS NULL"),
              postgresql_where=text("completed_at IS NULL")),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaigns.id"))
    occurrence: Mapped[datetime]
    started_at: Mapped[datetime]
    deadline: Mapped[datetime]
    completed_at: Mapped[datetime | None]

    campaign: Mapped[Campaign] = relationship()


class CheckIn(Base):
    """One resident in one round.

    ``furthest`` is the furthest contact so far when nothing has been said; ``numbers`` the telephones in the order in
    which they are tried, ``refused`` those that the provider will never ring.
    """

    __tablename__ = "check_ins"
    __table_args__ = (
        UniqueConstraint("round_id", "resident_id"),
        Index("ix_check_ins_due", "next_attempt_at", sqlite_where=text("next_attempt_at IS NOT NULL"),
              postgresql_where=text("next_attempt_at IS NOT NULL")),
        Index("ix_check_ins_open", "round_id", sqlite_where=text("outcome IS NULL"),
              postgresql_where=text("outcome IS NULL")),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id"), index=True)
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"), index=True)
    numbers: Mapped[list[str]]
    refused: Mapped[list[str]]
    outcome: Mapped[str | None]
    furthest: Mapped[str | None]
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]

    round: Mapped[Round] = relationship()
    resident: Mapped[Resident] = relationship()


class CheckInCall(Base):
    """Which check-ins a call asks about: one call covers everybody due at its number.

    ``contact`` is how far the call got when the resident said nothing in it, None before its end.
    """

    __tablename__ = "check_in_calls"

    call_id: Mapped[UUID] = mapped_column(ForeignKey("calls.id"), primary_key=True)
    check_in_id: Mapped[UUID] = mapped_column(ForeignKey("check_ins.id"), primary_key=True, index=True)
    contact: Mapped[str | None]


class EarlyAnswer(Base):
    """What a resident said when they rang us while no check-in waited for it; ``check_in_id`` is what it counted for.

    ``case_id`` is the case that was opened, or made worse, when it was said.
    """

    __tablename__ = "early_answers"
    __table_args__ = (
        Index("ix_early_answers_waiting", "at", sqlite_where=text("check_in_id IS NULL"),
              postgresql_where=text("check_in_id IS NULL")),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"), index=True)
    said: Mapped[str]
    at: Mapped[datetime]
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("cases.id"))
    check_in_id: Mapped[UUID | None] = mapped_column(ForeignKey("check_ins.id"))
