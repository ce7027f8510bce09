"""Every SELECT of what is counted of the cases of some weeks: by kind and home, how long they took, the hardest ones.

What was merged into another case stands with that one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, cast, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from contacts.models import Household, Resident
from core.storage.spans import seconds_between
from escalation.models import Case, CaseKind, CaseState, Finding, Page, PageState


@dataclass(frozen=True)
class Span:
    """The cases of a community that were opened from ``begins`` on and before ``ends``."""

    community_id: UUID
    begins: datetime
    ends: datetime

    @property
    def holds(self) -> tuple[ColumnElement[bool], ...]:
        """Which these are."""
        theirs = (Case.community_id == self.community_id, Case.merged_into_id.is_(None))
        return *theirs, Case.opened_at >= self.begins, Case.opened_at < self.ends


@dataclass(frozen=True)
class Tally:
    """So many cases of one kind about homes of one area (None: about nobody's), closed or not."""

    kind: CaseKind
    area_id: UUID | None
    is_closed: bool
    count: int


@dataclass(frozen=True)
class Mark:
    """One case in the order of how long its kind (None: any) took: ``of`` were there, this is the ``nth`` from 1."""

    kind: CaseKind | None
    nth: int
    of: int
    seconds: int


@dataclass(frozen=True)
class CaseInBrief:
    """A case with where its resident lives; ``pages`` are the times that a responder was rung about it."""

    id: UUID
    kind: CaseKind
    state: CaseState
    finding: Finding | None
    opened_at: datetime
    first_accepted_at: datetime | None
    closed_at: datetime | None
    area_id: UUID | None
    resident_id: UUID | None
    name: str | None
    pages: int


def tallies(session: Session, span: Span) -> Sequence[Tally]:
    """How many there were."""
    closed = (Case.state == CaseState.CLOSED).label("closed")
    found = _at_home(select(Case.kind, Household.area_id, closed, func.count())).where(*span.holds)
    rows = session.execute(found.group_by(Case.kind, Household.area_id, closed))
    return [Tally(CaseKind(kind), area_id, bool(is_closed), count) for kind, area_id, is_closed, count in rows]


def findings(session: Session, span: Span) -> Mapping[Finding, int]:
    """What was found, of those that are closed."""
    found = select(Case.finding, func.count()).where(*span.holds, Case.finding.is_not(None)).group_by(Case.finding)
    return {Finding(finding): count for finding, count in session.execute(found) if finding}


def needs(session: Session, span: Span) -> Mapping[str, int]:
    """By what was said to be needed together, as the column keeps it (a JSON list), how many needed it."""
    kept = cast(Case.needs, String)
    found = select(kept, func.count()).where(*span.holds, Case.kind == CaseKind.NEEDS_SUPPLIES)
    return dict(session.execute(found.group_by(kept)).tuples())


def marks(session: Session, span: Span, until: InstrumentedAttribute[datetime | None]) -> Sequence[Mark]:
    """The middle one and the one that nine in ten were as quick as, of each kind and of all, by the time to ``until``.

    Nearest ranks: of ``n`` cases these are the ``ceil(n / 2)``-th and the ``ceil(9 n / 10)``-th. Those that have not
    come so far are not counted.
    """
    lasted = seconds_between(session, Case.opened_at, until).label("lasted")
    took = select(Case.kind, Case.opened_at, until.label("until"), lasted).where(*span.holds, until.is_not(None))
    each = took.subquery()
    ranked = select(each, *_ranks(each.c.lasted, None), *_ranks(each.c.lasted, each.c.kind)).subquery()
    wanted = [_is_mark(ranked.c[f"nth_{of}"], ranked.c[f"count_{of}"]) for of in ("all", "kind")]
    return [mark for row in session.execute(select(ranked).where(or_(*wanted))) for mark in _marks(row)]


def _ranks(lasted: Any, kind: Any) -> tuple[ColumnElement[int], ColumnElement[int]]:
    of = "all" if kind is None else "kind"
    nth = func.row_number().over(partition_by=kind, order_by=lasted).label(f"nth_{of}")
    return nth, func.count().over(partition_by=kind).label(f"count_{of}")


def _is_mark(nth: ColumnElement[int], count: ColumnElement[int]) -> ColumnElement[bool]:
    return or_(nth == (count + 1) // 2, nth == (count * 9 + 9) // 10)


def _marks(row: Any) -> Sequence[Mark]:
    seconds = round((row.until - row.opened_at).total_seconds())
    return [Mark(None, row.nth_all, row.count_all, seconds),
            Mark(CaseKind(row.kind), row.nth_kind, row.count_kind, seconds)]  # fmt: skip


def hardest(session: Session, span: Span, now: datetime, limit: int) -> Sequence[CaseInBrief]:
    """Those that took, or have taken so far, the longest."""
    lasted = seconds_between(session, Case.opened_at, func.coalesce(Case.closed_at, now))
    return _briefly(session, _brief().where(*span.holds).order_by(lasted.desc(), Case.id).limit(limit))


def unresolved(session: Session, span: Span, limit: int) -> tuple[int, Sequence[CaseInBrief]]:
    """Those opened before the end of the span that nobody has closed: how many, and the oldest of them."""
    theirs = (Case.community_id == span.community_id, Case.merged_into_id.is_(None), Case.is_unclosed)
    open_ = (*theirs, Case.opened_at < span.ends)
    count = session.scalar(select(func.count()).select_from(Case).where(*open_)) or 0
    return count, _briefly(session, _brief().where(*open_).order_by(Case.opened_at, Case.id).limit(limit))


def most_often(session: Session, span: Span, least: int, limit: int) -> Sequence[tuple[UUID, str, UUID, int]]:
    """Residents with at least so many cases, the most first: who, their name, the area of their home, how many."""
    count = func.count()
    found = select(Resident.id, Resident.name, Household.area_id, count).select_from(Case)
    found = found.join(Resident, Resident.id == Case.resident_id).join(Household, Household.id == Resident.household_id)
    found = found.where(*span.holds).group_by(Resident.id, Resident.name, Household.area_id).having(count >= least)
    return session.execute(found.order_by(count.desc(), Resident.id).limit(limit)).tuples().all()


def _brief() -> Select[Any]:
    return _at_home(select(Case, Household.area_id, Resident.name))


def _at_home(found: Select[Any]) -> Select[Any]:
    found = found.select_from(Case).join(Resident, Resident.id == Case.resident_id, isouter=True)
    return found.join(Household, Household.id == Resident.household_id, isouter=True)


def _briefly(session: Session, found: Select[Any]) -> Sequence[CaseInBrief]:
    rows = session.execute(found).all()
    rung = (Page.case_id.in_([case.id for case, *_ in rows]), Page.state != PageState.NOT_RUNG)
    kept = dict(session.execute(select(Page.case_id, func.count()).where(*rung).group_by(Page.case_id)).tuples().all())
    return [CaseInBrief(case.id, case.kind, case.state, case.finding, case.opened_at, case.first_accepted_at,
                        case.closed_at, area_id, case.resident_id, name, case.past_pages + kept.get(case.id, 0))
            for case, area_id, name in rows]  # fmt: skip
