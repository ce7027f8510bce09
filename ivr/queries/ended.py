"""Every SELECT of how many calls there were: those that are kept, and the figures of those that are not any more."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, select
from sqlalchemy.orm import Session

from core.storage.database import Instant
from ivr.models import Call, CallTotal, Direction, Ending


@dataclass(frozen=True)
class Ended:
    """Calls of one kind: whose they were, who rang whom, and how they ended (None: nobody knows)."""

    owner: str
    direction: Direction
    ending: Ending | None


_KINDS = [(direction, ending) for direction in Direction for ending in (*Ending, None)]


def _of(direction: Direction, ending: Ending | None) -> tuple[ColumnElement[bool], ...]:
    return Call.direction == direction, Call.ending.is_(None) if ending is None else Call.ending == ending


def _counting() -> Select[Any]:
    """For each owner and kind the index is entered where its calls of this time begin: those of other months cost
    nothing, and those of this one are counted without being read."""
    owners = select(func.min(Call.owner).label("owner")).where(Call.ended_at.is_not(None)).cte(recursive=True)
    after = select(func.min(Call.owner)).where(Call.ended_at.is_not(None), Call.owner > owners.c.owner)
    owners = owners.union_all(select(after.scalar_subquery()).where(owners.c.owner.is_not(None)))
    when = (Call.ended_at >= bindparam("begins", type_=Instant), Call.ended_at < bindparam("ends", type_=Instant))
    within = (Call.owner == owners.c.owner, *when)
    counts = [select(func.count()).where(*within, *_of(*kind)).scalar_subquery() for kind in _KINDS]
    return select(owners.c.owner, *counts).where(owners.c.owner.is_not(None))


_COUNTED = _counting()


def kept(session: Session, begins: datetime, ends: datetime) -> Mapping[Ended, int]:
    """Of the calls that are kept, how many ended from ``begins`` on and before ``ends``."""
    found = session.execute(_COUNTED, {"begins": begins, "ends": ends})
    return {Ended(owner, *kind): count for owner, *counted in found
            for kind, count in zip(_KINDS, counted, strict=True) if count}  # fmt: skip


def forgotten(session: Session, first: date, last: date) -> tuple[Mapping[Ended, int], int]:
    """Of the calls of these days that are not kept any more, how many there were; and of how many days some are not."""
    days, counted = set(), Counter[Ended]()
    for each in session.scalars(select(CallTotal).where(CallTotal.day.between(first, last))):
        kind = Ended(each.owner, each.direction, Ending(each.ending) if each.ending else None)
        days.add(each.day)
        counted[kind] += each.calls
    return counted, len(days)
