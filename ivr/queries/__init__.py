"""Every SELECT of the telephone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Exists, bindparam, case, exists, func, literal, select
from sqlalchemy.orm import Session, aliased, defer

from core.storage.database import Instant, holds_rows
from core.storage.literals import literal_state
from ivr.dialogue.engine import PRESSED, Position, Sound
from ivr.models import (
    Call,
    CallState,
    CallTurn,
    Direction,
    Line,
    Recording,
    RecordingState,
    Urgency,
)


@dataclass(frozen=True)
class Waiting:
    """A queued call that is due."""

    call_id: UUID
    number: str
    urgency: int
    due_at: datetime


@dataclass(frozen=True)
class Unvoiced:
    """A queued call, as far as it decides what has to have a sound before it is dialled."""

    call_id: UUID
    urgency: int
    dialogue_digest: bytes
    particulars: str
    overlay: dict[str, Any] | None


UNSAID = "-"
_AFRESH = {"populate_existing": True}
_CALL_HELD = select(Call).where(Call.id == bindparam("call_id")).with_for_update()
_CALL_OF_PROVIDER = select(Call).where(Call.provider_id == bindparam("provider_id"))
_LIVE_LEGS = select(Call).where(Call.parent_id == bindparam("parent_id"), Call.state != CallState.ENDED)
_TURN = select(CallTurn).where(CallTurn.call_id == bindparam("call_id"), CallTurn.number == bindparam("number"))
_LINES = select(Line).where(Line.calls_at_once > 0).order_by(Line.number)
_IN_USE = select(func.count()).where(
    Call.line_id == bindparam("line_id"), Call.direction == Direction.OUT, Call.is_active
)
_THESE = Call.id.in_(bindparam("ids", expanding=True))
_IS_QUEUED = Call.state == literal_state(CallState.QUEUED)
_ACTIVE = aliased(Call)
_WAITING = (
    select(Call.id, Call.number, Call.urgency, Call.due_at)
    .where(
        _IS_QUEUED, Call.due_at <= bindparam("now"), ~exists().where(_ACTIVE.number == Call.number, _ACTIVE.is_active)
    )
    .order_by(Call.urgency, Call.due_at, Call.id)
    .limit(bindparam("most"))
)
_QUEUED = (
    select(Call)
    .options(defer(Call.particulars), defer(Call.overlay))  # the longest by far, and nobody who dials reads them here
    .where(_THESE, _IS_QUEUED)
    .with_for_update(skip_locked=True)
)
_UNVOICED = select(Call.id, Call.urgency, Call.dialogue_digest, Call.particulars, Call.overlay).where(_THESE)
_DIALLED_UNTIL = select(Call.id, Call.requested_at, Call.not_after).where(_THESE, Call.state == CallState.DIALLING)
_CLAIMED = (
    select(Call.id, Call.requested_at)
    .where(_THESE, Call.state == CallState.DIALLING, Call.provider_id.is_(None))
    .with_for_update(skip_locked=True)
)
_CALL_AND_TURN = (
    select(Call, CallTurn)
    .join(CallTurn, (CallTurn.call_id == Call.id) & (CallTurn.number == bindparam("number")), isouter=True)
    .where(Call.id == bindparam("call_id"))
    .with_for_update(of=Call, skip_locked=True)
)
_EXCHANGED = (CallTurn.at, CallTurn.sound, CallTurn.key, CallTurn.step, CallTurn.play)
_OF_CALL = CallTurn.call_id == bindparam("call_id")
_LAST_TURN = select(*_EXCHANGED).where(_OF_CALL).order_by(CallTurn.number.desc()).limit(1)
_LOST_KEY = (CallTurn.sound == Sound.LOST) & (func.length(CallTurn.key) == 1)
_HEARD_KEY = select(exists().where(_OF_CALL, CallTurn.sound.in_(PRESSED) | _LOST_KEY))
"""What every report of the provider asks for is composed once."""


@dataclass(frozen=True)
class Exchanged:
    """One turn of a call: when, what was heard, and at which step the next thing is heard."""

    at: datetime
    sound: Sound
    key: str
    step: str | None
    play: int


def lines(session: Session) -> Sequence[Line]:
    """Every line that is in service, in a fixed order."""
    return session.scalars(_LINES).all()


def all_lines(session: Session) -> Sequence[Line]:
    """Every line, also those of numbers that are no longer ours."""
    return session.scalars(select(Line)).all()


def our_numbers(session: Session) -> frozenset[str]:
    """The numbers of all lines."""
    return frozenset(session.scalars(select(Line.number)))


def calls_in_use(session: Session, line_id: UUID) -> int:
    """How many of the line's places are taken by calls out that live now."""
    return session.scalar(_IN_USE, {"line_id": line_id}) or 0


