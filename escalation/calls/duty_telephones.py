"""The duty telephones: in office hours somebody at the office is rung for a resident who wants a person and waits.

The case is there from the key on; its ladder only waits, for a bounded time, and goes on by itself whatever happens.
For whoever is unwell and has waited in vain it does not even wait.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from contacts import phones
from contacts import queries as contacts
from contacts.community.community import the_community
from contacts.models import Community, Role
from contacts.office import office_hours
from contacts.queries import ResidentProfile, ResponderNear
from core import actors, clock
from core.running import events
from escalation import fresh_cases, queries
from escalation.calls.office_dialogue import office_dialogue
from escalation.cases.cases import AT_ONCE
from escalation.ladder import Asked, Candidate, untried
from escalation.models import Case, CaseKind, CaseState, Page, PageState
from escalation.paging import looks, paging, telephone_ownership
from escalation.paging.responder_telephones import to_ring
from escalation.policies import DUTY
from escalation.policy_lookup import policy_for
from escalation.queries import paging as queries_paging
from escalation.roster.reading import duty_now
from ivr.dispatch import legs
from ivr.dispatch.prerender import prepare_soon
from ivr.models import Call
from ivr.queries import count_legs

OWNER = "office"
RING_SECONDS = 20
PATIENCE = timedelta(seconds=60)
"""The longest that one telephone is rung and listened to, with the melody before it (clock time)."""
MOST_RUNG = 3
"""Nobody waits on the line for more than three telephones."""


def patience(session: Session) -> timedelta:
    """How long the ladder of a resident who wants a person waits for the office; not at all when nobody is there."""
    community = the_community(session)
    on_duty = office_hours(community).include(clock.now()) and _on_duty(session, community)
    return PATIENCE if on_duty else AT_ONCE


def is_attended(session: Session, case: Case) -> bool:
    """Whether somebody is at the office now whose telephone can be rung for the resident of a case."""
    community = session.get_one(Community, case.community_id)
    areas = looks.areas_of(session, case)
    near = contacts.responders_near(session, community.id, areas)
    offices = [each for each in near if each.role == Role.OFFICE and each.distance == len(areas)]
    return office_hours(community).include(clock.now()) and bool(_able(community, offices))


def ring_next(session: Session, parent: Call, case: Case) -> Call | None:
    """The leg that rings the next duty telephone out of the resident's call; None, and the ladder goes on, without one.

    A case that is already being asked about, is accepted, or is about an illness, is left to its ladder. Ladders wait
    meanwhile: one that looked beside us would name the same responder.
    """
    paging.alone_on_ladders(session, case.community_id)
    leg = _ring(session, parent, case) if _may_wait(session, case) else None
    if leg is None:
        go_on(session, case)
    else:
        case.look_at = clock.now() + PATIENCE
    return leg


def ring_beside(session: Session, parent: Call, case: Case) -> Call | None:
    """The next duty telephone is rung out of the resident's call while the ladder goes on as if it were not."""
    paging.alone_on_ladders(session, case.community_id)
    return _ring(session, parent, case) if case.state == CaseState.OPEN else None


def is_offered(session: Session) -> bool:
    """Whether there is a duty telephone that can be rung, at whatever hour."""
    return bool(_on_duty(session, the_community(session)))


def ring_duty(session: Session, parent: Call, case: Case) -> Call | None:
    """The leg that rings a duty telephone, at any hour, for a resident who is unwell and to whom nobody has come yet.

    The ladder goes on meanwhile. Whoever has been asked about the case least often is rung; None when none can be.
    """
    paging.alone_on_ladders(session, case.community_id)
    if case.state != CaseState.OPEN or case.resident_id is None or count_legs(session, parent.id) >= MOST_RUNG:
        return None
    profile, engaged = contacts.resident_profile(session, case.resident_id), queries_paging.engaged_responders(session)
    asked = Counter(page.responder_id for page in queries_paging.pages_asked(session, case.id))
    community = session.get_one(Community, case.community_id)
    roster = duty_now(session, community, clock.now())

    def turn(each: ResponderNear) -> tuple[bool, int, bool]:
        return each.responder_id in roster.away, asked[each.responder_id], roster.is_off(each.responder_id)

    for responder in sorted(_on_duty_for(session, community, case), key=turn):
        if responder.responder_id in engaged:
            continue
        if leg := _open(session, parent, case, profile, responder):
            return leg
    return None


