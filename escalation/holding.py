"""Holding: what is due about a case that a responder has in hand, decided from plain values only.

Who has accepted and does not go on in time is reminded once, and then the case returns to its ladder: something is
always due until it is closed, and nobody's telephone rings about it while they are in time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from escalation.models import HELD, CaseState
from escalation.policies import Policy

TRY_AGAIN = timedelta(minutes=1)
"""So soon is looked again whether somebody whose telephone could not be rung can be reminded."""
MOVES: Mapping[CaseState, frozenset[CaseState]] = {
    CaseState.ON_THE_WAY: frozenset({CaseState.ACCEPTED, CaseState.ON_PHONE}),
    CaseState.ON_PHONE: frozenset({CaseState.ACCEPTED, CaseState.ON_THE_WAY}),
    CaseState.ON_SITE: frozenset({CaseState.ACCEPTED, CaseState.ON_THE_WAY, CaseState.ON_PHONE}),
}
"""From which states whoever has a case may come to each of these."""
UNCLOSED = frozenset({CaseState.OPEN}) | HELD


class Step(StrEnum):
    """What is to be done now about a case in hand."""

    WAIT = "wait"
    REMIND = "remind"
    RETURN = "return"


@dataclass(frozen=True)
class Hold:
    """How a case is held: since when it has been in this state, as its responder says, and when they were reminded."""

    state: CaseState
    since: datetime
    reminded_at: datetime | None = None


@dataclass(frozen=True)
class Due:
    """What is to be done, and when to look again; of a case that returns, its ladder says that."""

    step: Step
    look_at: datetime


def within(policy: Policy, state: CaseState) -> timedelta:
    """How long whoever has the case may stay in this state."""
    if state is CaseState.ACCEPTED:
        return policy.move_within
    return policy.arrive_within if state is CaseState.ON_THE_WAY else policy.close_within


def deadline(policy: Policy, hold: Hold) -> datetime:
    """When whoever has the case is late."""
    return hold.since + within(policy, hold.state)


def next_step(policy: Policy, hold: Hold, now: datetime, *, can_ring: bool) -> Due:
    """What is due about a case in hand.

    1. Nothing while its responder is in time. 2. Then they are reminded, if they ``can_ring``: their telephone may ring
    now, which is asked again for ``return_after``. 3. So long after they were reminded, or could not be, the case
    returns. Nobody is reminded of what rings no telephone: it returns at once.
    """
    late_at = deadline(policy, hold)
    if now < late_at:
        return Due(Step.WAIT, late_at)
    if hold.reminded_at is not None:
        returns_at = hold.reminded_at + policy.return_after
        return Due(Step.WAIT, returns_at) if now < returns_at else Due(Step.RETURN, now)
    if not policy.rings:
        return Due(Step.RETURN, now)
    if can_ring:
        return Due(Step.REMIND, now + policy.return_after)
    last = late_at + policy.return_after
    return Due(Step.WAIT, min(last, now + TRY_AGAIN)) if now < last else Due(Step.RETURN, now)
