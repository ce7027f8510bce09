"""Placing: asks the provider for a claimed call, outside any transaction, and records which of its answers it was.

Accepted; refused for good (the number is marked and the owner tries the next one); refused for now (tried again,
later each time); our own fault (the line rests); or nobody knows, and the call is looked up before anything else.
"""

import logging
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import partial
from time import sleep
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from contacts.callers import refused_numbers
from core import clock
from core.running.wakeups import wake
from core.storage.database import write
from core.storage.grouping import Grouping
from ivr import queries
from ivr.dispatch import call_off, calls, lines
from ivr.dispatch.claiming import Claimed
from ivr.dispatch.rate_limit import Pace
from ivr.models import CallState, Ending, Urgency
from ivr.ports.provider import (
    CallOrder,
    OurFaultError,
    ProviderCall,
    RefusedForGoodError,
    RefusedForNowError,
    UncertainError,
)
from ivr.ports.webhook_paths import fallback_path, machine_path, status_path, turn_path
from ivr.provider.station import station

log = logging.getLogger(__name__)

FIRST_BACK_OFF_SECONDS = 2.0
LONGEST_BACK_OFF_SECONDS = {Urgency.ALERT: 10.0, Urgency.ROUTINE: 60.0}
TOGETHER = 32
"""So many requests at most are looked at, or recorded, in one transaction."""
LOOKED_AT_WITHIN_SECONDS = 0.004
RECORDED_WITHIN_SECONDS = 0.015
"""So long the first waits for others."""
PATIENCE_SECONDS = 60.0
"""Longer than any database that answers at all; what was not recorded is looked up."""
LONGEST_WAIT_SECONDS = {Urgency.ALERT: 60.0, Urgency.ROUTINE: 600.0}
"""The provider may ask us to wait longer than we would; an alert is not put off for as long as it likes."""


def place(order: Claimed, pace: Pace) -> None:
    """Asks for the call when the pace lets it leave; one that would leave too late goes back into the queue unasked.

    A worker that was held up may have been succeeded, and staff may have stopped the round meanwhile: the claim is
    looked at again right before the request.
    """
    pace.leave()
    if clock.real_now() > order.send_by or _called_off.carry_out((order.call_id, order.requested_at), PATIENCE_SECONDS):
        write(lambda session: calls.give_back(session, order.call_id, order.requested_at, clock.now()))
        return
    try:
        placed = station().telephony.place(_request(order))
    except RefusedForGoodError as refusal:
        _refused_for_good(order, refusal)
    except RefusedForNowError as refusal:
        _refused_for_now(order, refusal)
    except UncertainError as doubt:
        _uncertain(order, doubt)
    else:
        _placed(order, placed)


def back_off_seconds(refused: int, urgency: Urgency, jitter: float) -> float:
    """Real seconds until a call that was refused ``refused`` times before is tried again; ``jitter`` from 0 to 1."""
    longest = min(LONGEST_BACK_OFF_SECONDS[urgency], FIRST_BACK_OFF_SECONDS * 2.0 ** min(refused, 10))
    return longest * (0.5 + jitter / 2)


def _placed(order: Claimed, placed: ProviderCall) -> None:
    """Recorded with others that were placed at the same time, unless something has happened to the call meanwhile."""
    if placed.ending is None and _recorded.carry_out((order, placed.provider_id), PATIENCE_SECONDS):
        return

    def work(session: Session) -> Callable[[str], None] | None:
        refused_numbers.clear(session, order.to)
        return _adopted(session, order, placed)

    put_down = write(work)
    if put_down:
        with suppress(
            RefusedForGoodError, RefusedForNowError, UncertainError
        ):  # the sweep, or its first callback, does
            put_down(placed.provider_id)


def _record(placed: Sequence[tuple[Claimed, str]]) -> Sequence[bool]:
    """Notes the provider's ids of many calls in one transaction; which of them are noted.

    Nothing is waited for: a call that somebody else holds, or that is no longer as it was claimed, is left out. Where
    one of them contradicts what is known, none is noted: each is looked at by itself then.
    """

    def work(session: Session) -> set[UUID]:
        claimed = queries.claimed(session, [order.call_id for order, _ in placed])
        ours = [each for each in placed if claimed.get(each[0].call_id) == each[0].requested_at]
        noted = {order.call_id for order, _ in ours}
        if not ours:
            return noted
        calls.note_placed(session, {order.call_id: provider_id for order, provider_id in ours})
        refused_numbers.clear(session, *(order.to for order, _ in ours))
        for line_id in {order.line_id for order, _ in ours}:
            if lines.note_success(session, line_id):
                wake(session, calls.DIALLING)
        return noted

    try:
        noted = write(work)
    except IntegrityError:
        noted = set()
    return [order.call_id in noted for order, _ in placed]


