"""Sweeping up what was left behind: calls whose worker died while dialling, and calls whose end was never reported."""

import logging
from datetime import timedelta
from uuid import UUID

from core import clock
from core.database import reading, unit_of_work
from ivr import calls, dialling, legs, queries
from ivr.models import Call, CallState, Ending, Line
from ivr.station import station
from ivr.telephony import RefusedForGoodError, RefusedForNowError, UncertainError

log = logging.getLogger(__name__)
DOUBT = (RefusedForNowError, RefusedForGoodError, UncertainError)


def sweep() -> None:
    """Looks every doubtful call up at the provider; what cannot be looked up now is looked up at the next sweep."""
    with reading() as session:
        doubtful = [call.id for call in queries.silent_dialling(session, clock.real_now())]
        late = [call.id for call in queries.overdue(session, clock.now())]
    for call_id in doubtful:
        _resolve(call_id)
    for call_id in late:
        _follow_up(call_id)
    legs.end_orphans()


def recover() -> None:
    """After a start: learns the end of every call that ended while nobody of us was there to be told."""
    with reading() as session:
        placed = queries.placed(session)
    for call in placed:
        _learn_end(call.id, call.provider_id or "")


def _resolve(call_id: UUID) -> None:
    """Adopts the provider's call, or puts ours back into the queue once it is certain that none was placed."""
    with reading() as session:
        call = session.get_one(Call, call_id)
        line = session.get_one(Line, call.line_id)
        claimed_at = (call.request_deadline or clock.real_now()) - dialling.REQUEST_MARGIN
    try:
        placed = station().telephony.calls_since(call.number, line.number, claimed_at)
    except DOUBT as doubt:
        log.warning("call %s cannot be looked up now: %s", call_id, doubt)
        return
    with unit_of_work() as session:
        unknown = [each for each in placed if queries.call_by_provider_id(session, each.provider_id) is None]
        call = session.get_one(Call, call_id)
        if call.state != CallState.DIALLING:
            return
        if not unknown:
            calls.give_back(session, call_id, clock.now())
            return
        calls.adopt(session, call, unknown[0].provider_id)
        if unknown[0].ending is not None:
            calls.end(session, call_id, unknown[0].ending)


def _learn_end(call_id: UUID, provider_id: str) -> None:
    try:
        known = station().telephony.look_up(provider_id)
    except DOUBT as doubt:
        log.warning("call %s cannot be looked up now: %s", call_id, doubt)
        return
    if known is None or known.ending is not None:
        with unit_of_work() as session:
            calls.end(session, call_id, known.ending if known and known.ending else Ending.FAILED)


def _follow_up(call_id: UUID) -> None:
    """Hangs up what is no longer wanted or has lasted too long, and learns the end that nobody reported."""
    with reading() as session:
        call = session.get_one(Call, call_id)
    if call.provider_id is None:
        return
    try:
        station().telephony.hang_up(call.provider_id)
        known = station().telephony.look_up(call.provider_id)
    except DOUBT as doubt:
        log.warning("call %s cannot be followed up now: %s", call_id, doubt)
        return
    with unit_of_work() as session:
        if known is None or known.ending is not None:
            calls.end(session, call_id, known.ending if known and known.ending else Ending.FAILED)
        else:
            live = session.get_one(Call, call_id)
            live.hang_up_wanted = False
            live.overdue_at = clock.now() + timedelta(seconds=calls.REPORT_MARGIN_SECONDS * clock.anchor().speed)
