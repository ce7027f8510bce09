"""The ladder: whom to ask next about a case, decided from the policy and what has happened. Plain values only."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from contacts.models import Role
from escalation.models import PageState
from escalation.policies import Policy

ALL_ENGAGED_PAUSE = timedelta(minutes=1)
"""Only a safety net: whoever becomes free is asked about a waiting case at once."""
PATIENCE = timedelta(minutes=5)
"""A page that has had no end for this long no longer keeps the next one from being asked."""


@dataclass(frozen=True)
class Candidate:
    """Somebody who could be asked; ``distance`` 0 is the nearest area. Those ``at_home`` with the case come last."""

    responder_id: UUID
    role: Role
    distance: int
    at_home: bool = False


@dataclass(frozen=True)
class Asked:
    """A page that was sent about this case."""

    responder_id: UUID
    state: PageState
    at: datetime


@dataclass(frozen=True)
class Climb:
    """Whom to ask now, and when to look again if nothing happens before."""

    ask: tuple[UUID, ...]
    look_at: datetime


def climb(
    policy: Policy, candidates: Sequence[Candidate], asked: Sequence[Asked], engaged: Collection[UUID], now: datetime
) -> Climb:
    """The next step up the ladder.

    1. Pages still ringing count against ``at_once``. 2. Whoever was asked least often comes first, in the order of the
    rungs and of nearness; that takes the ladder round lap by lap. 3. Whoever declined or was asked ``laps`` times is
    not asked again. 4. When nobody is left it is the office's turn for ever; without an office, everybody's.
    5. Nobody already on the telephone for us is asked: the next one is. 6. A policy without rungs asks nobody.
    """
    if not policy.rungs:
        return Climb((), now + policy.pause)
    live = sum(page.state is PageState.CALLING and now - page.at < PATIENCE for page in asked)
    order = _order(policy, candidates)
    willing = _willing(policy, order, asked)
    for_ever = not willing
    if for_ever:
        willing = [each for each in order if each.role is Role.OFFICE] or order
    free = [each.responder_id for each in willing if each.responder_id not in engaged]
    if for_ever and (ready_at := _last(asked, now - policy.pause) + policy.pause) > now:
        return Climb((), ready_at)
    ask = tuple(free[: max(0, policy.at_once - live)])
    return Climb(ask, now + (PATIENCE if ask or live else ALL_ENGAGED_PAUSE))


def untried(
    policy: Policy, candidates: Sequence[Candidate], asked: Sequence[Asked], engaged: Collection[UUID]
) -> tuple[UUID, ...]:
    """Whoever has not been asked as often as the policy allows and is not on the telephone for us, in its order."""
    willing = _willing(policy, _order(policy, candidates), asked)
    return tuple(each.responder_id for each in willing if each.responder_id not in engaged)


def _order(policy: Policy, candidates: Sequence[Candidate]) -> list[Candidate]:
    rung = {role: index for index, roles in enumerate(policy.rungs) for role in roles}
    known = [each for each in candidates if each.role in rung]
    return sorted(known, key=lambda each: (each.at_home, rung[each.role], each.distance, each.responder_id))


def _willing(policy: Policy, order: Sequence[Candidate], asked: Sequence[Asked]) -> list[Candidate]:
    times = Counter(page.responder_id for page in asked)
    declined = {page.responder_id for page in asked if page.state is PageState.DECLINED}
    willing = [e for e in order if times[e.responder_id] < policy.laps and e.responder_id not in declined]
    return sorted(willing, key=lambda each: times[each.responder_id])


def _last(asked: Sequence[Asked], otherwise: datetime) -> datetime:
    return max((page.at for page in asked), default=otherwise)