def _too_late() -> Exception:
    return TimeoutError(f"the database was not reached within {PATIENCE_SECONDS:.0f} s")


@contextmanager
def _gathering(seconds: float, _: float) -> Iterator[None]:
    """Before a group is taken it is waited for a moment: requests leave, and answers come, many at a time."""
    sleep(seconds)
    yield


_called_off: Grouping[tuple[UUID, datetime], bool] = Grouping(
    partial(_gathering, LOOKED_AT_WITHIN_SECONDS), call_off.are_called_off, _too_late, TOGETHER
)
_recorded: Grouping[tuple[Claimed, str], bool] = Grouping(
    partial(_gathering, RECORDED_WITHIN_SECONDS), _record, _too_late, TOGETHER
)


def _adopted(session: Session, order: Claimed, placed: ProviderCall) -> Callable[[str], None] | None:
    """How the provider's call is to be ended if we do not want it.

    A callback may have adopted it, or reported its end, before. One that has ended for us while it was being placed
    (its resident rang us) is cancelled unless somebody has answered, who is told so; a second one is hung up. The call
    is held, or an end that is being reported meanwhile would be overwritten.
    """
    call = calls.held(session, order.call_id)
    if call is None:
        raise LookupError(f"there is no call {order.call_id}")
    ended_before = call.state == CallState.ENDED and call.provider_id is None
    if not calls.adopt(session, call, placed.provider_id):
        log.error("the provider placed call %s twice: %s and %s", call.id, call.provider_id, placed.provider_id)
        return station().telephony.hang_up
    if placed.ending is not None:
        calls.end_as_told(session, call, placed)
    return station().telephony.cancel if ended_before else None


def _refused_for_good(order: Claimed, refusal: RefusedForGoodError) -> None:
    log.warning("the provider will never ring the number of call %s: code %s", order.call_id, refusal.code)

    def work(session: Session) -> None:
        calls.hold_first(session, order.call_id)
        refused_numbers.mark(session, order.to, refusal.code, order.call_id)
        lines.note_success(session, order.line_id)
        if calls.is_claimed(session, order.call_id, order.requested_at):
            calls.end(session, order.call_id, Ending.REFUSED, refusal_code=refusal.code)

    write(work)


def _refused_for_now(order: Claimed, refusal: RefusedForNowError) -> None:
    asked_for = min(refusal.wait_seconds, LONGEST_WAIT_SECONDS[order.urgency])
    seconds = max(asked_for, back_off_seconds(order.refusals, order.urgency, random.random()))
    log.warning("call %s was refused for now and is tried again in %.1f s: %s", order.call_id, seconds, refusal)

    def work(session: Session) -> None:
        calls.hold_first(session, order.call_id)
        note = lines.rest if isinstance(refusal, OurFaultError) else lines.note_failure
        note(session, order.line_id, str(refusal), clock.real_now())
        later = clock.now() + timedelta(seconds=seconds * clock.anchor().speed)
        calls.put_off(session, order.call_id, order.requested_at, later)

    write(work)


def _uncertain(order: Claimed, doubt: UncertainError) -> None:
    """The call stays as it is: the sweep looks it up when its deadline has passed."""
    log.warning("call %s may or may not have been placed: %s", order.call_id, doubt)
    write(lambda session: lines.note_failure(session, order.line_id, str(doubt), clock.real_now()))


def _request(order: Claimed) -> CallOrder:
    url, call_id = station().url, order.call_id
    return CallOrder(
        to=order.to,
        from_=order.from_,
        ring_seconds=order.ring_seconds,
        answer_url=url(turn_path(call_id)),
        status_url=url(status_path(call_id)),
        fallback_url=url(fallback_path(call_id)),
        machine_url=url(machine_path(call_id)) if order.machine_detection else None,
    )
