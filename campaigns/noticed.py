"""The tables of what was noticed beyond one call: silence clusters of a round, and remarks about residents."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

import campaigns.models  # noqa: F401  (our tables refer to its tables)
from core.ids import new_id
from core.storage.database import Base


class Common(StrEnum):
    """What people may have in common: where they live, the exchange of their telephone, or the line that rings them."""

    BUILDING = "building"
    EXCHANGE = "exchange"
    LINE = "line"


class SilenceCluster(Base):
    """A group of a round of which an unusual share was not reached, and the one case that the office has of it.

    ``name`` is the group's: a building as the tree of areas spells it, an exchange in E.164 without the last four
    digits, or one of our own numbers. ``check_ins`` are the ids of those who are silent, of ``rung`` in all;
    ``others_silent`` of ``others_rung`` is how the rest of the round stood. There is at most one of each group.
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
