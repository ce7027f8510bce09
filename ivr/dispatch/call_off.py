"""Calling off: a call that nobody wants dialled any more, although it was asked for; whoever has picked up is heard.

``not_after`` is what a worker looks at right before its request, ``cancel_at`` what the sweep cancels ringing calls by.
The call ends in our books when the provider says so, hence its number is never rung twice at once.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from core import clock
from core.running.wakeups import wake
from core.storage.database import reading
from ivr import queries
from ivr.dispatch import calls
from ivr.models import Call, CallState, Direction, Ending


def keep_undialled(session: Session, call: Call) -> bool:
    """Takes the call out of the queue, or its request out of the hands of a worker that has not sent it.

    A telephone that rings goes on ringing. True when the call has ended by this.
    """
    if call.direction == Direction.IN or call.provider_id is not None:
        return False
    if call.state == CallState.QUEUED:
        return calls.end(session, call.id, Ending.NOT_WANTED)
    if call.state == CallState.DIALLING:
        call.not_after = min(call.not_after, clock.now())
    return False


def call_off(session: Session, call: Call) -> bool:
    """As ``keep_undialled``, and a telephone that rings unanswered stops ringing soon."""
    ended = keep_undialled(session, call)
    if not ended and call.direction == Direction.OUT and call.answered_at is None:
        call.cancel_at = clock.now()
        wake(session, calls.SWEEPING)
    return ended


def are_called_off(claims: Sequence[tuple[UUID, datetime]]) -> Sequence[bool]:
    """Whether calls claimed at these instants are not to be dialled after all; asked right before their requests."""
    with reading() as session:
        until = queries.dialled_until(session, [call_id for call_id, _ in claims])
    now = clock.now()
    return [claim not in until or until[claim] <= now for claim in claims]
