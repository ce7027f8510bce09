"""Every SELECT of the calls that were made for check-ins, and how far they got."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import Session, aliased

from campaigns.models import CheckIn, CheckInCall, Outcome
from campaigns.queries import batches
from ivr.models import Call, CallState, Direction, Recording, RecordingState


def contact(session: Session, call_id: UUID, check_in_id: UUID) -> CheckInCall | None:
    """What a call has been for a check-in."""
    return session.get(CheckInCall, (call_id, check_in_id))


def contacts(session: Session, check_in_id: UUID) -> Sequence[Outcome]:
    """How far each call got in which this resident said nothing."""
    known = select(CheckInCall.contact).where(CheckInCall.check_in_id == check_in_id, CheckInCall.contact.is_not(None))
    return [Outcome(each) for each in session.scalars(known) if each]


def has_lost_call(session: Session, check_in_id: UUID) -> bool:
    """Whether a call about this check-in was lost through our own fault."""
    lost = exists().where(CheckInCall.check_in_id == check_in_id, CheckInCall.is_lost)
    return bool(session.scalar(select(lost)))


def places_lost(session: Session, check_in_ids: Collection[UUID]) -> dict[UUID, datetime]:
    """By check-in whose latest call was lost through our own fault, when that call was due; others are absent."""
    later = aliased(CheckInCall)
    made_since = exists().where(later.check_in_id == CheckInCall.check_in_id, later.call_id > CheckInCall.call_id)
    lost = (
        select(CheckInCall.check_in_id, Call.due_at)
        .join(Call, Call.id == CheckInCall.call_id)
        .where(CheckInCall.check_in_id.in_(check_in_ids), CheckInCall.is_lost, ~made_since)
    )
    return {row.check_in_id: row.due_at for row in session.execute(lost)}


def lost_calls(session: Session, round_id: UUID) -> dict[UUID, int]:
    """By check-in of a round, how many calls were lost through our own fault; check-ins without any are absent."""
    lost = (
        select(CheckInCall.check_in_id, func.count().label("times"))
        .join(CheckIn, CheckIn.id == CheckInCall.check_in_id)
        .where(CheckIn.round_id == round_id, CheckInCall.is_lost)
        .group_by(CheckInCall.check_in_id)
    )
    return {row.check_in_id: row.times for row in session.execute(lost)}


def last_contacts(session: Session, check_in_ids: Sequence[UUID]) -> dict[UUID, tuple[str, Outcome]]:
    """For each check-in that has been rung, the telephone (E.164) rung last and how far that call got."""
    rung = session.execute(
        select(CheckInCall.check_in_id, Call.number, CheckInCall.contact)
        .join(Call, Call.id == CheckInCall.call_id)
        .where(CheckInCall.check_in_id.in_(check_in_ids), CheckInCall.contact.is_not(None))
        .where(Call.direction == Direction.OUT)
        .order_by(Call.ended_at)
    )
    return {check_in_id: (number, Outcome(contact)) for check_in_id, number, contact in rung if contact}


@dataclass(frozen=True)
class Unreached:
    """A call about a check-in that nobody answered; ``code`` as in ``ivr.network_reasons``, number in E.164."""

    check_in_id: UUID
    number: str
    ended_at: datetime
    code: int
    recording_id: UUID | None


def unreached(session: Session, check_in_ids: Sequence[UUID]) -> Sequence[Unreached]:
    """For each check-in, the latest call to each number that ended unanswered for a reason, the earliest first.

    ``recording_id`` is what the network said then, once we have it.
    """
    here = Recording.state.in_((RecordingState.FETCHED, RecordingState.KEPT))
    rung = (
        select(CheckInCall.check_in_id, Call.number, Call.ended_at, Call.refusal_code, Recording.id)
        .join(Call, Call.id == CheckInCall.call_id)
        .outerjoin(Recording, and_(Recording.call_id == Call.id, here))
        .where(CheckInCall.check_in_id.in_(check_in_ids), Call.direction == Direction.OUT)
        .where(Call.answered_at.is_(None), Call.refusal_code.is_not(None))
        .order_by(Call.ended_at)
    )
    latest = {
        (check_in_id, number): Unreached(check_in_id, number, ended_at, code, recording_id)
        for check_in_id, number, ended_at, code, recording_id in session.execute(rung)
        if ended_at is not None and code is not None
    }
    return list(latest.values())


def live_calls(session: Session, check_in_id: UUID) -> Sequence[Call]:
    """Calls about this check-in that have not ended."""
    return session.scalars(
        select(Call)
        .join(CheckInCall, CheckInCall.call_id == Call.id)
        .where(CheckInCall.check_in_id == check_in_id, Call.state != CallState.ENDED)
    ).all()


def live_calls_of(session: Session, check_in_ids: Sequence[UUID]) -> dict[UUID, list[Call]]:
    """By check-in, the calls about it that have not ended, as they stand now."""
    found: defaultdict[UUID, list[Call]] = defaultdict(list)
    for ids in batches(check_in_ids):
        live = (
            select(CheckInCall.check_in_id, Call)
            .join(Call, Call.id == CheckInCall.call_id)
            .where(CheckInCall.check_in_id.in_(ids), Call.state != CallState.ENDED)
            .execution_options(populate_existing=True)
        )
        for check_in_id, call in session.execute(live):
            found[check_in_id].append(call)
    return found


def hold_calls(session: Session, check_in_ids: Sequence[UUID], *directions: Direction) -> None:
    """Holds the calls about these check-ins that have not ended: whoever dials or hears one of them is done first.

    Those out, or of the ``directions`` that are named.
    """
    for ids in batches(check_in_ids):
        theirs = select(CheckInCall.call_id).where(CheckInCall.check_in_id.in_(ids))
        live = select(Call.id).where(Call.id.in_(theirs), Call.state != CallState.ENDED)
        live = live.where(Call.direction.in_(directions or (Direction.OUT,)))
        session.execute(live.order_by(Call.id).with_for_update())


def free_calls(session: Session, call_ids: Collection[UUID]) -> Sequence[Call]:
    """Those of these calls that nobody else holds, as they stand now; held until the transaction ends."""
    free = select(Call).where(Call.id.in_(call_ids), Call.state != CallState.ENDED).order_by(Call.id)
    return session.scalars(free.with_for_update(skip_locked=True).execution_options(populate_existing=True)).all()


def is_wanted_by_somebody(session: Session, call_id: UUID) -> bool:
    """Whether a call asks for anybody who is still to be rung."""
    asked = exists().where(CheckInCall.call_id == call_id, CheckInCall.check_in_id == CheckIn.id)
    return bool(session.scalar(select(asked.where(CheckIn.outcome.is_(None), CheckIn.reason.is_(None)))))
