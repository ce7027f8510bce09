"""The ladder: whom to ask next about a case, decided from the policy and what has happened. Plain values only."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from contacts.models import Role
from escalation.models import PageState
from escalation.policies import Policy

ALL_ENGAGED_PAUSE = timedelta(minutes=1)
"""Only a safety net: whoever becomes free is asked about a waiting case at once."""
PATIENCE = timedelta(minutes=5)
"""A page that has had no end for this long no longer keeps the next one from being asked."""
HOUR = timedelta(hours=1)
MOST_DOUBLINGS = 10


@dataclass(frozen=True)
class Candidate:
    """Somebody who could be asked; ``distance`` 0 is the nearest area. Those ``at_home`` with the case come last.

    ``is_foreign`` says that they speak nothing that the resident speaks: on their step the others are asked first.
    ``is_off_duty``: they are not on duty, so that on their step whoever is comes before them. ``is_away``: they have
    said that they are not there, and are asked only where nobody else is left to ask.
    """

    responder_id: UUID
    role: Role
    distance: int
    at_home: bool = False
    is_foreign: bool = False
    is_off_duty: bool = False
    is_away: bool = False


@dataclass(frozen=True)
class Asked:
    """A page that was sent about this case."""

    responder_id: UUID
    state: PageState
    at: datetime


@dataclass(frozen=True)
class Reach:
    """How responders can be reached now.

    Whoever is ``engaged`` is on the telephone for us; a call of ours is ``ringing`` for others who have not picked up
    yet and will hear of whatever joins it. ``rung`` is when our calls rang each of them in the last hour, and ``here``,
    of those with two telephones, when the one that would ring now did; ``wakes_at`` is when the quiet hours end, None
    outside them.
    """

    engaged: Collection[UUID] = ()
    ringing: Collection[UUID] = ()
    rung: Mapping[UUID, Sequence[datetime]] = field(default_factory=dict)
    wakes_at: datetime | None = None
    here: Mapping[UUID, Sequence[datetime]] = field(default_factory=dict)


@dataclass(frozen=True)
class Climb:
    """Whom to ask now, and when to look again if nothing happens before."""

    ask: tuple[UUID, ...]
    look_at: datetime


def climb(
    policy: Policy, candidates: Sequence[Candidate], asked: Sequence[Asked], reach: Reach, now: datetime
) -> Climb:
    """The next step up the ladder.

    1. A policy without steps asks nobody, and in the quiet hours only one for any hour asks. 2. Pages still ringing
    count against ``at_once``. 3. Whoever was asked least often comes first, in the order of the steps, on each step
    first who is on duty, then who speaks what the resident speaks, and then of nearness; that is one round after the
    other. 4. Whoever declined or was asked ``rounds`` times is not asked again. 5. Whoever is away is passed over on a
    step on which somebody else stands, until nobody else is left to ask or can be rung now. 6. When nobody at all is
    left it is the office's turn for ever, after pauses that grow; without an office, everybody's. 7. Whoever is on the
    telephone for us, or has been rung as often as the policy allows, is left in peace: the next one is asked. Whoever
    is being rung already hears of this case in the same call.
    """
    if not policy.rings:
        return Climb((), now + policy.pause)
    if reach.wakes_at is not None and not policy.at_any_hour:
        return Climb((), reach.wakes_at)
    live = sum(page.state is PageState.CALLING and now - page.at < PATIENCE for page in asked)
    turns, for_ever = _turns(policy, candidates, asked)
    if for_ever and (ready_at := _last(asked, now - policy.longest_pause) + _pause(policy, turns, asked)) > now:
        return Climb((), ready_at)
    ready = _ready(policy, turns, reach, now)
    if not live and not _free(ready, now):
        ready |= _ready(policy, _turns(policy, _as_if_there(candidates), asked)[0], reach, now)
    free = _free(ready, now)
    ask = tuple(free[: max(0, policy.at_once - live)])
    if ask or live:
        return Climb(ask, now + PATIENCE)
    return Climb((), min([now + ALL_ENGAGED_PAUSE] if None in ready.values() or not ready else
                         [at for at in ready.values() if at is not None]))  # fmt: skip


def waits_for(policy: Policy, candidates: Sequence[Candidate], asked: Sequence[Asked], reach: Reach) -> frozenset[UUID]:
    """Who would be told of the case in a call that rings them anyway, whatever their turn; nobody while one is live."""
    asleep = reach.wakes_at is not None and not policy.at_any_hour
    if asleep or any(page.state is PageState.CALLING for page in asked):
        return frozenset()
    return frozenset(each.responder_id for each in _turns(policy, candidates, asked)[0])


def untried(
    policy: Policy, candidates: Sequence[Candidate], asked: Sequence[Asked], engaged: Collection[UUID]
) -> tuple[UUID, ...]:
    """Whoever has not been asked as often as the policy allows and is not on the telephone for us, in its order."""
    order = _order(policy, candidates)
    willing = _willing(policy, _there(policy, order), asked) or _willing(policy, order, asked)
    return tuple(each.responder_id for each in willing if each.responder_id not in engaged)


def next_turns(policy: Policy, candidates: Sequence[Candidate], asked: Sequence[Asked]) -> Sequence[Candidate]:
    """Who is asked after those who are being asked now, if nobody accepts; a policy without steps asks nobody."""
    return _turns(policy, candidates, asked)[0] if policy.rings else ()


def _turns(policy: Policy, candidates: Sequence[Candidate], asked: Sequence[Asked]) -> tuple[Sequence[Candidate], bool]:
    """Whose turn it is, one after the other, and whether they are asked for ever; never somebody who is being asked."""
    order = _order(policy, candidates)
    willing = _willing(policy, _there(policy, order), asked) or _willing(policy, order, asked)
    for_ever = not willing
    if for_ever:
        times = Counter(page.responder_id for page in asked)
        people = [each for each in _there(policy, order) if each.role is Role.OFFICE] or order
        willing = sorted(people, key=lambda each: times[each.responder_id])
    asking = {page.responder_id for page in asked if page.state is PageState.CALLING}
    return [each for each in willing if each.responder_id not in asking], for_ever


def _as_if_there(candidates: Sequence[Candidate]) -> Sequence[Candidate]:
    return [replace(each, is_away=False) for each in candidates]


def _ready(policy: Policy, turns: Sequence[Candidate], reach: Reach, now: datetime) -> dict[UUID, datetime | None]:
    return {each.responder_id: _ready_at(policy, each.responder_id, reach, now) for each in turns}


def _free(ready: Mapping[UUID, datetime | None], now: datetime) -> list[UUID]:
    return [responder_id for responder_id, at in ready.items() if at is not None and at <= now]


def _ready_at(policy: Policy, responder_id: UUID, reach: Reach, now: datetime) -> datetime | None:
    """From when the responder may be told; None when only the end of their call will tell."""
    if responder_id in reach.ringing:
        return now
    if responder_id in reach.engaged:
        return None
    rung = sorted(reach.rung.get(responder_id, ()))
    here = reach.here.get(responder_id, rung)
    ready = max(now, max(here) + policy.apart) if here else now
    if policy.calls_per_hour is not None and len(rung) >= policy.calls_per_hour:
        ready = max(ready, rung[-policy.calls_per_hour] + HOUR)
    return ready


def _pause(policy: Policy, turns: Sequence[Candidate], asked: Sequence[Asked]) -> timedelta:
    """Doubled each time that all of those who are asked for ever have been asked once more."""
    times = Counter(page.responder_id for page in asked)
    again = min((times[each.responder_id] for each in turns), default=0) - policy.rounds
    doublings = min(max(0, again), MOST_DOUBLINGS)
    return min(policy.pause * (1 << doublings), policy.longest_pause)


def _order(policy: Policy, candidates: Sequence[Candidate]) -> list[Candidate]:
    steps = {role: index for index, roles in enumerate(policy.steps) for role in roles}
    known = [each for each in candidates if each.role in steps]
    return sorted(known, key=lambda each: (
        each.at_home, steps[each.role], each.is_away, each.is_off_duty, each.is_foreign, each.distance,
        each.responder_id,
    ))  # fmt: skip


def _there(policy: Policy, order: Sequence[Candidate]) -> list[Candidate]:
    """Without whoever is away on a step on which somebody else is not; those at home with the case stand apart."""
    steps = {role: index for index, roles in enumerate(policy.steps) for role in roles}
    manned = {(each.at_home, steps[each.role]) for each in order if not each.is_away}
    return [each for each in order if not each.is_away or (each.at_home, steps[each.role]) not in manned]


def _willing(policy: Policy, order: Sequence[Candidate], asked: Sequence[Asked]) -> list[Candidate]:
    times = Counter(page.responder_id for page in asked)
    declined = {page.responder_id for page in asked if page.state is PageState.DECLINED}
    willing = [e for e in order if times[e.responder_id] < policy.rounds and e.responder_id not in declined]
    return sorted(willing, key=lambda each: times[each.responder_id])


def _last(asked: Sequence[Asked], otherwise: datetime) -> datetime:
    return max((page.at for page in asked), default=otherwise)
