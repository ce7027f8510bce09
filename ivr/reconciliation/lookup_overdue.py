"""The poller: asks the provider about calls that nobody has reported on, and ends those that stay open too long.

A report may be lost. So each placed call has an instant (``overdue_at``) at which the provider is asked about it: when
its ringing should be over, and after every turn when the next one should have come. One that still lives then is asked
about again and again, a minute apart, and hung up when it has lasted ``TALK_LIMIT``;
the time in which its party is connected with somebody else is bounded by the leg's own.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from core import clock
from core.running.wakeups import wake
from core.storage.database import reading, unit_of_work, write
from ivr import queries
from ivr.dispatch import calls
from ivr.models import Call, CallState, Ending
from ivr.ports.provider import (
    UNKNOWN,
    ProviderCall,
    ProviderRequest,
)
from ivr.provider.station import station
from ivr.queries import to_sweep
from ivr.turns import interruption

log = logging.getLogger(__name__)


def poll() -> None:
    """Asks about every call that is due; a provider that does not answer is left alone until the next time."""
    with reading() as session:
        due = to_sweep.overdue(session, clock.now())
    for call in due:
        if not _follow_up(call):
            return


def recover() -> None:
    """After a start: every placed call may have ended while nobody of us was there to be told, so all are due now."""
    with unit_of_work() as session:
        session.execute(
            update(Call).where(Call.is_active, Call.state == CallState.PLACED).values(overdue_at=clock.now())
        )
        wake(session, calls.SWEEPING)


def is_too_long(dialled_at: datetime | None, ring_seconds: int, now: datetime) -> bool:
    """Whether a call has lasted longer than any conversation of ours, the ringing included."""
    return dialled_at is not None and now > dialled_at + timedelta(seconds=ring_seconds) + calls.TALK_LIMIT


def _follow_up(call: Call) -> bool:
    """Learns how the call stands; False when the provider cannot say now."""
    if call.provider_id is None:
        return True
    lasts_too_long = is_too_long(call.dialled_at, call.ring_seconds, clock.now()) and not _is_connected(call)
    unwanted = call.hang_up_wanted or lasts_too_long
    try:
        if unwanted:
            station().telephony.hang_up(call.provider_id)
        known = station().telephony.look_up(call.provider_id)
    except UNKNOWN as doubt:
        log.warning("call %s cannot be followed up now: %s", call.id, doubt)
        _record(call.id, calls.ask_again_soon)
        return False
    told = _told(call) if known is None or known.ending in {Ending.COMPLETED, Ending.FAILED} else ()
    _record(call.id, lambda session, live: _learn(session, live, known, told))
    return True


def _told(call: Call) -> Sequence[ProviderRequest]:
    """What the provider wanted to tell us; a call does not live on because that cannot be learnt."""
    try:
        return station().telephony.requests_of(call.provider_id or "")
    except UNKNOWN as doubt:
        log.warning("what was said in call %s cannot be asked for: %s", call.id, doubt)
        return ()


def _is_connected(call: Call) -> bool:
    """Whether the other party talks with somebody in a leg, which has a limit of its own."""
    with reading() as session:
        return bool(queries.live_legs(session, call.id))


def _learn(session: Session, call: Call, known: ProviderCall | None, told: Sequence[ProviderRequest]) -> None:
    """A call that the provider does not know any more has ended, and nobody can say how."""
    if known is not None and known.by_machine:
        calls.note_machine(session, call, by_machine=True)
    if known is not None and known.ending is not None:
        station().standing.untold(session, call, known.ending)
    if known is None or known.ending is not None:
        interruption.take(session, call, told)
        if call.is_interrupted and not told:
            interruption.look_again_later(call)
        if known is None:
            calls.end(session, call.id, Ending.FAILED)
        else:
            calls.end_as_told(session, call, known)
    else:
        calls.ask_again_soon(session, call)


def _record(call_id: UUID, fact: Callable[[Session, Call], object]) -> None:
    def work(session: Session) -> None:
        call = calls.held(session, call_id)
        if call is not None and call.state != CallState.ENDED:
            fact(session, call)

    write(work)
