"""Every SELECT of what is counted of the cases of a month: which there were, how long they took, what is left.

What was merged into another case stands with that one.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, cast, func, select, type_coerce
from sqlalchemy.orm import Session

from contacts.models import Household, Resident
from core.storage.spans import seconds_between
from escalation.findings import Finding
from escalation.models import Case, CaseKind, CaseState, Page, PageState

Key = UUID | str
"""An id as the driver gives it: text on SQLite. To be compared with its like."""
_C, _R, _H = Case.__table__.c, Resident.__table__.c, Household.__table__.c


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


class Opened(NamedTuple):
    """A case as it is counted: the seconds until it was first accepted, and until it was closed or, so far, now.

    All of it is as the driver gives it (``Key``), because a month has thousands; ``needs`` is a JSON list.
    """

    kind: str
    state: str
    finding: str | None
    resident: Key | None
    accepted_after: int | None
    lasted: int
    case: Key
    needs: str


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


def opened(session: Session, span: Span, now: datetime) -> Sequence[Opened]:
    """Each of them, in one pass over narrow rows: to group thousands is quicker where they have been read into."""
    accepted = seconds_between(session, _C.opened_at, _C.first_accepted_at)
    lasted = seconds_between(session, _C.opened_at, func.coalesce(_C.closed_at, now))
    found = select(
        *map(_raw, (_C.kind, _C.state, _C.finding, _C.resident_id)),
        accepted,
        lasted,
        _raw(_C.id),
        cast(_C.needs, String),
    )
    return session.connection().execute(found.where(*span.holds)).all()  # type: ignore[return-value]


def in_brief(session: Session, case_ids: Sequence[UUID]) -> Sequence[CaseInBrief]:
    """These cases, in this order."""
    found = {each.id: each for each in _briefly(session, _brief().where(Case.id.in_(case_ids)))}
    return [found[each] for each in case_ids]


def unresolved(session: Session, span: Span) -> Sequence[UUID]:
    """Those opened before the end of the span that nobody has closed, the oldest first.

    They are put in order here, and what was merged is closed: asked for either, SQLite would look through all cases
    that ever were.
    """
    theirs = (Case.community_id == span.community_id, Case.is_unclosed)
    found = session.execute(select(Case.opened_at, Case.id).where(*theirs)).all()
    ordered = sorted((opened_at, case_id) for opened_at, case_id in found)
    return [case_id for opened_at, case_id in ordered if opened_at < span.ends]


def homes(session: Session, community_id: UUID) -> Mapping[Key, Key]:
    """By resident, also those who have left, the area of their home."""
    found = select(_raw(_R.id), _raw(_H.area_id)).join(Household.__table__, _H.id == _R.household_id)
    return dict(session.connection().execute(found.where(_R.community_id == community_id)).all())


def names(session: Session, resident_ids: Collection[UUID]) -> Mapping[UUID, str]:
    """The names of these residents."""
    return dict(session.execute(select(Resident.id, Resident.name).where(Resident.id.in_(resident_ids))).all())


def _brief() -> Select[Case, UUID, str]:
    found = select(Case, Household.area_id, Resident.name).select_from(Case)
    found = found.join(Resident, Resident.id == Case.resident_id, isouter=True)
    return found.join(Household, Household.id == Resident.household_id, isouter=True)


def _briefly(session: Session, found: Select[Case, UUID, str]) -> Sequence[CaseInBrief]:
    rows = session.execute(found).all()
    rung = (Page.case_id.in_([case.id for case, *_ in rows]), Page.state != PageState.NOT_RUNG)
    kept = dict(session.execute(select(Page.case_id, func.count()).where(*rung).group_by(Page.case_id)).all())
    return [CaseInBrief(case.id, case.kind, case.state, case.finding, case.opened_at, case.first_accepted_at,
                        case.closed_at, area_id, case.resident_id, name, case.past_pages + kept.get(case.id, 0))
            for case, area_id, name in rows]  # fmt: skip


def _raw(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return type_coerce(column, String)