def was_taken(session: Session, parent: Call) -> bool:
    """Whether somebody on duty has accepted in the latest leg of the resident's call."""
    page = queries.page_of_leg(session, parent.id)
    return page is not None and page.state == PageState.ACCEPTED


def case_of(session: Session, parent: Call) -> Case | None:
    """The case for which a duty telephone was last rung out of the resident's call."""
    page = queries.page_of_leg(session, parent.id)
    return session.get(Case, page.case_id) if page else None


def let_go(session: Session, parent: Call) -> None:
    """The resident's call is over, so nobody can be connected with it any more."""
    if case := case_of(session, parent):
        go_on(session, case)


def go_on(session: Session, case: Case) -> None:
    """The ladder of an open case goes on at once."""
    if case.state == CaseState.OPEN:
        paging.ask_next(session, case)


def _may_wait(session: Session, case: Case) -> bool:
    being_asked = any(page.state == PageState.CALLING for page in fresh_cases.pages_of(session, case))
    return case.state == CaseState.OPEN and case.kind != CaseKind.UNWELL and not being_asked


def _ring(session: Session, parent: Call, case: Case) -> Call | None:
    if case.resident_id is None:
        return None
    profile = contacts.resident_profile(session, case.resident_id)
    community = session.get_one(Community, case.community_id)
    asked = [Asked(each.responder_id, PageState(each.state), each.asked_at)
             for each in queries_paging.pages_asked(session, case.id)]  # fmt: skip
    on_duty = {each.responder_id: each for each in _on_duty_for(session, community, case)}
    tries_left = MOST_RUNG - sum(each.responder_id in on_duty for each in asked)
    theirs = looks.spoken_by_resident(session, case)
    roster = duty_now(session, community, clock.now())
    candidates = [Candidate(each.responder_id, Role(each.role), 0, is_foreign=looks.is_foreign(each, theirs),
                            is_off_duty=roster.is_off(each.responder_id), is_away=each.responder_id in roster.away)
                  for each in on_duty.values()]  # fmt: skip
    policy = policy_for(session, case.community_id, case.campaign_id, DUTY)
    for responder_id in untried(policy, candidates, asked, queries_paging.engaged_responders(session))[
        : max(0, tries_left)
    ]:
        if leg := _open(session, parent, case, profile, on_duty[responder_id]):
            return leg
    return None


def _open(
    session: Session, parent: Call, case: Case, profile: ResidentProfile, responder: ResponderNear
) -> Call | None:
    dialogue = office_dialogue(profile, responder.language, case.kind)
    leg = legs.open_leg(
        session, parent, number=responder.number, owner=OWNER, dialogue=dialogue, ring_seconds=RING_SECONDS
    )
    if leg is None:
        return None
    now = clock.now()
    session.add(
        Page(case=case, responder_id=responder.responder_id, call_id=leg.id, state=PageState.CALLING, asked_at=now)
    )
    session.flush()
    events.append(session, actors.system(), "page.asked", case.id, responder=str(responder.responder_id))
    prepare_soon(session, dialogue)
    return leg


def _on_duty_for(session: Session, community: Community, case: Case) -> Sequence[ResponderNear]:
    return _able(community, telephone_ownership.passed_over(_offices(session, community),
                                                           telephone_ownership.telephones(session, case)))  # fmt: skip


def _on_duty(session: Session, community: Community) -> Sequence[ResponderNear]:
    """Whoever is at an office telephone that looks after the whole community, and that the provider will ring."""
    return _able(community, _offices(session, community))


def _offices(session: Session, community: Community) -> list[ResponderNear]:
    return [each for each in contacts.responders_near(session, community.id, ()) if each.role == Role.OFFICE]


def _able(community: Community, offices: Sequence[ResponderNear]) -> Sequence[ResponderNear]:
    """Those of them at a telephone that the provider will ring, with that one in front."""
    refused = looks.refused_lately(offices)
    return [
        each
        for each in to_ring(offices, refused)
        if each.number not in refused and phones.may_be_rung(each.number, community.region, community.area_code)
    ]
