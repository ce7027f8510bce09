"""The order in which pages are dialled when not all of them can be dialled at once.

Whoever is unwell comes before whoever needs something; among cases of equal urgency everybody's first telephone rings
before anybody's second one.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from core import clock
from core.running.wakeups import wake
from core.storage.literals import literal_state
from escalation.models import Case
from escalation.policy_lookup import policy_of
from escalation.queries import paging as queries_paging
from ivr.dispatch.calls import DIALLING
from ivr.models import Call, CallState, Urgency


def urgency(of_case: int, rung_before: int) -> int:
    """The urgency of a call that tells of a case (see ``Policy.urgency``) for which so many are being rung already."""
    return min(2 * of_case + (rung_before > 0), Urgency.ROUTINE - 1)


def put_in_order(session: Session, case: Case) -> None:
    """The case's calls that wait to be dialled have the urgency of whatever they tell of now, and wait for no text
    about what is dialled at once.

    To be called whenever the case has got a page more or less, or has become worse.
    """
    session.flush()
    waiting = queries_paging.undialled_calls(session, case.id)
    told = queries_paging.told_in(session, [call.id for call in waiting])
    for call in waiting:
        call.urgency = min(urgency(of_case, before) for of_case, before in told[call.id])
    if not policy_of(session, case).text_ahead:
        ring_now(session, [call.id for call in waiting if call.due_at > clock.now()])


def ring_now(session: Session, call_ids: Sequence[UUID]) -> None:
    """Calls that wait until a text was read are dialled now; what the provider has put off for a while waits on."""
    if not call_ids:
        return
    now = clock.now()
    waiting = (Call.state == literal_state(CallState.QUEUED), Call.due_at > now, Call.refusals == 0)
    session.execute(update(Call).where(Call.id.in_(call_ids), *waiting).values(due_at=now))
    wake(session, DIALLING)
