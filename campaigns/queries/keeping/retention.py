"""Every SELECT of calls and events that need not be kept any longer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session

from campaigns.models import CheckIn, CheckInCall, Round, Trial
from core.running.events import Event
from escalation.models import Case, Page, PageState, TruthCall
from ivr.models import Call, CallState, Direction, Ending, Recording

OF_CALLS, OF_CHECK_INS, OF_CASES = ("call.%",), ("check_in.%",), ("case.%", "page.%")


@dataclass(frozen=True)
class Window:
    """The next calls in the order in which they were made: up to ``last``, of which ``over`` need not be kept."""

    last: UUID
    over: Sequence[UUID]


def next_calls(session: Session, after: UUID, before: datetime, limit: int) -> Window | None:
    """The calls made next after this one; None where the next one is not older than ``before``."""
    found = session.execute(
        select(Call.id, Call.due_at).where(Call.id > after, Call.parent_id.is_(None)).order_by(Call.id).limit(limit)
    ).all()
    old = [call_id for call_id, due_at in found if due_at < before]
    return Window(old[-1], over(session, old, before)) if old else None


def over(session: Session, call_ids: Sequence[UUID], before: datetime) -> Sequence[UUID]:
    """Those of these calls that ended before then, and whose rounds and cases are over, with all their legs."""
    ended = select(Call.id).where(Call.id.in_(call_ids), *_has_ended(before))
    parents = set(session.scalars(ended))
    family = select(Call.id, Call.parent_id).where(or_(Call.id.in_(parents), Call.parent_id.in_(parents)))
    parent_of = {call_id: parent_id or call_id for call_id, parent_id in session.execute(family)}
    kept = session.scalars(select(Call.id).where(Call.id.in_(parent_of), or_(*_still_needed(before))))
    stay = {parent_of[call_id] for call_id in kept}
    return [call_id for call_id, parent_id in parent_of.items() if parent_id not in stay]


def _has_ended(before: datetime) -> tuple[ColumnElement[bool], ...]:
    return Call.state == CallState.ENDED, Call.ended_at < before


def _still_needed(before: datetime) -> Sequence[ColumnElement[bool]]:
    """Whatever of a call, or of one of its legs, is still to be done, to be heard, or told of."""
    under_way = (CheckInCall.is_lost, Round.completed_at.is_(None))
    return [
        Call.state != CallState.ENDED,
        Call.hang_up_wanted.is_(True),
        Call.look_back_at.is_not(None),
        exists().where(Recording.call_id == Call.id),
        exists().where(CheckInCall.call_id == Call.id, CheckIn.id == CheckInCall.check_in_id,
                       Round.id == CheckIn.round_id, or_(*under_way)),
        exists().where(Page.call_id == Call.id, Case.id == Page.case_id, _is_kept(before)),
        exists().where(TruthCall.call_id == Call.id, Case.id == TruthCall.case_id, _is_kept(before)),
        exists().where(Trial.call_id == Call.id, Trial.result.is_(None)),
    ]  # fmt: skip


def _is_kept(before: datetime) -> ColumnElement[bool]:
    """Whether what belongs to a case stays."""
    return or_(Case.closed_at.is_(None), Case.closed_at >= before)


@dataclass(frozen=True)
class CallOver:
    """What is counted of a call that is not kept."""

    id: UUID
    owner: str
    direction: Direction
    ending: Ending | None
    answered_at: datetime | None
    ended_at: datetime


def counted(session: Session, call_ids: Sequence[UUID]) -> Sequence[CallOver]:
    """What is counted of these calls."""
    found = select(Call.id, Call.owner, Call.direction, Call.ending, Call.answered_at, Call.ended_at)
    ended = session.execute(found.where(Call.id.in_(call_ids)))
    return [
        CallOver(call_id, owner, direction, ending, answered_at, ended_at)
        for call_id, owner, direction, ending, answered_at, ended_at in ended
        if ended_at is not None
    ]


def pages_over(session: Session, call_ids: Sequence[UUID]) -> dict[UUID, int]:
    """By case, how many pages these calls have carried that rang somebody."""
    rang = func.sum(case((Page.state == PageState.NOT_RUNG, 0), else_=1))
    found = select(Page.case_id, rang).where(Page.call_id.in_(call_ids)).group_by(Page.case_id)
    return dict(session.execute(found).all())


def events_over(session: Session, after: int, before: datetime, limit: int) -> Sequence[int]:
    """The next events before then of calls, of check-ins whose round is over, and of cases that were closed before."""
    open_round = exists().where(
        CheckIn.id == Event.subject_id, Round.id == CheckIn.round_id, Round.completed_at.is_(None)
    )
    kept_case = exists().where(Case.id == Event.subject_id, _is_kept(before))
    forgettable = or_(
        _of_kinds(*OF_CALLS), and_(_of_kinds(*OF_CHECK_INS), ~open_round), and_(_of_kinds(*OF_CASES), ~kept_case)
    )
    found = select(Event.id).where(Event.id > after, Event.at < before, forgettable)
    return session.scalars(found.order_by(Event.id).limit(limit)).all()


def _of_kinds(*kinds: str) -> ColumnElement[bool]:
    return or_(*(Event.kind.like(kind) for kind in kinds))