def calls_in_under_way(session: Session) -> Sequence[Call]:
    """Calls that somebody made to us and that have not ended."""
    return session.scalars(
        select(Call).where(Call.direction == Direction.IN, Call.is_active).order_by(Call.due_at)
    ).all()


def waiting_calls(session: Session, now: datetime, limit: int) -> Sequence[Waiting]:
    """Queued calls that are due, most urgent first, one for each number and none to a number that is in a call."""
    due = session.execute(_WAITING, {"now": now, "most": limit})
    waiting = (Waiting(*row) for row in reversed(due.all()))
    return list(reversed({each.number: each for each in waiting}.values()))


def queued_calls(session: Session, ids: Sequence[UUID]) -> dict[UUID, Call]:
    """Those of these calls that are queued, held against other workers; none that somebody else holds."""
    return {call.id: call for call in session.scalars(_QUEUED, {"ids": ids})}


def unvoiced(session: Session, ids: Sequence[UUID]) -> Sequence[Unvoiced]:
    """What these calls may say."""
    return [Unvoiced(*row) for row in session.execute(_UNVOICED, {"ids": ids})]


def dialled_until(session: Session, ids: Sequence[UUID]) -> Mapping[tuple[UUID, datetime | None], datetime]:
    """Until when (clock time) the claims of these calls may be carried out that are not over, by call and instant."""
    claimed = session.execute(_DIALLED_UNTIL, {"ids": ids})
    return {(call_id, requested_at): not_after for call_id, requested_at, not_after in claimed}


def claimed(session: Session, ids: Sequence[UUID]) -> Mapping[UUID, datetime | None]:
    """Since when those of these calls are claimed that no callback has adopted; held, and none that others hold."""
    return {row.id: row.requested_at for row in session.execute(_CLAIMED, {"ids": ids})}


def is_waiting(session: Session, now: datetime) -> bool:
    """Whether any queued call is due."""
    return bool(session.scalar(select(_due(now))))


def is_alert_waiting(session: Session, now: datetime) -> bool:
    """Whether any queued alert is due."""
    return bool(session.scalar(select(_due(now).where(Call.urgency < Urgency.ROUTINE))))


def _due(now: datetime) -> Exists:
    return exists().where(Call.state == literal_state(CallState.QUEUED), Call.due_at <= now)


def next_due(session: Session, now: datetime) -> datetime | None:
    """When the next queued call becomes due; those that are due already wait for something else than the time."""
    return session.scalar(
        select(func.min(Call.due_at)).where(Call.state == literal_state(CallState.QUEUED), Call.due_at > now)
    )


def known_provider_ids(session: Session, provider_ids: Sequence[str]) -> frozenset[str]:
    """Those of these ids that are tied to a call of ours."""
    known = session.scalars(select(Call.provider_id).where(Call.provider_id.in_(provider_ids)))
    return frozenset(provider_id for provider_id in known if provider_id)


def newest_request(session: Session) -> datetime | None:
    """When (real time) the provider was last asked for a call, as far as this database knows."""
    return session.scalar(select(func.max(Call.requested_at)))


def live_legs(session: Session, parent_id: UUID) -> Sequence[Call]:
    """The legs of a call that have not ended."""
    return session.scalars(_LIVE_LEGS, {"parent_id": parent_id}).all()


def count_legs(session: Session, parent_id: UUID) -> int:
    """How many legs a call has had."""
    return session.scalar(select(func.count()).where(Call.parent_id == parent_id)) or 0


def now_if_open(call_id: UUID, real_now: datetime) -> ColumnElement[datetime]:
    """For an update: ``real_now`` where the last words of the call asked something or nothing was ever said."""
    step = select(func.coalesce(CallTurn.step, "")).where(CallTurn.call_id == call_id)
    last = step.order_by(CallTurn.number.desc()).limit(1).scalar_subquery()
    return case((func.coalesce(last, UNSAID) != "", literal(real_now, Instant())), else_=None)


def recordings_to_carry(session: Session, real_now: datetime, limit: int) -> Sequence[Recording]:
    """Recordings that are not yet ours alone, without their sound; the longest waiting first."""
    return session.scalars(
        select(Recording).where(Recording.next_try_at <= real_now).order_by(Recording.next_try_at).limit(limit)
    ).all()


def recording_by_provider_id(session: Session, provider_id: str) -> Recording | None:
    """The recording that the provider knows by this id."""
    return session.scalars(select(Recording).where(Recording.provider_id == provider_id)).one_or_none()


