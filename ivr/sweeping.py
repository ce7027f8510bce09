"""Sweeping up what was left behind: calls whose worker died while dialling, and calls whose end was never reported."""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

from core import clock
from core.database import reading, unit_of_work
from ivr import calls, queries
from ivr.claiming import end_expired
from ivr.models import Call, Ending
from ivr.resolving import AT_ONCE, DOUBT, cancel_late, resolve_doubtful
from ivr.station import station

log = logging.getLogger(__name__)
_sweeping = threading.Lock()


def sweep() -> None:
    """Looks every doubtful call up at the provider; what cannot be looked up now is looked up at a later sweep.

    A sweep that finds another still waiting for the provider leaves the work to that one.
    """
    if not _sweeping.acquire(blocking=False):
        return
    try:
        end_expired()
        resolve_doubtful()
        cancel_late()
        _follow_up_late()
    finally:
        _sweeping.release()


def recover() -> None:
    """After a start: learns the end of every call that ended while nobody of us was there to be told."""
    with reading() as session:
        placed = queries.placed(session)
    for call in placed:
        _learn_end(call.id, call.provider_id or "")


def _follow_up_late() -> None:
    with reading() as session:
        late = [call.id for call in queries.overdue(session, clock.now())]
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="follow-up") as pool:
        for followed_up in [pool.submit(_follow_up, call_id) for call_id in late]:
            if failure := followed_up.exception():
                log.error("a late call could not be followed up", exc_info=failure)


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
