"""The life of a call in the database: queued, dialling, placed, ended. Every change is a compare-and-set."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, select, update
from sqlalchemy.orm import Session, object_session
from sqlalchemy.orm.attributes import flag_modified

from contacts.callers import refused_numbers
from core import actors, clock
from core.running import events
from core.running.wakeups import wake
from core.storage.database import holds_rows
from ivr import queries
from ivr.dialogue.engine import Dialogue, Turn, enter
from ivr.dialogue.stored import Document
from ivr.dispatch import lines, recorded
from ivr.dispatch.call_dialogues import carried as carried
from ivr.dispatch.call_dialogues import dialogue_of as dialogue_of
from ivr.dispatch.call_dialogues import new_call as new_call
from ivr.listener import EVERYBODY, Listener, Overlay, overlay_from
from ivr.models import ACTIVE_STATES, Call, CallState, CallTurn, Direction, Ending
from ivr.ports import owners
from ivr.ports.events import CallReport
from ivr.ports.provider import ProviderCall
from ivr.prompts import own_voices

DIALLING = "ivr.dial"
SWEEPING = "ivr.sweep"
RECOVERY = "ivr.recover"
DEFAULT_RING_SECONDS = 60
TALK_LIMIT = timedelta(minutes=10)
PROVIDER_QUEUE = timedelta(minutes=1)
"""The longest that a provider is trusted to keep a call waiting before it dials."""
REPORT_MARGIN_SECONDS = 5.0
"""Real seconds that a provider may be late with a report before we ask it; asking changes nothing."""
TURN_SECONDS = 75
"""Seconds within which a caller has heard the longest turn and its wait for a key is over."""
ASK_AGAIN_SECONDS = 60
INTERRUPTED_PAUSE = timedelta(seconds=10)
"""Whoever has pressed a key that nobody of us heard is rung again within a minute after we are back."""
NOTHING: Mapping[str, Any] = {}
_PLACED = (
    update(Call).where(Call.id == bindparam("its_id")).values(state=CallState.PLACED, provider_id=bindparam("its_name"))
)


def queue(
    session: Session,
    *,
    number: str,
    owner: str,
    dialogue: Dialogue | Document,
    urgency: int,
    due_at: datetime,
    not_after: datetime,
    ring_seconds: int = DEFAULT_RING_SECONDS,
    machine_detection: bool = True,
    listener: Listener = EVERYBODY,
) -> Call:
    """A call to ``number`` (E.164), to be dialled between two instants of the clock.

    With ``machine_detection`` the provider listens whether a machine has answered, and tells us. ``listener`` decides
    how it sounds.
    """
    call = new_call(
        session,
        dialogue,
        listener,
        direction=Direction.OUT,
        number=number,
        owner=owner,
        urgency=urgency,
        state=CallState.QUEUED,
        ring_seconds=ring_seconds,
        due_at=due_at,
        not_after=not_after,
        machine_detection=machine_detection,
    )
    session.add(call)
    if due_at <= clock.now():
        wake(session, DIALLING)
    return call


def overlay_of(call: Call) -> Overlay:
    """How the call sounds to whoever listens."""
    return overlay_from(call.overlay)


def go_on_with(call: Call, dialogue: Dialogue, step: str) -> Turn:
    """From now on the call follows another dialogue, beginning at ``step``: what was just heard has decided which.

    Returns the first turn of it; positions of the turns that follow are steps of the new dialogue.
    """
    rewrite(call, dialogue)
    return enter(dialogue, step)


def rewrite(call: Call, dialogue: Dialogue) -> None:
    """The call follows another dialogue; where somebody is talking in it already, see ``go_on_with``."""
    if (session := object_session(call)) is None:
        raise RuntimeError(f"call {call.id} is not held by anybody")
    overlay, kept = own_voices.overlay(session, dialogue, EVERYBODY).written(), carried(session, dialogue)
    call.dialogue_digest, call.particulars, call.overlay = kept["dialogue_digest"], kept["particulars"], overlay
    for column in (*kept, "overlay", "urgency", "not_after"):  # of several calls the same ones: one statement for all
        flag_modified(call, column)


def lead(ring_seconds: int) -> timedelta:
    """How long before the time in which people may be rung ends the last call is placed.

    It waits in the provider's queue and rings within this.
    """
    return PROVIDER_QUEUE + timedelta(seconds=ring_seconds)


def overdue_instant(ring_seconds: int) -> datetime:
    """When a call placed now should have stopped ringing and been reported, in clock time."""
    return _reported_after(ring_seconds)


def expect_next_turn(call: Call) -> None:
    """Something was just said: unless another turn or the end is reported in time, the provider is asked."""
    call.overdue_at = _reported_after(TURN_SECONDS)


def ask_again_soon(_: Session, call: Call) -> None:
    """The provider is asked about the call again in a while; sooner where a key may have been lost in it."""
    soon = clock.now() + INTERRUPTED_PAUSE
    call.overdue_at = soon if call.is_interrupted else _reported_after(ASK_AGAIN_SECONDS)


def adopt(session: Session, call: Call, provider_id: str) -> bool:
    """Ties the call to the provider's call; False when it is tied to another one already.

    A callback may overtake the reply to our own request: whichever comes first adopts. It may also tell of a call that
    we believed was never placed and have queued again: that one is not dialled a second time. A provider that tells us
    of a call is there again: its line rests no more.
    """
    if call.provider_id is None:
        if call.state == CallState.QUEUED and queries.active_call_with(session, call.number):
            return False
        if call.state == CallState.QUEUED:
            call.overdue_at = overdue_instant(call.ring_seconds)
        if call.state in {CallState.DIALLING, CallState.QUEUED}:
            call.state = CallState.PLACED
        call.provider_id = provider_id
        session.flush()
        if call.line_id is not None and lines.note_success(session, call.line_id):
            wake(session, DIALLING)
    return call.provider_id == provider_id


def note_placed(session: Session, provider_ids: Mapping[UUID, str]) -> None:
    """Ties claimed calls, which the caller holds and no callback has adopted, to those of the provider."""
    ids = [{"its_id": call_id, "its_name": name} for call_id, name in provider_ids.items()]
    session.connection().execute(_PLACED, ids)


def held(session: Session, call_id: UUID) -> Call | None:
    """The call, held until this unit of work ends; None when there is no such call."""
    hold_first(session, call_id)
    return queries.call_held(session, call_id)


def held_at(session: Session, call_id: UUID, number: int) -> tuple[Call | None, CallTurn | None]:
    """As ``held``, with the turn ``number`` of the call if that was stored before."""
    hold_first(session, call_id)
    return queries.call_held_at(session, call_id, number)


def hold_first(session: Session, call_id: UUID) -> None:
    """Holds what its owner changes together with a call: to be asked before the call itself is held or changed.

    Whoever holds the one and then wants the other would wait for somebody who came from the other side.
    """
    if holds_rows(session):
        owners.hold_first(session, call_id)


def end(
    session: Session,
    call_id: UUID,
    ending: Ending,
    *,
    refusal_code: int | None = None,
    more: Mapping[str, Any] = NOTHING,
) -> bool:
    """Ends a call once and tells its owner; False when it had ended before. ``more`` are other columns to be set.

    ``refusal_code`` is the provider's or the network's reason.
    """
    hold_first(session, call_id)
    call = session.scalars(
        update(Call)
        .where(Call.id == call_id, Call.state != CallState.ENDED)
        .values(
            state=CallState.ENDED, ending=ending, refusal_code=refusal_code, ended_at=clock.now(), worker=None, **more
        )
        .returning(Call)
        .execution_options(synchronize_session=False, populate_existing=True)
    ).one_or_none()
    if call is None:
        return False
    for leg in queries.live_legs(session, call_id):
        end(session, leg.id, Ending.CANCELLED)
    owners.owner_of(call).ended(session, call)
    events.append(session, actors.system(), "call.ended", call.id, ending=str(ending))
    wake(session, DIALLING)
    return True


def end_as_told(
    session: Session, call: Call, told: CallReport | ProviderCall, more: Mapping[str, Any] = NOTHING
) -> bool:
    """Ends a call as its provider says it has, with why nobody could be reached and what was said instead of an answer.

    A number that is not in service is marked for the office to correct.
    """
    if told.ending is None:
        return False
    hold_first(session, call.id)
    recorded.note_announcement(session, call, told.announcement)
    if told.ending is Ending.REFUSED and told.code is not None and call.state != CallState.ENDED:
        refused_numbers.mark(session, call.number, told.code, call.id)
    return end(session, call.id, told.ending, refusal_code=told.code, more=more)


def note_machine(session: Session, call: Call, *, by_machine: bool) -> None:
    """The provider's opinion whether a machine answered; it may come when the call is long over.

    Of two opinions the one that claims less counts: that nobody was there. Where a key was pressed, none counts.
    """
    if not by_machine or queries.heard_key(session, call.id):
        return
    call.by_machine = True
    if call.state == CallState.ENDED:
        owners.owner_of(call).was_machine(session, call)


def is_claimed(session: Session, call_id: UUID, requested_at: datetime) -> bool:
    """Whether the call is still being dialled by the claim made at ``requested_at``, and no callback has adopted it."""
    ours = session.scalar(select(Call.id).where(*_of_claim(call_id, requested_at)).with_for_update())
    return ours is not None


def give_back(session: Session, call_id: UUID, requested_at: datetime, due_at: datetime) -> None:
    """Puts a call that the claim made at ``requested_at`` has certainly not placed back into the queue."""
    _requeue(session, call_id, requested_at, due_at=due_at)


def put_off(session: Session, call_id: UUID, requested_at: datetime, due_at: datetime) -> None:
    """Puts a call that the provider refused for the time being back into the queue."""
    _requeue(session, call_id, requested_at, due_at=due_at, refusals=Call.refusals + 1)


def _requeue(session: Session, call_id: UUID, requested_at: datetime, **values: Any) -> None:
    """A call that was to be hung up meanwhile is not dialled any more."""
    requeued = session.execute(
        update(Call)
        .where(*_of_claim(call_id, requested_at))
        .values(state=CallState.QUEUED, worker=None, requested_at=None, request_deadline=None, cancel_at=None, **values)
        .execution_options(synchronize_session=False)
    )
    if requeued.rowcount == 0:  # type: ignore[attr-defined]
        return
    if session.get_one(Call, call_id, populate_existing=True).hang_up_wanted:
        end(session, call_id, Ending.NOT_WANTED)
    wake(session, DIALLING)


def _of_claim(call_id: UUID, requested_at: datetime) -> Sequence[ColumnElement[bool]]:
    """A worker that fell behind must not touch the claim of its successor."""
    return (
        Call.id == call_id,
        Call.state == CallState.DIALLING,
        Call.requested_at == requested_at,
        Call.provider_id.is_(None),
    )


def want_ended(session: Session, call: Call) -> None:
    """Ends the call as soon as may be: at once while it is queued, through the provider once it is placed."""
    if call.state == CallState.QUEUED:
        end(session, call.id, Ending.NOT_WANTED)
    elif call.state in ACTIVE_STATES:
        call.hang_up_wanted, call.overdue_at = True, clock.now()
        wake(session, SWEEPING)


def _reported_after(seconds: float) -> datetime:
    """``seconds`` of the clock from now, and the real seconds that a report may be late."""
    return clock.now() + timedelta(seconds=seconds + REPORT_MARGIN_SECONDS * clock.anchor().speed)