def announcements(session: Session, made_before: datetime, limit: int) -> Sequence[Recording]:
    """What networks said before then instead of an answer, as far as we alone have it."""
    return session.scalars(
        select(Recording)
        .join(Call, Call.id == Recording.call_id)
        .where(Recording.is_kept, Recording.made_at < made_before, Call.answered_at.is_(None))
        .order_by(Recording.made_at)
        .limit(limit)
    ).all()


def announcements_of(session: Session, numbers: Sequence[str]) -> dict[str, UUID]:
    """By number, the latest recording of what the network said instead of an answer; nothing where there is none."""
    if not numbers:
        return {}
    here = Recording.state.in_((RecordingState.FETCHED, RecordingState.KEPT))
    heard = select(Call.number, Recording.id).join(Call, Call.id == Recording.call_id)
    theirs = heard.where(here, Call.answered_at.is_(None), Call.number.in_(numbers)).order_by(Recording.made_at)
    return dict(session.execute(theirs).all())


def sound(session: Session, recording_id: UUID) -> bytes | None:
    """The sound of a recording, a WAV file; None while it has not been fetched."""
    return session.scalar(select(Recording.sound).where(Recording.id == recording_id))


def call_by_provider_id(session: Session, provider_id: str) -> Call | None:
    """The call that the provider knows by this id."""
    return session.scalars(_CALL_OF_PROVIDER, {"provider_id": provider_id}).one_or_none()


def call_held(session: Session, call_id: UUID) -> Call | None:
    """The call, held until this unit of work ends; None when there is no such call."""
    return session.scalars(_CALL_HELD, {"call_id": call_id}, execution_options=_AFRESH).one_or_none()


def call_held_at(session: Session, call_id: UUID, number: int) -> tuple[Call | None, CallTurn | None]:
    """The call, held until this unit of work ends, and turn ``number`` of it; None for what there is not.

    Where somebody else holds the call the turn is asked for when it is held: they may be storing it. Of two that come
    in the same instant the second may not see what the first has stored; it fails for storing the same turn again.
    """
    asked = {"call_id": call_id, "number": number}
    if found := session.execute(_CALL_AND_TURN, asked, execution_options=_AFRESH).one_or_none():
        return found[0], found[1]
    held = call_held(session, call_id) if holds_rows(session) else None
    return held, turn(session, call_id, number) if held else None


def turn(session: Session, call_id: UUID, number: int) -> CallTurn | None:
    """One turn of a call."""
    return session.scalars(_TURN, {"call_id": call_id, "number": number}).one_or_none()


def turns_before(session: Session, call_id: UUID, number: int) -> Sequence[Exchanged]:
    """The turns of a call before turn ``number``, the earliest first, without what was said in them."""
    found = session.execute(
        select(*_EXCHANGED).where(CallTurn.call_id == call_id, CallTurn.number < number).order_by(CallTurn.number)
    )
    return [Exchanged(*row) for row in found]


def last_turn(session: Session, call_id: UUID) -> Exchanged | None:
    """The latest turn of a call, without what was said in it."""
    found = session.execute(_LAST_TURN, {"call_id": call_id}).one_or_none()
    return Exchanged(*found) if found else None


def last_position(session: Session, call_id: UUID) -> Position | None:
    """Where something was last asked in a call; None where nothing was."""
    last = last_turn(session, call_id)
    return Position(last.step, last.play) if last and last.step else None


def heard_key(session: Session, call_id: UUID) -> bool:
    """Whether any key was pressed in this call, one at a time or several at once."""
    return bool(session.scalar(_HEARD_KEY, {"call_id": call_id}))


def active_call_with(session: Session, number: str) -> Call | None:
    """The call that occupies this number now."""
    return session.scalars(select(Call).where(Call.number == number, Call.is_active)).one_or_none()


def in_a_call(session: Session, numbers: Sequence[str]) -> bool:
    """Whether one of these numbers is occupied by a call of ours now."""
    occupied = exists().where(Call.number.in_(numbers), Call.is_active)
    return bool(session.scalar(select(occupied)))


def are_calls_under_way(session: Session) -> bool:
    """Whether anybody's telephone rings or is talked on, as far as we know."""
    return bool(session.scalar(select(exists().where(Call.is_active))))


def last_heard_from(session: Session, numbers: Sequence[str]) -> str | None:
    """The one of these numbers at which somebody last talked with us."""
    answered = select(Call.number).where(Call.number.in_(numbers), Call.answered_at.is_not(None))
    return session.scalar(answered.order_by(Call.answered_at.desc()).limit(1))
