"""Every SELECT of the telephone."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, aliased

from ivr.models import (
    ACTIVE_STATES,
    Call,
    CallState,
    CallTurn,
    Direction,
    Line,
    Recording,
    Text,
    TextState,
    Urgency,
)


def lines(session: Session) -> Sequence[Line]:
    """Every line, in a fixed order."""
    return session.scalars(select(Line).order_by(Line.number)).all()


def calls_in_use(session: Session, line_id: UUID) -> int:
    """How many of the line's places are taken by calls out that live now."""
    return (
        session.scalar(
            select(func.count()).where(
                Call.line_id == line_id, Call.direction == Direction.OUT, Call.state.in_(ACTIVE_STATES)
            )
        )
        or 0
    )


def due_calls(session: Session, now: datetime, limit: int, urgency: Urgency) -> Sequence[Call]:
    """Queued calls that are due, most urgent first, one for each number and none to a number that is in a call."""
    active = aliased(Call)
    in_a_call = exists().where(active.number == Call.number, active.state.in_(ACTIVE_STATES))
    due = (
        select(Call)
        .where(Call.state == CallState.QUEUED, Call.due_at <= now, Call.urgency <= urgency, ~in_a_call)
        .order_by(Call.urgency, Call.due_at, Call.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    first_of_number = {call.number: call for call in reversed(session.scalars(due).all())}
    return list(reversed(first_of_number.values()))


def next_due(session: Session) -> datetime | None:
    """When the next queued call is due."""
    return session.scalar(select(func.min(Call.due_at)).where(Call.state == CallState.QUEUED))


def silent_dialling(session: Session, real_now: datetime) -> Sequence[Call]:
    """Calls whose worker should have reported the provider's answer by now and has not."""
    return session.scalars(
        select(Call)
        .where(Call.state == CallState.DIALLING, Call.parent_id.is_(None), Call.request_deadline <= real_now)
        .limit(100)
    ).all()


def live_legs(session: Session, parent_id: UUID) -> Sequence[Call]:
    """The legs of a call that have not ended."""
    return session.scalars(select(Call).where(Call.parent_id == parent_id, Call.state != CallState.ENDED)).all()


def orphaned_legs(session: Session, now: datetime) -> Sequence[Call]:
    """Legs the provider has not told us of, whose parents have ended or whose own time is over."""
    parent = aliased(Call)
    ended = exists().where(parent.id == Call.parent_id, parent.state == CallState.ENDED)
    untold = select(Call).where(Call.state == CallState.DIALLING, Call.parent_id.is_not(None))
    return session.scalars(untold.where(ended | (Call.overdue_at <= now)).limit(100)).all()


def count_legs(session: Session, parent_id: UUID) -> int:
    """How many legs a call has had."""
    return session.scalar(select(func.count()).where(Call.parent_id == parent_id)) or 0


def overdue(session: Session, now: datetime) -> Sequence[Call]:
    """Placed calls about which the provider is to be asked by now; those we want ended come first."""
    return session.scalars(
        select(Call)
        .where(Call.state == CallState.PLACED, Call.overdue_at <= now)
        .order_by(Call.hang_up_wanted.desc(), Call.overdue_at)
        .limit(100)
    ).all()


def withdrawn(session: Session) -> Sequence[Call]:
    """Calls that have ended for us and that the provider may still hold."""
    return session.scalars(select(Call).where(Call.hang_up_wanted, Call.state == CallState.ENDED).limit(100)).all()


def recordings_to_carry(session: Session, real_now: datetime, limit: int) -> Sequence[Recording]:
    """Recordings that are not yet ours alone, without their sound; the longest waiting first."""
    return session.scalars(
        select(Recording).where(Recording.next_try_at <= real_now).order_by(Recording.next_try_at).limit(limit)
    ).all()


def sound(session: Session, recording_id: UUID) -> bytes | None:
    """The sound of a recording, a WAV file; None while it has not been fetched."""
    return session.scalar(select(Recording.sound).where(Recording.id == recording_id))


def call_by_provider_id(session: Session, provider_id: str) -> Call | None:
    """The call that the provider knows by this id."""
    return session.scalars(select(Call).where(Call.provider_id == provider_id)).one_or_none()


def turn(session: Session, call_id: UUID, number: int) -> CallTurn | None:
    """One turn of a call."""
    return session.get(CallTurn, (call_id, number))


def heard_key(session: Session, call_id: UUID) -> bool:
    """Whether any key was pressed in this call."""
    pressed = exists().where(CallTurn.call_id == call_id, CallTurn.heard.startswith("key:"))
    return bool(session.scalar(select(pressed)))


def active_call_with(session: Session, number: str) -> Call | None:
    """The call that occupies this number now."""
    return session.scalars(select(Call).where(Call.number == number, Call.state.in_(ACTIVE_STATES))).one_or_none()


def unsent_texts(session: Session, now: datetime, limit: int) -> Sequence[Text]:
    """Texts that wait to be sent."""
    return session.scalars(
        select(Text)
        .where(Text.state == TextState.QUEUED, Text.next_try_at <= now)
        .order_by(Text.next_try_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()


def silent_sending(session: Session, real_now: datetime) -> Sequence[Text]:
    """Texts whose worker should have reported the provider's answer by now and has not."""
    return session.scalars(
        select(Text).where(Text.state == TextState.SENDING, Text.request_deadline <= real_now).limit(100)
    ).all()


def text_by_provider_id(session: Session, provider_id: str) -> Text | None:
    """The text that the provider knows by this id."""
    return session.scalars(select(Text).where(Text.provider_id == provider_id)).one_or_none()
