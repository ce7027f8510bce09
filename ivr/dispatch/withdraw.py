"""Calls that are withdrawn because whoever they were for has rung us: ended for us at once, at the provider soon after.

A withdrawn call has ended in our books, so that the number is free for the call in, while ``hang_up_wanted`` remembers
that the provider may still hold it. Only the sweep clears that mark, and only when the provider says that it is over.
A call that was answered meanwhile is left alone: its owner says a kind word and ends it.
"""

import logging
from uuid import UUID

from sqlalchemy.orm import Session

from core import clock
from core.running.wakeups import wake
from core.storage.database import reading, unit_of_work
from ivr import queries
from ivr.dispatch import calls
from ivr.models import Call, Direction, Ending, Line
from ivr.ports.provider import UNKNOWN
from ivr.provider.station import station
from ivr.queries import to_sweep

log = logging.getLogger(__name__)


def withdraw(session: Session, call: Call) -> None:
    """Ends a call out that is being dialled or rings; an earlier call in from the same number has been lost."""
    if call.direction == Direction.IN:
        calls.end(session, call.id, Ending.COMPLETED)
        return
    if calls.end(session, call.id, Ending.WITHDRAWN):
        call.hang_up_wanted = True
        wake(session, calls.SWEEPING)


def end_at_provider() -> None:
    """Ends at the provider what was withdrawn; what cannot be ended now is ended at the next sweep."""
    with reading() as session:
        withdrawn = [call.id for call in to_sweep.withdrawn(session)]
    for call_id in withdrawn:
        try:
            _end(call_id)
        except UNKNOWN as doubt:
            log.warning("withdrawn call %s cannot be ended now: %s", call_id, doubt)


def _end(call_id: UUID) -> None:
    with reading() as session:
        call = session.get_one(Call, call_id)
    provider_id = call.provider_id or _found(call)
    if provider_id is None:
        if call.request_deadline is None or call.request_deadline <= clock.real_now():
            _settled(call_id, None)
        return
    station().telephony.cancel(provider_id)
    known = station().telephony.look_up(provider_id)
    if known is None or known.ending is not None:
        _settled(call_id, provider_id)


def _found(call: Call) -> str | None:
    """What the provider made of a request whose answer never came; nothing is concluded before its deadline."""
    if call.requested_at is None or call.request_deadline is None or call.request_deadline > clock.real_now():
        return None
    with reading() as session:
        line = session.get_one(Line, call.line_id)
    placed = station().telephony.calls_since(call.number, line.number, call.requested_at)
    with reading() as session:
        unknown = [each for each in placed if queries.call_by_provider_id(session, each.provider_id) is None]
    return unknown[0].provider_id if unknown else None


def _settled(call_id: UUID, provider_id: str | None) -> None:
    with unit_of_work() as session:
        call = session.get_one(Call, call_id)
        call.provider_id = call.provider_id or provider_id
        call.hang_up_wanted = False
