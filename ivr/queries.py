"""Every SELECT of the telephone."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, aliased

from ivr.models import ACTIVE_STATES, Call, CallState, CallTurn, Direction, Line, Text, TextIn, TextState, Urgency


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
        select(Call).where(Call.state == CallState.DIALLING, Call.request_deadline <= real_now).limit(100)
    ).all()


def placed(session: Session) -> Sequence[Call]:
    """Every call that the provider has and that has not ended."""
    return session.scalars(select(Call).where(Call.state == CallState.PLACED)).all()


def overdue(session: Session, now: datetime) -> Sequence[Call]:
    """Placed calls whose end should have been reported by now, and those we want ended."""
    return session.scalars(
        select(Call).where(Call.state == CallState.PLACED, (Call.overdue_at <= now) | Call.hang_up_wanted).limit(100)
    ).all()


def call_by_provider_id(session: Session, provider_id: str) -> Call | None:
    """The call that the provider knows by this id."""
    return session.scalars(select(Call).where(Call.provider_id == provider_id)).one_or_none()


def turn(session: Session, call_id: UUID, number: int) -> CallTurn | None:
    """One turn of a call."""
    return session.get(CallTurn, (call_id, number))


def active_call_with(session: Session, number: str) -> Call | None:
    """The call that occupies this number now."""
    return session.scalars(select(Call).where(Call.number == number, Call.state.in_(ACTIVE_STATES))).one_or_none()


def unsent_texts(session: Session, now: datetime, limit: int) -> Sequence[Text]:
    """Texts that wait to be sent, most urgent first."""
    return session.scalars(
        select(Text)
        .where(Text.state == TextState.QUEUED, Text.next_try_at <= now)
        .order_by(Text.urgency, Text.next_try_at, Text.id)
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


def text_for_update(session: Session, text_id: UUID) -> Text | None:
    """The text, held until this unit of work ends; None when there is no such text."""
    return session.scalars(
        select(Text).where(Text.id == text_id).with_for_update().execution_options(populate_existing=True)
    ).one_or_none()


def texts_to_look_up(session: Session, real_now: datetime) -> Sequence[Text]:
    """Sent texts whose delivery should have been reported by now."""
    return session.scalars(
        select(Text)
        .where(Text.look_up_at <= real_now, Text.state == TextState.SENT)
        .order_by(Text.look_up_at)
        .limit(100)
    ).all()


def has_texted(session: Session, number: str, owner: str, since: datetime) -> bool:
    """Whether a text of this owner's has been queued to this number since then."""
    is_known = exists().where(Text.number == number, Text.owner == owner, Text.created_at >= since)
    return bool(session.scalar(select(is_known)))


def text_in_by_provider_id(session: Session, provider_id: str) -> TextIn | None:
    """The text to us that the provider knows by this id."""
    return session.scalars(select(TextIn).where(TextIn.provider_id == provider_id)).one_or_none()


def text_in_for_update(session: Session, text_id: UUID) -> TextIn | None:
    """A text that came in, held until this unit of work ends."""
    return session.scalars(select(TextIn).where(TextIn.id == text_id).with_for_update()).one_or_none()


def unread_texts(session: Session, real_now: datetime) -> Sequence[TextIn]:
    """Texts that came in and that nobody has read, the earliest first."""
    return session.scalars(
        select(TextIn).where(TextIn.next_try_at <= real_now).order_by(TextIn.received_at).limit(100)
    ).all()
