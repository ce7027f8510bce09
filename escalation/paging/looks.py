"""Looks: what there is to know before the next step of a case's ladder, read in as few statements as may be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from contacts import queries as contacts
from contacts.abilities import Spoken
from contacts.columns.ability_words import resident_speaks
from contacts.hours import Hours, next_start
from contacts.models import Community, Role
from contacts.queries import ResponderNear
from core import clock
from escalation import fresh_cases, ladder
from escalation.ladder import Asked, Candidate, Climb, Reach, climb
from escalation.models import Case, PageState
from escalation.paging import telephone_ownership
from escalation.paging.responder_telephones import all_refused, to_ring
from escalation.policies import Policy
from escalation.policy_lookup import policy_of
from escalation.queries import paging as queries_paging
from escalation.queries.paging import PageCalled
from escalation.roster.reading import duty_now
from ivr.dispatch import calls
from ivr.models import Call

OWNER = "page"
RING_SECONDS = 45
REFUSAL_REMEMBERED = timedelta(days=1)
"""Then the number is tried again: what the provider refuses may have been put right there."""
MOST_TOLD = 50
"""More than anybody can take in one call: what is beyond that is for the next responder."""
REACHED = frozenset({PageState.ACCEPTED, PageState.DECLINED, PageState.WITHDRAWN})
"""Ends of a page after which a telephone is not counted as rung in vain."""


@dataclass(frozen=True)
class Found:
    """What a look at the ladder of a case has found: the step, who can be rung, whose calls the case can join.

    ``live`` is how many are being asked about it already; ``community`` is kept for whoever asks the session for it.
    """

    step: Climb
    near: Mapping[UUID, ResponderNear]
    ringing: Mapping[UUID, Call]
    live: int
    community: Community


def look(session: Session, case: Case) -> Found:
    """The next step of the case's ladder; calls that it may join are held until the transaction ends."""
    community = session.get_one(Community, case.community_id)
    telephones = telephone_ownership.telephones(session, case)
    around = contacts.responders_near(session, case.community_id, areas_of(session, case))
    numbers = {each.responder_id: each.numbers for each in around}
    told = () if fresh_cases.is_fresh(session, case) else queries_paging.pages_with_calls(session, case.id)
    near = who_can_be_rung(telephone_ownership.passed_over(around, telephones), told)
    own = {responder_id: telephone_ownership.is_near(theirs, telephones) for responder_id, theirs in numbers.items()}
    theirs = spoken_by_resident(session, case)
    duty = duty_now(session, community, clock.now())
    candidates = [Candidate(each.responder_id, Role(each.role), each.distance, own[each.responder_id],
                            is_foreign=is_foreign(each, theirs), is_off_duty=duty.is_off(each.responder_id),
                            is_away=each.responder_id in duty.away) for each in near]  # fmt: skip
    ringing = with_room(session, [each.responder_id for each in near])
    policy = policy_of(session, case)
    step = climb(policy, candidates, _asked(case, told), _reach(session, community, policy, near, ringing), clock.now())
    live = sum(page.state == PageState.CALLING for page in told)
    return Found(step, {each.responder_id: each for each in near}, ringing, live, community)


def asked_so_far(session: Session, case: Case) -> list[Asked]:
    """Whoever's telephone was to be rung, as the ladder counts them; what was never dialled has asked nobody.

    The ladder waited for the telephone that was rung while the resident waits; when it looks, that time is over.
    """
    return _asked(case, queries_paging.pages_with_calls(session, case.id))


def _asked(case: Case, told: Sequence[PageCalled]) -> list[Asked]:
    return [Asked(page.responder_id, _counts_as(page), page.asked_at) for page in told
            if page.was_dialled and _counts(case, page)]  # fmt: skip


def _counts(case: Case, page: PageCalled) -> bool:
    """Whether it was asked since the ladder began, or still is."""
    began = case.climbs_from
    return began is None or page.asked_at >= began or page.state == PageState.CALLING


def _counts_as(page: PageCalled) -> PageState:
    waited_for = page.is_of_leg and page.state == PageState.CALLING
    return PageState.UNANSWERED if waited_for else PageState(page.state)


def who_can_be_rung(near: Sequence[ResponderNear], told: Sequence[PageCalled]) -> Sequence[ResponderNear]:
    """Each with the telephone that is rung now; nobody is waited for of whom the provider has just refused every
    number, as long as there is anybody else. Whoever has not answered about the case is rung where they were not last.
    """
    refused = refused_lately(near)
    last = {page.responder_id: page.number for page in told if page.was_dialled and page.state not in REACHED}
    near = to_ring(near, refused, last)
    return [each for each in near if not all_refused(each, refused)] or near


def refused_lately(near: Sequence[ResponderNear]) -> frozenset[str]:
    """Those of their telephones that the provider has just refused to ring."""
    since = clock.now() - REFUSAL_REMEMBERED
    return frozenset(number for each in near for number, at in each.refusals if at >= since)


def areas_of(session: Session, case: Case) -> tuple[UUID, ...]:
    """Where the case is, nearest first; a message may be about anywhere."""
    if case.resident_id is None:
        return tuple(contacts.areas(session, case.community_id))
    home, _ = queries_paging.surroundings(session, case.resident_id)
    return home.area_ids


def spoken_by_resident(session: Session, case: Case) -> frozenset[Spoken]:
    """What the resident of the case speaks; nothing where nobody knows who it is about."""
    if case.resident_id is None:
        return frozenset()
    home, _ = queries_paging.surroundings(session, case.resident_id)
    return resident_speaks(contacts.resident(session, case.resident_id).language, home.flags)


def is_foreign(responder: ResponderNear, spoken: frozenset[Spoken]) -> bool:
    """Whether a responder speaks nothing of what is ``spoken``; of nobody where that is not known."""
    return bool(spoken) and spoken.isdisjoint(responder.speaks)


def _reach(
    session: Session, community: Community, policy: Policy, near: Sequence[ResponderNear], ringing: Mapping[UUID, Call]
) -> Reach:
    now = clock.now()
    hours = waking_hours(community, policy)
    may_ring = hours.permit(now) and now < hours.closing(now) - calls.lead(RING_SECONDS)
    engaged, rung = queries_paging.engaged_and_rung(session, [each.responder_id for each in near], now - ladder.HOUR)
    return Reach(
        engaged=engaged,
        ringing=ringing.keys(),
        rung={responder_id: [at for at, _ in times] for responder_id, times in rung.items()},
        here={
            each.responder_id: [at for at, number in rung.get(each.responder_id, ()) if number == each.number]
            for each in near
            if len(each.numbers) > 1
        },
        wakes_at=None if may_ring else next_start(hours.opens, hours.zone, now),
    )


def waking_hours(community: Community, policy: Policy) -> Hours:
    """The hours in which responders of a community may be rung about what is not for any hour."""
    return policy.waking_hours(community.call_until, ZoneInfo(community.timezone))


def with_room(session: Session, responder_ids: Sequence[UUID]) -> dict[UUID, Call]:
    """Their calls that nobody has picked up yet, of those that can tell of one case more."""
    found = queries_paging.ringing_calls(session, OWNER, responder_ids).items()
    return {responder_id: rings.call for responder_id, rings in found if rings.carried < MOST_TOLD}
