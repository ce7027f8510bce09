"""Every SELECT of a ladder that looks: who lives where, whose telephone rings, what each page has come to."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import BindParameter, String, and_, bindparam, cast, exists, func, null, or_, select, union_all
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload

from contacts.models import Resident, Responder
from contacts.queries.near import Home, HomeRow, home_in, home_parts, other
from core.storage.database import Instant
from core.storage.literals import literal_state
from core.storage.read_once import read_once
from escalation.models import Case, Page, PageState
from ivr.models import RANG_NOBODY, Call, CallState, Ending, Line

BEING_ASKED = select(Page.responder_id).where(Page.state == literal_state(PageState.CALLING))
UNHEARD = (Call.state != CallState.ENDED, Call.answered_at.is_(None), Call.hang_up_wanted.is_(False))
"""Calls that nobody has picked up yet."""
_IN_A_CALL = select(Responder.id).where(exists().where(Call.number == Responder.number, Call.is_active))
_LINE = "line"
_SURROUNDINGS = union_all(*home_parts(), other(_LINE, Line.number))
_OTHER = aliased(Responder)
_AT_THEIR_SECOND = (
    select(Responder.id)
    .where(exists().where(Call.number == Responder.second_number, Call.is_active))
    .where(~exists().where(_OTHER.number == Responder.second_number))
)
"""Of a telephone that is another responder's first it is not known who is speaking; no help waits for that."""
_CALLING = Page.state == literal_state(PageState.CALLING)
_OF_CASE = Page.case_id == bindparam("case_id")
_RESPONDER_IDS: BindParameter[Any] = bindparam("responder_ids", expanding=True)
_ANY_RESPONDER = func.coalesce(Page.responder_id, Page.responder_id)
"""For no index: few are rung now, and each has had many pages before."""
_TOLD = (Page.call_id == Call.id, _CALLING)
_RINGING = (
    select(
        Call,
        select(Page.responder_id).where(*_TOLD).limit(1).scalar_subquery(),
        select(func.count()).select_from(Page).where(*_TOLD).scalar_subquery(),
    )
    .where(Call.id.in_(select(Page.call_id).where(_CALLING, _ANY_RESPONDER.in_(_RESPONDER_IDS))))
    .where(Call.owner == bindparam("owner"), *UNHEARD)
    .order_by(Call.id)
    .with_for_update(of=Call, skip_locked=True)
)
_UNDIALLED = (
    select(Call)
    .where(Call.id.in_(select(Page.call_id).where(_OF_CASE, _CALLING)))
    .where(Call.state == literal_state(CallState.QUEUED))
    .order_by(Call.id)
)
_NEVER_LEFT = and_(Call.state == CallState.ENDED, Call.requested_at.is_(None), Call.dialled_at.is_(None))
_RANG_NOBODY = or_(_NEVER_LEFT, func.coalesce(Call.ending, "").in_(RANG_NOBODY))
_RUNG = (
    select(Page.responder_id, func.min(Page.asked_at), Call.number)
    .join(Call, Call.id == Page.call_id)
    .where(Page.responder_id.in_(_RESPONDER_IDS), Page.asked_at > bindparam("since"))
    .where(Call.parent_id.is_(None), ~_RANG_NOBODY)
    .group_by(Page.responder_id, Page.call_id, Call.number)
)
_NEVER = (cast(null(), Instant()), cast(null(), String()))
_ENGAGED_AND_RUNG = union_all(
    _RUNG, *(each.add_columns(*_NEVER) for each in (BEING_ASKED, _IN_A_CALL, _AT_THEIR_SECOND))
)
_PAGES_WITH_CALLS = (
    select(Page.id, Page.responder_id, Page.state, Page.asked_at, Call.number, Call.ending, Call.parent_id.is_not(None))
    .join(Call, Call.id == Page.call_id)
    .where(_OF_CASE)
    .order_by(Page.asked_at, Page.id)
)
_ABOUT = (joinedload(Case.resident).joinedload(each) for each in (Resident.household, Resident.community))
_PAGES_IN_FULL = (
    select(Page)
    .join(Page.case)
    .where(Page.call_id.in_(bindparam("call_ids", expanding=True)))
    .options(contains_eager(Page.case).options(*_ABOUT))
    .order_by(Case.urgency, Case.opened_at, Case.id)
)
"""What each look at a ladder asks for is composed once."""


class Ringing(NamedTuple):
    """A call that nobody has picked up yet, and how many cases it is to ask about."""

    call: Call
    carried: int


