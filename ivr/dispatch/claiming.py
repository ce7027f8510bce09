"""Claiming: in one transaction a worker takes the calls that it is about to ask the provider for.

A call that cannot even be looked at — its owner is missing, its dialogue makes no sense — goes to a human and holds
nobody up.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
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
from ivr.dispatch import calls
from ivr.dispatch import lines as line
from ivr.models import Call, CallState, Ending, Line, Urgency, band
from ivr.ports import owners
from ivr.ports.provider import REQUEST_TIMEOUT_SECONDS
from ivr.provider.station import station
from ivr.queries import Waiting, to_sweep

log = logging.getLogger(__name__)

MOST_EXPIRED = 50
"""So many calls whose time is over are ended at once."""
PASSED_OVER = 20
"""Calls that are not wanted any more, or whose prompts have no sound yet, and make room for the next ones."""
SEND_WITHIN = timedelta(seconds=3)
"""A request leaves so soon after its claim or not at all."""
REQUEST_MARGIN = SEND_WITHIN + timedelta(seconds=REQUEST_TIMEOUT_SECONDS) + timedelta(seconds=5)
"""Only so long after its claim can a call count as "not placed": the request is over, and what it did shows."""
SHARED_AFTER_SECONDS = 5.0
"""Real seconds that a routine call waits for the line that its resident knows before another one may take it."""

Voiced = Callable[[UUID], bool]
Wanted = bool | Exception
"""What an owner says of a call, or how it failed over it."""
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


def claim(session: Session, each: Line, room: Room, waiting: Sequence[Waiting], is_voiced: Voiced) -> Claims:
    """Calls that may leave on the line now, the most urgent first: marked as dialled, to be committed before sending.

    ``is_voiced`` says whether a call can be heard, or must be placed all the same. What is over is ended afterwards
    (``end``): whoever holds many calls waits for nothing that those who tell their owners may hold.
    """
    claimed: list[Claimed] = []
    over: list[Over] = []
    in_use = queries.calls_in_use(session, each.id)
    rest = _in_order(session, each, waiting)[: room.any + PASSED_OVER]
    while fitting := _fitting(rest, each, room, in_use, len(claimed)):
        rest = rest[len(fitting) :]
        held = queries.queued_calls(session, [its.call_id for its in fitting])
        ready, ended = _examined(session, [held[its.call_id] for its in fitting if its.call_id in held], is_voiced)
        claimed += _committed(session, ready, each)
        over += ended
    return Claims(claimed, over)


def _in_order(session: Session, each: Line, waiting: Sequence[Waiting]) -> Sequence[Waiting]:
    """Alerts by their urgency, then those who know this line, then those who have waited for theirs long enough."""
    lines, real_now = queries.lines(session), clock.real_now()
    patience = clock.now() - timedelta(seconds=SHARED_AFTER_SECONDS * clock.anchor().speed)
    rank = {its: _rank(its, each, lines, patience, real_now) for its in waiting}
    return sorted((its for its, where in rank.items() if where is not None), key=lambda w: (rank[w], w.due_at))


def _rank(
    waiting: Waiting, each: Line, lines: Sequence[Line], patience: datetime, real_now: datetime
) -> tuple[int, bool] | None:
    """None for a call that is left to another line."""
    known = line.preferred(lines, waiting.number)
    elsewhere = known.id != each.id
    left = elsewhere and band(waiting.urgency) is Urgency.ROUTINE and waiting.due_at > patience
    return None if left and not line.is_resting(known, real_now) else (waiting.urgency, elsewhere)


def _fitting(rest: Sequence[Waiting], each: Line, room: Room, in_use: int, claimed: int) -> Sequence[Waiting]:
    """The first of the rest for which there is room on the line beside those that are claimed already."""
    for index, call in enumerate(rest):
        so_far = claimed + index
        free = line.places(each.calls_at_once, in_use + so_far, call.urgency)
        if free == 0 or so_far >= (room.any if band(call.urgency) is Urgency.ALERT else room.routine):
            return rest[:index]
    return rest


def _examined(session: Session, fitting: Sequence[Call], is_voiced: Voiced) -> tuple[Sequence[Call], Sequence[Over]]:
    """Those that can be dialled now, and those that are never to be; what waits for its sounds is neither."""
    ready: list[Call] = []
    over: list[Over] = []
    wanted = _wanted(
        session, [call for call in fitting if clock.now() <= call.not_after - calls.lead(call.ring_seconds)]
    )
    for call in fitting:
        try:
            if not _said(wanted.get(call.id, False)):
                over.append((call.id, Ending.NOT_WANTED))
            elif is_voiced(call.id):
                ready.append(call)
        except Exception:
            log.exception("call %s cannot be dialled; a person has to look after it", call.id)
            over.append((call.id, Ending.FAILED))
    return ready, over


def _said(wanted: Wanted) -> bool:
    if isinstance(wanted, Exception):
        raise wanted
    return wanted


def _wanted(session: Session, asked: Sequence[Call]) -> Mapping[UUID, Wanted]:
    """What their owners say of these calls: those who can are asked for all of theirs at once."""
    by_owner: defaultdict[str, list[Call]] = defaultdict(list)
    for call in asked:
        by_owner[call.owner].append(call)
    wanted: dict[UUID, Wanted] = {}
    for together in by_owner.values():
        wanted |= _wanted_of_owner(session, together)
    return wanted


def _wanted_of_owner(session: Session, together: Sequence[Call]) -> Mapping[UUID, Wanted]:
    """Where an owner fails over some of its calls, it is asked for each, so that the others are dialled."""
    try:
        owner = owners.owner_of(together[0])
        with session.begin_nested():
            wanted = owner.wanted_of(session, together)
            return {call.id: call.id in wanted for call in together}
    except DBAPIError:
        raise
    except Exception as failure:  # noqa: BLE001 - of a single call it is raised where it is given up
        if len(together) == 1:
            return {together[0].id: failure}
    return {call_id: its for call in together for call_id, its in _wanted_of_owner(session, [call]).items()}


def _committed(session: Session, ready: Sequence[Call], each: Line) -> Sequence[Claimed]:
    """Marks them all at once; where another worker has just claimed a call to one of the numbers, one by one."""
    if not ready:
        return []
    try:
        with session.begin_nested():
            return _marked(session, ready, each)
    except IntegrityError:
        if len(ready) == 1:
            return []
    return [claimed for call in ready for claimed in _committed(session, [call], each)]


def _marked(session: Session, ready: Sequence[Call], each: Line) -> Sequence[Claimed]:
    real_now = clock.real_now()
    by_ringing: defaultdict[int, list[UUID]] = defaultdict(list)
    for call in ready:
        by_ringing[call.ring_seconds].append(call.id)
    for ring_seconds, ids in by_ringing.items():
        session.execute(
            update(Call)
            .where(Call.id.in_(ids))
            .values(
                state=CallState.DIALLING,
                line_id=each.id,
                worker=station().worker,
                requested_at=real_now,
                request_deadline=real_now + REQUEST_MARGIN,
                dialled_at=clock.now(),
                cancel_at=Call.not_after,
                overdue_at=calls.overdue_instant(ring_seconds),
            )
            .execution_options(synchronize_session=False)
        )
    return [_claimed(call, each, real_now) for call in ready]


def _claimed(call: Call, each: Line, real_now: datetime) -> Claimed:
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
        expired = to_sweep.too_late(session, clock.now(), MOST_EXPIRED)
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
