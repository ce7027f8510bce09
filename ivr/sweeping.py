"""Sweeping up what was left behind: calls in the queue too long, calls nobody knows of, ends that nobody reported."""

import threading

from ivr import interruption, legs, polling, withdrawing
from ivr.claiming import end_expired
from ivr.resolving import cancel_late, resolve_doubtful
from ivr.station import station

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
        polling.poll()
        withdrawing.end_at_provider()
        interruption.look_back()
        station().telephony.standing.watch()
    finally:
        _sweeping.release()