@dataclass(frozen=True)
class PageCalled:
    """A page of a case as its ladder sees it; ``number`` is where its call rings, ``ending`` how that ended."""

    page_id: UUID
    responder_id: UUID
    state: str
    asked_at: datetime
    number: str
    ending: str | None
    is_of_leg: bool

    @property
    def was_dialled(self) -> bool:
        """Whether its call did not leave the queue undialled, and so has asked somebody."""
        return self.ending != Ending.NOT_WANTED


def ringing_calls(session: Session, owner: str, responder_ids: Collection[UUID]) -> dict[UUID, Ringing]:
    """For each of these responders their call of pages that nobody has picked up yet, held until the transaction ends.

    A call that another transaction holds may be ending or being answered, and is left out.
    """
    found = session.execute(_RINGING, {"responder_ids": list(responder_ids), "owner": owner})
    return {responder_id: Ringing(call, count) for call, responder_id, count in found}


def undialled_calls(session: Session, case_id: UUID) -> Sequence[Call]:
    """The calls of a case's live pages that still wait to be dialled, in a fixed order."""
    return session.scalars(_UNDIALLED, {"case_id": case_id}).all()


def told_in(session: Session, call_ids: Sequence[UUID]) -> dict[UUID, list[tuple[int, int]]]:
    """For each case that one of these calls is still to ask about: its urgency, and how many are being asked before."""
    found: dict[UUID, list[tuple[int, int]]] = {}
    if not call_ids:
        return found
    before = aliased(Page)
    earlier = or_(before.asked_at < Page.asked_at, and_(before.asked_at == Page.asked_at, before.id < Page.id))
    asked_before = select(func.count()).where(
        before.case_id == Page.case_id, before.state == literal_state(PageState.CALLING), earlier
    )
    told = (
        select(Page.call_id, Case.urgency, asked_before.scalar_subquery())
        .join(Page.case)
        .where(Page.call_id.in_(call_ids), Page.state == literal_state(PageState.CALLING))
    )
    for call_id, urgency, count in session.execute(told):
        found.setdefault(call_id, []).append((urgency, count))
    return found


def pages_carried(session: Session, call_ids: Sequence[UUID]) -> Counter[UUID]:
    """How many cases each of these calls is still to ask about."""
    live = select(Page.call_id).where(Page.call_id.in_(call_ids), Page.state == literal_state(PageState.CALLING))
    return Counter(session.scalars(live))


def engaged_and_rung(
    session: Session, responder_ids: Collection[UUID], since: datetime
) -> tuple[set[UUID], dict[UUID, list[tuple[datetime, str]]]]:
    """Who is engaged (see ``engaged_responders``), and when calls of pages were made to each of these responders, and
    to which number; legs, and what rang nobody, are not counted. One statement."""
    about = {"responder_ids": list(responder_ids), "since": since}
    busy: set[UUID] = set()
    found: dict[UUID, list[tuple[datetime, str]]] = {}
    for responder_id, at, number in session.execute(_ENGAGED_AND_RUNG, about):
        if at is None:
            busy.add(responder_id)
        else:
            found.setdefault(responder_id, []).append((at, number))
    return busy, found


def engaged_responders(session: Session) -> set[UUID]:
    """Responders who are being asked about a case, or are on the telephone with us for any other reason."""
    return set(session.scalars(BEING_ASKED.union(_IN_A_CALL, _AT_THEIR_SECOND)))


@read_once("residents", "households", "areas", "phones", "resident_flags", "lines")
def surroundings(session: Session, resident_id: UUID) -> tuple[Home, frozenset[str]]:
    """A resident's home, and the numbers of our lines, in one statement."""
    rows = [HomeRow._make(row) for row in session.execute(_SURROUNDINGS, {"resident_id": resident_id})]
    return home_in(rows), frozenset(row.name for row in rows if row.what == _LINE)


def pages_with_calls(session: Session, case_id: UUID) -> Sequence[PageCalled]:
    """The pages of a case with what is known of their calls, oldest first."""
    return [PageCalled(*row) for row in session.execute(_PAGES_WITH_CALLS, {"case_id": case_id})]


def pages_asked(session: Session, case_id: UUID) -> Sequence[PageCalled]:
    """The pages of a case, oldest first, without those whose call was never dialled."""
    return [page for page in pages_with_calls(session, case_id) if page.was_dialled]


def pages_in_full(session: Session, call_ids: Sequence[UUID]) -> Sequence[Page]:
    """As ``pages_of_call`` of several calls, with the residents, their homes and communities."""
    return session.scalars(_PAGES_IN_FULL, {"call_ids": call_ids}).all()


def pages_ringing(session: Session, responder_id: UUID) -> Sequence[Page]:
    """What one responder is being asked just now, the earliest first."""
    found = select(Page).where(_CALLING, _ANY_RESPONDER.in_([responder_id]))
    return session.scalars(found.order_by(Page.asked_at, Page.id).execution_options(populate_existing=True)).all()
