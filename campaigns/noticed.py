"""The tables of what was noticed beyond one call: silence clusters of a round, and remarks about residents."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

import campaigns.models  # noqa: F401  (our tables refer to its tables)
from core.ids import new_id
from core.storage.database import Base


class Common(StrEnum):
    """What people may have in common: where they live, the exchange of their telephone, or the line that rings them.

    ``ROUND``: nothing but that they were rung; it is what a town with one line, or without any, looks like.
    """

    BUILDING = "building"
    EXCHANGE = "exchange"
    LINE = "line"
    ROUND = "round"


class RemarkKind(StrEnum):
    """What is unusual for one person in a round; the rule of each stands in ``campaigns.looking.changes``."""

    LATER = "later"
    MORE_CALLS = "more_calls"
    UNWELL_AGAIN = "unwell_again"
    FIRST_SILENCE = "first_silence"
    SILENT_ROUNDS = "silent_rounds"


class SilenceCluster(Base):
    """A group of a round of which an unusual share was not reached, and the one case that the office has of it.

    ``name`` is the group's: a building as the tree of areas spells it, an exchange in E.164 without the last four
    digits, one of our own numbers, or nothing for a whole round. ``check_ins`` are the ids of those who are silent, of
    ``rung`` in all; ``others_silent`` of ``others_rung`` is how the rest of the round stood. There is at most one of
    each group.
    """

    __tablename__ = "silence_clusters"
    __table_args__ = (UniqueConstraint("round_id", "common", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id"))
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), unique=True)
    common: Mapped[Common]
    name: Mapped[str]
    check_ins: Mapped[list[str]]
    rung: Mapped[int]
    others_silent: Mapped[int]
    others_rung: Mapped[int]
    found_at: Mapped[datetime]


class Remark(Base):
    """Something unusual in a round for one resident, as their own rounds show; ``facts`` fill the gaps of its words.

    ``at`` is when the round was looked at. Nobody has to do anything about it, and nobody closes it.
    """

    __tablename__ = "remarks"
    __table_args__ = (UniqueConstraint("round_id", "resident_id", "kind"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id"))
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"), index=True)
    kind: Mapped[RemarkKind]
    at: Mapped[datetime] = mapped_column(index=True)
    facts: Mapped[dict[str, Any]]
