"""Claiming: in one transaction a worker takes the calls that it is about to ask the provider for.

A call that cannot even be looked at — its owner is missing, its dialogue makes no sense — goes to a human and holds
nobody up.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from core import clock
from core.storage.database import reading, write
from ivr import queries
from ivr.dialogue.engine import Dialogue
from ivr.dispatch import calls
from ivr.dispatch import lines as line
from ivr.models import Call, CallState, Ending, Line, Urgency, band
from ivr.ports import owners as seam
from ivr.ports.provider import REQUEST_TIMEOUT_SECONDS
from ivr.provider.station import station
from ivr.queries import Waiting

log = logging.getLogger(__name__)

LOOK_AHEAD = 50
"""Due calls among which those of a line are chosen for one claim."""
PASSED_OVER = 20
"""Calls that are not wanted any more, or whose prompts have no sound yet, and make room for the next ones."""
SEND_WITHIN = timedelta(seconds=3)
"""A request leaves so soon after its claim or not at all."""
REQUEST_MARGIN = SEND_WITHIN + timedelta(seconds=REQUEST_TIMEOUT_SECONDS) + timedelta(seconds=5)
"""Only so long after its claim can a call count as "not placed": the request is over, and what it did shows."""
SHARED_AFTER_SECONDS = 5.0
"""Real seconds that a routine call waits for the line that its resident knows before another one may take it."""

Voiced = Callable[[Call, Dialogue], bool]
Over = tuple[UUID, Ending]


@dataclass(frozen=True)
class Claimed:
    """A call that this worker has committed to dial on a line, from ``requested_at`` to ``send_by`` (real time)."""

    call_id: UUID
    line_id: UUID
    to: str
    from_: str
    ring_seconds: int
    urgency: Urgency
    refusals: int
    machine_detection: bool
    requested_at: datetime
    send_by: datetime


@dataclass(frozen=True)
class Room:
    """How many calls may be claimed now: in all, and routine ones among them."""

    any: int
    routine: int


@dataclass(frozen=True)
class Claims:
    """What a worker has claimed, and the ids of calls that are not to be dialled at all, with how each is to end."""

    claimed: Sequence[Claimed] = ()
    over: Sequence[Over] = ()


def claim(session: Session, each: Line, room: Room, is_voiced: Voiced) -> Claims:
    """Calls that may leave on the line now, the most urgent first: marked as dialled, to be committed before sending.

    ``is_voiced`` says whether a call can be heard, or must be placed all the same. What is over is ended afterwards
    (``end``): whoever holds many calls waits for nothing that those who tell their owners may hold.
    """
    claimed: list[Claimed] = []
    over: list[Over] = []
    in_use = queries.calls_in_use(session, each.id)
    waiting = _in_order(session, each)
    held = queries.queued_calls(session, [its.call_id for its in waiting[: room.any + PASSED_OVER]])
    for call in (held[its.call_id] for its in waiting if its.call_id in held):
        free = line.places(each.calls_at_once, in_use + len(claimed), call.urgency)
        if free == 0 or len(claimed) >= (room.any if band(call.urgency) is Urgency.ALERT else room.routine):
            break
        came_of_it = _taken(session, call, each, is_voiced)
        if isinstance(came_of_it, Claimed):
            claimed.append(came_of_it)
        elif came_of_it is not None:
            over.append((call.id, came_of_it))
    return Claims(claimed, over)


def _in_order(session: Session, each: Line) -> Sequence[Waiting]:
    """Alerts by their urgency, then those who know this line, then those who have waited for theirs long enough."""
    lines, real_now = queries.lines(session), clock.real_now()
    patience = clock.now() - timedelta(seconds=SHARED_AFTER_SECONDS * clock.anchor().speed)
    rank = {waiting: _rank(waiting, each, lines, patience, real_now)
            for waiting in queries.waiting_calls(session, clock.now(), LOOK_AHEAD)}  # fmt: skip
    return sorted((waiting for waiting, its in rank.items() if its is not None), key=lambda w: (rank[w], w.due_at))


def _rank(
    waiting: Waiting, each: Line, lines: Sequence[Line], patience: datetime, real_now: datetime
) -> tuple[int, bool] | None:
    """None for a call that is left to another line."""
    known = line.preferred(lines, waiting.number)
    elsewhere = known.id != each.id
    left = elsewhere and band(waiting.urgency) is Urgency.ROUTINE and waiting.due_at > patience
    return None if left and not line.is_resting(known, real_now) else (waiting.urgency, elsewhere)


def _taken(session: Session, call: Call, each: Line, is_voiced: Voiced) -> Claimed | Ending | None:
    """The call, claimed; how it is to end, when it is not to be dialled; None when it is not to be dialled now."""
    call_id = call.id
    try:
        with session.begin_nested():
            return _examined(session, call, each, is_voiced)
    except IntegrityError:  # another worker has just claimed a call to the same number
        return None
    except DBAPIError:
        raise
    except Exception:
        log.exception("call %s cannot be dialled; a person has to look after it", call_id)
        return Ending.FAILED


def _examined(session: Session, call: Call, each: Line, is_voiced: Voiced) -> Claimed | Ending | None:
    dialogue, too_late = calls.dialogue_of(call), call.not_after - calls.lead(call.ring_seconds)
    if clock.now() > too_late or not seam.owner_of(call).still_wanted(session, call):
        return Ending.NOT_WANTED
    return _committed(session, call, each) if is_voiced(call, dialogue) else None


def _committed(session: Session, call: Call, each: Line) -> Claimed:
    real_now = clock.real_now()
    call.state, call.line_id, call.worker = CallState.DIALLING, each.id, station().worker
    call.requested_at, call.request_deadline = real_now, real_now + REQUEST_MARGIN
    call.dialled_at, call.cancel_at = clock.now(), call.not_after
    call.overdue_at = calls.overdue_instant(call.ring_seconds)
    session.flush()
    return Claimed(
        call_id=call.id,
        line_id=each.id,
        to=call.number,
        from_=each.number,
        ring_seconds=call.ring_seconds,
        urgency=band(call.urgency),
        refusals=call.refusals,
        machine_detection=call.machine_detection,
        requested_at=real_now,
        send_by=real_now + SEND_WITHIN,
    )


def end_expired() -> None:
    """Takes calls whose time is over out of the queue, also while no line can dial."""
    with reading() as session:
        expired = queries.too_late(session, clock.now(), LOOK_AHEAD)
    end([(call_id, Ending.NOT_WANTED) for call_id in expired])


def end(over: Sequence[Over]) -> None:
    """Ends calls that still wait in the queue and are not to be dialled, each in a unit of work of its own."""
    for call_id, ending in over:
        write(partial(_end_queued, call_id, ending))


def _end_queued(call_id: UUID, ending: Ending, session: Session) -> None:
    calls.hold_first(session, call_id)
    if queries.queued_calls(session, [call_id]):
        _end(session, call_id, ending)


def _end(session: Session, call_id: UUID, ending: Ending) -> None:
    """Ends a call and tells its owner; where not even that is possible, the auditor finds whom the owner left."""
    try:
        with session.begin_nested():
            calls.end(session, call_id, ending)
    except DBAPIError:
        raise
    except Exception:
        log.exception("the owner of call %s could not be told of its end", call_id)
        session.execute(
            update(Call)
            .where(Call.id == call_id)
            .values(state=CallState.ENDED, ending=ending, ended_at=clock.now())
            .execution_options(synchronize_session=False)
        )
