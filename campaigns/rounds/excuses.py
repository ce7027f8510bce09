"""Excuses: nobody rings a resident any more in a round that has begun for them, and the check-in says why.

Whoever is on the telephone, or is being rung, is heard to the end: what they say counts as ever, and a silence at an
open line is looked after. Their check-in stays open with its ``reason`` until that call ends. Calls are held before
check-ins, in the order in which whoever dials or hears them holds both.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from campaigns import queries
from campaigns.models import CheckIn, Reason
from campaigns.queries import contacts_made
from campaigns.rounds import check_ins
from ivr.models import Call, CallState

CallOff = Callable[[Session, Call], bool]
"""Takes a call back as far as it may be taken back; see ``ivr.dispatch.call_off``."""


@dataclass(frozen=True)
class Excused:
    """The check-ins that ended at once, and those that end with a call under way."""

    ended: Sequence[CheckIn]
    in_calls: Sequence[CheckIn]


def excuse(session: Session, ids: Sequence[UUID], reason: Reason, note: str, call_off: CallOff) -> Excused:
    """Those of these check-ins that are still open are not asked any more; calls that ask for nobody else are off.

    As many statements for ten as for a thousand; what has happened is the caller's to tell in an event.
    """
    contacts_made.hold_calls(session, ids)
    held = queries.hold_check_ins(session, ids)
    for check_in in held:
        check_in.reason, check_in.reason_note, check_in.next_attempt_at = reason, note, None
    session.flush()
    calls = contacts_made.live_calls_of(session, [check_in.id for check_in in held])
    for call in {call.id: call for theirs in calls.values() for call in theirs}.values():
        if not contacts_made.is_wanted_by_somebody(session, call.id):
            call_off(session, call)
    check_ins.end_unasked(
        session,
        [each for each in held if each.outcome is None and not any(map(_rings, calls.get(each.id, ())))],
    )
    in_calls = [check_in for check_in in held if check_in.outcome is None]
    return Excused([check_in for check_in in held if check_in.outcome is not None], in_calls)


def _rings(call: Call) -> bool:
    """Whether somebody is being rung, or talks; a queued call that others wait for will not ask them."""
    return call.state not in {CallState.QUEUED, CallState.ENDED}
