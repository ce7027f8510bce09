"""Interruptions: calls in which somebody may have pressed a key while nobody of us was there to hear it.

Every call under way is marked when the service starts, and each of which the provider says that a request of its own
came to nothing; the next turn that is heard takes the mark away. A marked call that was answered ends only once the
provider was asked what it had wanted to tell us. What it still tells is taken as if it had arrived; otherwise the owner
of the call sees by the mark (``Call.is_interrupted``) that the loss was ours.
"""

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from sqlalchemy import ColumnElement, update
from sqlalchemy.orm import Session

from core import clock
from core.database import store, unit_of_work
from core.wakeups import wake
from ivr import calls, conversation, queries
from ivr.addresses import MESSAGE_TURN, TurnAddress
from ivr.dialogue import PRESSED, Sound
from ivr.hearing import heard
from ivr.models import Call, Ending
from ivr.telephony import ProviderRequest

log = logging.getLogger(__name__)
_markers = ThreadPoolExecutor(1, thread_name_prefix="interruption")
TOLD_BY_HAND = PRESSED | {Sound.SPEECH, Sound.RECORDING}


def mark_all() -> None:
    """Before a start: whatever is under way may go on, or have gone on, while nobody of us was there."""
    with unit_of_work() as session:
        _marked(session)


def mark_soon(call_id: UUID) -> None:
    """A request of the provider's about this call came to nothing: noted beside the answer if that can be."""
    _markers.submit(_mark, call_id)


def _mark(call_id: UUID) -> None:
    try:
        store(lambda session: _marked(session, Call.id == call_id))
    except Exception as failure:  # noqa: BLE001 - the database has trouble already, and nobody waits for this
        log.warning("it could not be noted that call %s was interrupted: %s", call_id, failure)


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


def ask_first(session: Session, call: Call) -> None:
    """The call ends when the sweep has asked the provider, soon."""
    call.overdue_at = clock.now()
    wake(session, calls.SWEEPING)


def take(session: Session, call: Call, requests: Sequence[ProviderRequest]) -> None:
    """Takes every key and every word that the provider has told nobody; a request that failed marks the call."""
    for request in requests:
        address = TurnAddress.found_in(request.url)
        if address is None or address.call_id != call.id or queries.turn(session, call.id, address.number):
            continue
        if not request.was_answered:
            call.is_interrupted = True
        said = heard(address, request.form)
        if address.number in {0, MESSAGE_TURN} or said.sound not in TOLD_BY_HAND:
            continue
        try:
            conversation.reply(session, call, address.number, said, address.position)
        except ValueError:
            log.warning("what was said at turn %s of call %s answers no question", address.number, call.id)
        else:
            log.warning("turn %s of call %s was learnt from the provider afterwards", address.number, call.id)
