"""Sweeping up what was left behind: calls in the queue too long, calls nobody knows of, ends that nobody reported."""

import threading

from ivr.dispatch import legs, withdraw
from ivr.dispatch.claiming import end_expired
from ivr.provider.station import station
from ivr.reconciliation import lookup_overdue
from ivr.reconciliation.lookup_uncertain import cancel_late, resolve_doubtful
from ivr.turns import interruption

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
        legs.end_orphans()
        lookup_overdue.poll()
        withdraw.end_at_provider()
        interruption.look_back()
        station().standing.watch()
    finally:
        _sweeping.release()
