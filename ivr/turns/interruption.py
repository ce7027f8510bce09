"""Interruptions: calls in which somebody may have pressed a key while nobody of us was there to hear it.

Every call under way is marked when the service starts, and each of which the provider says that a request of its own
came to nothing; the next turn that is heard takes the mark away. A marked call that was answered ends only once the
provider was asked what it had wanted to tell us. What it still tells is taken as if it had arrived; otherwise the owner
of the call sees by the mark (``Call.is_interrupted``) that the loss was ours. Of a call that is reported to have ended
at an open question the provider is asked right afterwards: the request that carried the answer may have been lost.
"""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from core import clock
from core.running.background import Background
from core.running.wakeups import wake
from core.storage.database import reading, store, write
from ivr import queries
from ivr.dialogue.engine import PRESSED, Sound
from ivr.dispatch import calls, lines
from ivr.models import Call, Ending, Line
from ivr.ports import owners
from ivr.ports.events import CallReport
from ivr.ports.provider import UNKNOWN, ProviderRequest
from ivr.ports.turn_url import MESSAGE_TURN, TurnAddress
from ivr.provider.station import station
from ivr.queries import to_sweep
from ivr.turns import turns
from ivr.turns.hearing import heard

log = logging.getLogger(__name__)
_markers = Background("interruption")
AT_ONCE = 8
BATCH = 32
AGAIN_AFTER = timedelta(seconds=15)
TOLD_AFTER = timedelta(minutes=16)
"""Real time after which a provider tells of its requests in a call that has ended: the slowest says 15 minutes."""
TOLD_BY_HAND = PRESSED | {Sound.SPEECH, Sound.RECORDING}


def mark_all() -> None:
    """Before a start: whatever is under way may go on, or have gone on, while nobody of us was there."""
    write(_marked_at_start)


def mark_soon(call_id: UUID) -> None:
    """A request of the provider's about this call came to nothing: noted beside the answer if that can be."""
    _markers.submit(_mark, call_id)


def _mark(call_id: UUID) -> None:
    try:
        store(lambda session: _marked(session, Call.id == call_id))
    except Exception as failure:  # noqa: BLE001 - the database has trouble already, and nobody waits for this
        log.warning("it could not be noted that call %s was interrupted: %s", call_id, failure)


def _marked_at_start(session: Session) -> None:
    """The places of conversations are kept until the provider was asked about them: who was cut off is rung again."""
    _marked(session)
    talking = select(Call.line_id).where(Call.is_active, Call.answered_at.is_not(None))
    lines.keep(session, clock.real_now(), Line.id.in_(talking))


def _marked(session: Session, *which: ColumnElement[bool]) -> None:
    session.execute(
        update(Call)
        .where(Call.is_active, *which)
        .values(is_interrupted=True)
        .execution_options(synchronize_session=False)
    )


def is_to_be_asked_about(call: Call, ending: Ending | None) -> bool:
    """Whether the provider is asked, before the call ends, what it had wanted to tell us."""
    return call.is_interrupted and ending is Ending.COMPLETED


def reported_over(session: Session, call: Call, told: CallReport) -> None:
    """The provider reports the end of the call."""
    ending = told.ending
    if is_to_be_asked_about(call, ending):
        ask_first(session, call)
        return
    more = {"look_back_at": queries.now_if_open(call.id, clock.real_now())} if ending is Ending.COMPLETED else {}
    if calls.end_as_told(session, call, told, more) and call.look_back_at is not None:
        wake(session, calls.SWEEPING)


def ask_first(session: Session, call: Call) -> None:
    """The call ends when the sweep has asked the provider, soon."""
    call.overdue_at = clock.now()
    wake(session, calls.SWEEPING)


def take(session: Session, call: Call, requests: Sequence[ProviderRequest]) -> None:
    """Takes every key and every word that the provider has told nobody; a request that failed marks the call.

    Where all that it asked was answered, nobody pressed anything that was lost, whenever we were away.
    """
    if requests and all(request.was_answered for request in requests):
        call.is_interrupted = False
    for request in requests:
        address = TurnAddress.found_in(request.url)
        if address is None or address.call_id != call.id or queries.turn(session, call.id, address.number):
            continue
        if not request.was_answered:
            call.is_interrupted = True
        said = heard(address, request.told)
        if address.number in {0, MESSAGE_TURN} or said.sound not in TOLD_BY_HAND:
            continue
        try:
            turns.reply(session, call, address.number, said, address.position)
        except ValueError:
            log.warning("what was said at turn %s of call %s answers no question", address.number, call.id)
        else:
            log.warning("turn %s of call %s was learnt from the provider afterwards", address.number, call.id)


def look_again_later(call: Call) -> None:
    """A provider tells of its requests only some time after a call."""
    call.look_back_at = clock.real_now() + TOLD_AFTER


def look_back() -> None:
    """Asks about calls that have ended at an open question; what cannot be asked now is asked at a later sweep."""
    with reading() as session:
        due = [(call.id, call.provider_id or "") for call in to_sweep.to_look_back_at(session, clock.real_now(), BATCH)]
    if not due:
        return
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="look-back") as pool:
        for looked in [pool.submit(_look_back_at, *each) for each in due]:
            if failure := looked.exception():
                log.error("a call that has ended could not be looked at again", exc_info=failure)


def _look_back_at(call_id: UUID, provider_id: str) -> None:
    try:
        requests = station().telephony.requests_of(provider_id)
    except UNKNOWN as doubt:
        log.warning("what was said in call %s cannot be asked for: %s", call_id, doubt)
        _record(call_id, _put_off)
        return
    _record(call_id, lambda session, call: _looked(session, call, requests))


def _record(call_id: UUID, fact: Callable[[Session, Call], None]) -> None:
    def work(session: Session) -> None:
        if (call := calls.held(session, call_id)) is not None:
            fact(session, call)

    write(work)


def _put_off(_: Session, call: Call) -> None:
    call.look_back_at = clock.real_now() + AGAIN_AFTER if _ended_within(call, TOLD_AFTER) else None


def _looked(session: Session, call: Call, requests: Sequence[ProviderRequest]) -> None:
    call.look_back_at = None
    if not requests and _ended_within(call, TOLD_AFTER):
        look_again_later(call)
    take(session, call, requests)
    if call.is_interrupted:
        owners.owner_of(call).was_lost(session, call)


def _ended_within(call: Call, real: timedelta) -> bool:
    return call.ended_at is not None and clock.now() - call.ended_at < real * clock.anchor().speed
