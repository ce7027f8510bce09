"""Lost calls: somebody was reached, and through our own fault nobody heard whether they pressed a key.

They are rung again at once, as far as the plan's hours allow, and the call that was lost is no attempt of the plan's:
it asked nothing that could be answered. That happens once in a check-in; a second loss is an attempt like any other, so
that nobody is rung more than once oftener than the plan says.
"""

from sqlalchemy.orm import Session

from campaigns.models import CheckIn, CheckInCall
from campaigns.queries import contacts_made
from campaigns.rounds.attempts import plan_of
from campaigns.rounds.rounds import CAMPAIGNS
from core import actors, clock
from core.running import events
from core.running.wakeups import wake
from ivr.dispatch import lines
from ivr.models import Call, Direction, Ending, Line

LOST = "check_in.call_lost"


def is_ours(session: Session, call: Call, check_in: CheckIn) -> bool:
    """Whether the call, which has ended without an answer, was lost by us and is to be made up for."""
    was_lost = call.direction == Direction.OUT and call.ending == Ending.COMPLETED and call.is_interrupted
    if not was_lost or call.by_machine or contacts_made.has_lost_call(session, check_in.id):
        return False
    return plan_of(session, check_in).next_dial(clock.now()) is not None


def ring_again_at_once(session: Session, call: Call, check_in: CheckIn, row: CheckInCall) -> None:
    """The next call as soon as may be, as if this one had not been; no routine call takes its place meanwhile."""
    row.is_lost = True
    check_in.attempts = max(0, check_in.attempts - 1)
    check_in.next_attempt_at = clock.now()
    lines.keep(session, clock.real_now(), Line.id == call.line_id)
    resident = str(check_in.resident_id)
    events.append(session, actors.system(), LOST, check_in.id, call=str(call.id), resident=resident)
    wake(session, CAMPAIGNS)
