"""Sweeping up what was left behind: calls in the queue too long, calls nobody knows of, ends that nobody reported."""

import threading

from core import clock
from core.storage.database import reading
from ivr.dispatch import legs, withdraw
from ivr.dispatch.claiming import end_expired
from ivr.provider.station import station
from ivr.queries import to_sweep
from ivr.reconciliation import lookup_overdue
from ivr.reconciliation.lookup_uncertain import cancel_late, resolve_doubtful
from ivr.turns import interruption

_sweeping = threading.Lock()


def sweep() -> None:
    """Looks every doubtful call up at the provider; what cannot be looked up now is looked up at a later sweep.

    A sweep that finds another still waiting for the provider leaves the work to that one. One that finds no such call
    has asked a single question, and kept nobody from writing.
    """
    if not _sweeping.acquire(blocking=False):
        return
    try:
        if _is_any():
            _sweep()
        station().standing.watch()
    finally:
        _sweeping.release()


def _is_any() -> bool:
    with reading() as session:
        return to_sweep.is_any(session, clock.now(), clock.real_now())


def _sweep() -> None:
    end_expired()
    resolve_doubtful()
    cancel_late()
    legs.end_orphans()
    lookup_overdue.poll()
    withdraw.end_at_provider()
    interruption.look_back()
