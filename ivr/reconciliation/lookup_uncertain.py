"""Resolving: a call that may or may not have been placed is looked up at the provider before anything else.

It is adopted, or given back once it is certain that none was placed. Several are looked up side by side, each not
again for a while, so that one that cannot be looked up holds no other up.
"""

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from core import clock
from core.storage.database import unit_of_work, write
from ivr import queries
from ivr.dispatch import calls
from ivr.models import Call, Line
from ivr.ports.provider import UNKNOWN, ProviderCall
from ivr.provider.station import station
from ivr.queries import to_sweep
from ivr.turns import interruption

log = logging.getLogger(__name__)

AT_ONCE = 8
BATCH = 32
AGAIN_AFTER = timedelta(seconds=15)
"""Real time until a call whose look-up failed is looked up again; longer than one look-up takes."""


@dataclass(frozen=True)
class Doubtful:
    """A call that may have been placed at or after ``requested_at`` (real time); both numbers in E.164."""

    call_id: UUID
    line_id: UUID
    to: str
    from_: str
    requested_at: datetime


def resolve_doubtful() -> None:
    """Looks up every call whose worker should have known by now and is silent."""
    while doubtful := _taken():
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="look-up") as pool:
            for looked_up in [pool.submit(_resolve, each) for each in doubtful]:
                if failure := looked_up.exception():
                    log.error("a doubtful call could not be resolved", exc_info=failure)


def _taken() -> Sequence[Doubtful]:
    """Calls to be looked up now; no other worker takes them meanwhile."""
    with unit_of_work() as session:
        real_now = clock.real_now()
        taken = []
        for call in to_sweep.silent_dialling(session, real_now, BATCH):
            from_ = session.get_one(Line, call.line_id)
            requested_at = call.requested_at = call.requested_at or real_now
            call.request_deadline = real_now + AGAIN_AFTER
            taken.append(Doubtful(call.id, from_.id, call.number, from_.number, requested_at))
        return taken


def _resolve(doubtful: Doubtful) -> None:
    try:
        placed = station().telephony.calls_since(doubtful.to, doubtful.from_, doubtful.requested_at)
    except UNKNOWN as doubt:
        log.warning("call %s cannot be looked up now: %s", doubtful.call_id, doubt)
        return
    for surplus in _settled(doubtful, placed):
        log.error("the provider placed call %s twice; %s is hung up", doubtful.call_id, surplus.provider_id)
        with suppress(*UNKNOWN):  # its first callback ends it otherwise
            station().telephony.hang_up(surplus.provider_id)


def _settled(doubtful: Doubtful, placed: Sequence[ProviderCall]) -> Sequence[ProviderCall]:
    """Adopts the provider's call or gives ours back; returns what else the provider placed for it."""

    def work(session: Session) -> Sequence[ProviderCall]:
        calls.hold_first(session, doubtful.call_id)
        if not calls.is_claimed(session, doubtful.call_id, doubtful.requested_at):
            return ()
        known = queries.known_provider_ids(session, [each.provider_id for each in placed])
        candidates = sorted((each for each in placed if each.provider_id not in known), key=_preference)
        if not candidates:
            calls.give_back(session, doubtful.call_id, doubtful.requested_at, clock.now())
            return ()
        call = session.get_one(Call, doubtful.call_id)
        calls.adopt(session, call, candidates[0].provider_id)
        if interruption.is_to_be_asked_about(call, candidates[0].ending):
            interruption.ask_first(session, call)
        elif candidates[0].ending is not None:
            calls.end_as_told(session, call, candidates[0])
        return candidates[1:]

    return write(work)


def _preference(candidate: ProviderCall) -> tuple[bool, datetime]:
    """A call that lives, and the first of those: somebody may be talking in it."""
    return candidate.ending is not None, candidate.created_at


def cancel_late() -> None:
    """Cancels what a provider's queue still holds, or rings, when nobody may be rung any more."""
    with unit_of_work() as session:
        late = [(call.id, call.provider_id) for call in to_sweep.to_cancel(session, clock.now(), BATCH)]
        for call_id, _ in late:
            session.get_one(Call, call_id).cancel_at = _later()
    for call_id, provider_id in late:
        if provider_id is None:
            continue
        try:
            station().telephony.cancel(provider_id)
        except UNKNOWN as doubt:
            log.warning("call %s cannot be cancelled now: %s", call_id, doubt)


def _later() -> datetime:
    return clock.now() + AGAIN_AFTER * clock.anchor().speed
