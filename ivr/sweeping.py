"""Sweeping up what was left behind: calls whose worker died while dialling, and calls whose end was never reported."""

import logging
import threading
from uuid import UUID

from core import clock
from core.database import reading, unit_of_work
from ivr import calls, dialling, legs, polling, queries
from ivr.models import Call, CallState, Line
from ivr.station import station
from ivr.telephony import RefusedForGoodError, RefusedForNowError, UncertainError

log = logging.getLogger(__name__)
_turn = threading.Lock()
DOUBT = (RefusedForNowError, RefusedForGoodError, UncertainError)


def sweep() -> None:
    """Looks every doubtful call up at the provider; what cannot be looked up now is looked up at the next sweep.

    One sweep at a time: a provider that answers slowly must not occupy every worker with sweeps.
    """
    if _turn.acquire(blocking=False):
        try:
            _sweep()
        finally:
            _turn.release()


def _sweep() -> None:
    with reading() as session:
        doubtful = [call.id for call in queries.silent_dialling(session, clock.real_now())]
    for call_id in doubtful:
        _resolve(call_id)
    legs.end_orphans()
    polling.poll()


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
