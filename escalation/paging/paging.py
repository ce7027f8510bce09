"""Pages: the calls that ask responders, and what becomes of them.

One call tells of everything that waits for its responder: a case whose turn comes while their telephone rings joins the
call, and so does what could wait for them a little longer (``tell_ringing``).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from contacts import queries as contacts
from contacts.hours import Hours, next_start
from contacts.models import Community, Responder, Role
from contacts.queries import ResponderNear
from core import actors, clock
from core.running import events
from core.storage.database import alone
from escalation import ladder, queries
from escalation.ladder import Asked, Candidate, Reach, climb
from escalation.models import Case, CaseState, Page, PageState
from escalation.paging import matters, telephone_ownership
from escalation.paging.page_order import put_in_order
from escalation.paging.responder_telephones import all_refused, to_ring
from escalation.policies import Policy
from escalation.policy_lookup import policies_of, policy_of
from ivr.dispatch import calls
from ivr.dispatch.prerender import prepare_soon
from ivr.models import RANG_NOBODY, Call, Ending, Urgency

OWNER = "page"
LADDERS = "ladders"
RING_SECONDS = 45
DIAL_WITHIN = timedelta(minutes=10)
REFUSAL_REMEMBERED = timedelta(days=1)
"""Then the number is tried again: what the provider refuses may have been put right there."""
MOST_WOKEN = 3
"""Waiting cases that a free telephone wakes; the others join the call that comes of it."""
MOST_TOLD = 50
"""More than anybody can take in one call: what is beyond that is for the next responder."""
BY_KEY = frozenset({PageState.ACCEPTED, PageState.DECLINED})
"""Ends of a page that are its responder's doing, and nobody else's."""
NEWS = timedelta(minutes=1)
"""A case so young may still wait for somebody who is rung out of the resident's own call (``office``)."""


def alone_on_ladders(session: Session, community_id: UUID) -> None:
    """From here to its end, only this unit of work rings responders of the community.

    Ladders climb one after the other: two that looked side by side would ring the same responder twice, and the unit of
    work of the second, with the key that a resident has just pressed, would fail. A key waits for whoever climbs, so a
    unit of work that does is short.
    """
    alone(session, f"{LADDERS} of {community_id}")


def ask_next(session: Session, case: Case) -> None:
    """Asks whomever the ladder of the case names now and notes when to look again."""
    alone_on_ladders(session, case.community_id)
    joined = _climb(session, case)
    put_in_order(session, case)
    for call in joined:
        _retell(session, call)


def _climb(session: Session, case: Case) -> list[Call]:
    """Returns the calls that are to tell of the case as well."""
    telephones = telephone_ownership.telephones(session, case)
    around = contacts.responders_near(session, case.community_id, areas_of(session, case))
    numbers = {each.responder_id: each.numbers for each in around}
    near = _who_can_be_rung(session, case, telephone_ownership.passed_over(around, telephones))
    own = {responder_id: telephone_ownership.is_near(theirs, telephones) for responder_id, theirs in numbers.items()}
    candidates = [Candidate(each.responder_id, Role(each.role), each.distance, own[each.responder_id]) for each in near]
    ringing = _with_room(session, queries.ringing_calls(session, OWNER, [each.responder_id for each in near]))
    policy = policy_of(session, case)
    reach = _reach(session, case.community_id, policy, near, ringing)
    step = climb(policy, candidates, asked_so_far(session, case), reach, clock.now())
    case.look_at = step.look_at
    by_id = {each.responder_id: each for each in near}
    told = [_tell(session, case, by_id[responder_id], ringing.get(responder_id)) for responder_id in step.ask]
    return [call for call in told if call in ringing.values()]


def could_hear_more(session: Session) -> Sequence[tuple[UUID, UUID]]:
    """Whose telephone rings (a responder, and their community) while something waits that nobody is asked about."""
    ringing = queries.ringing(session, OWNER)
    return ringing if ringing and queries.is_any_untold(session, policies_of(session), clock.now() - NEWS) else ()


def tell_ringing(session: Session, responder_id: UUID) -> None:
    """A responder whose telephone rings hears of everything else that waits for them as well, whatever its turn.

    Whoever is asked for ever is told of all, others of what they may still be asked about.
    """
    for call in _with_room(session, queries.ringing_calls(session, OWNER, [responder_id])).values():
        _add_waiting(session, session.get_one(Responder, responder_id), call)


def ask(session: Session, case: Case, responder: Responder) -> bool:
    """Rings this responder about the case out of turn, once they hang up; False if they are being asked already."""
    alone_on_ladders(session, case.community_id)
    ringing = queries.ringing_calls(session, OWNER, [responder.id]).get(responder.id)
    if ringing is None and responder.id in queries.responders_being_asked(session):
        return False
    if any(page.state == PageState.CALLING and page.responder_id == responder.id
           for page in queries.pages_of(session, case.id)):  # fmt: skip
        return False
    free = telephone_ownership.passed_over([_near(responder)], telephone_ownership.telephones(session, case)) or [
        _near(responder)
    ]
    call = _tell(session, case, _who_can_be_rung(session, case, free)[0], ringing)
    put_in_order(session, case)
    _retell(session, call)
    return True


def tell_anew(session: Session, case: Case) -> None:
    """More is known about the case: whoever's telephone rings about it, and is not answered yet, will hear that."""
    for page in queries.pages_of(session, case.id):
        if page.state == PageState.CALLING:
            _retell(session, session.get_one(Call, page.call_id))


def without_key(call: Call) -> PageState:
    """What the pages of a call end as that is over and in which no key was pressed."""
    if call.ending in RANG_NOBODY or (call.ending == Ending.FAILED and call.dialled_at is None):
        return PageState.NOT_RUNG
    return PageState.WITHDRAWN if call.ending == Ending.WITHDRAWN else PageState.UNANSWERED


def end_page(session: Session, page: Page, state: PageState) -> None:
    """The page is over; its case's ladder looks again at once, or soon where what was to ring could not."""
    if page.state != PageState.CALLING:
        return
    now = clock.now()
    page.state, page.ended_at = state, now
    by = actors.responder(page.responder_id) if state in BY_KEY else actors.system()
    events.append(session, by, f"page.{state}", page.case_id, responder=str(page.responder_id))
    case = session.get_one(Case, page.case_id)
    if case.state == CaseState.OPEN:
        put_in_order(session, case)
        undialled = state is PageState.NOT_RUNG and session.get_one(Call, page.call_id).ending == Ending.NOT_WANTED
        case.look_at = now + ladder.ALL_ENGAGED_PAUSE if undialled else now


def hung_up(session: Session, number: str) -> None:
    """A call with this telephone is over; cases that waited for the responder whose it is look again at once."""
    responder = contacts.responder_by_number(session, number)
    if responder is None:
        return
    session.flush()
    for case in queries.waiting_cases(session, policies_of(session), responder, MOST_WOKEN):
        case.look_at = clock.now()


def withdraw_others(session: Session, case: Case, but: UUID | None) -> None:
    """Nobody else needs to be asked about this case any more; a call that tells of others as well rings on for them."""
    for page in queries.pages_of(session, case.id):
        if page.state != PageState.CALLING or page.responder_id == but:
            continue
        end_page(session, page, PageState.WITHDRAWN)
        session.flush()
        call = session.get_one(Call, page.call_id)
        if any(other.state == PageState.CALLING for other in queries.pages_of_call(session, call.id)):
            _retell(session, call)
        else:
            calls.want_ended(session, call)


def asked_so_far(session: Session, case: Case) -> list[Asked]:
    """Whoever's telephone was to be rung, as the ladder counts them; what was never dialled has asked nobody.

    The ladder waited for the telephone that was rung while the resident waits; when it looks, that time is over.
    """
    waited_for = queries.pages_of_legs(session, case.id)
    return [
        Asked(
            page.responder_id,
            PageState.UNANSWERED if page.id in waited_for else PageState(page.state),
            page.asked_at,
        )
        for page in queries.pages_asked(session, case.id)
    ]


def _who_can_be_rung(session: Session, case: Case, near: Sequence[ResponderNear]) -> Sequence[ResponderNear]:
    """Each with the telephone that is rung now; nobody is waited for of whom the provider has just refused every
    number, as long as there is anybody else."""
    refused = refused_lately(session, near)
    near = to_ring(near, refused, queries.rung_without_answer(session, case.id))
    return [each for each in near if not all_refused(each, refused)] or near


def refused_lately(session: Session, near: Sequence[ResponderNear]) -> frozenset[str]:
    """Those of their telephones that the provider has just refused to ring."""
    numbers = [number for each in near for number in each.numbers]
    return contacts.refused_since(session, numbers, clock.now() - REFUSAL_REMEMBERED)


def areas_of(session: Session, case: Case) -> Sequence[UUID]:
    """Where the case is, nearest first; a message may be about anywhere."""
    if case.resident_id is None:
        return list(contacts.areas(session, case.community_id))
    return contacts.areas_of_home(session, case.resident_id)


def _reach(
    session: Session, community_id: UUID, policy: Policy, near: Sequence[ResponderNear], ringing: Mapping[UUID, Call]
) -> Reach:
    now = clock.now()
    hours = _waking_hours(session.get_one(Community, community_id), policy)
    may_ring = hours.permit(now) and now < hours.closing(now) - calls.lead(RING_SECONDS)
    rung = queries.rung_since(session, [each.responder_id for each in near], now - ladder.HOUR)
    return Reach(
        engaged=queries.engaged_responders(session),
        ringing=ringing.keys(),
        rung={responder_id: [at for at, _ in times] for responder_id, times in rung.items()},
        here={
            each.responder_id: [at for at, number in rung.get(each.responder_id, ()) if number == each.number]
            for each in near
            if len(each.numbers) > 1
        },
        wakes_at=None if may_ring else next_start(hours.opens, hours.zone, now),
    )


def _waking_hours(community: Community, policy: Policy) -> Hours:
    return policy.waking_hours(community.call_until, ZoneInfo(community.timezone))


def _with_room(session: Session, ringing: Mapping[UUID, Call]) -> dict[UUID, Call]:
    """Those calls that can tell of one case more."""
    if not ringing:
        return {}
    carried = queries.pages_carried(session, [call.id for call in ringing.values()])
    return {responder_id: call for responder_id, call in ringing.items() if carried[call.id] < MOST_TOLD}


def _add_waiting(session: Session, responder: Responder, call: Call) -> None:
    now, role = clock.now(), Role(responder.role)
    community = session.get_one(Community, responder.community_id)

    def may_hear(policy: Policy) -> bool:
        return role in policy.roles and (policy.at_any_hour or _waking_hours(community, policy).permit(now))

    for_ever = role is Role.OFFICE or not contacts.has_responder(session, responder.community_id, Role.OFFICE)
    room = MOST_TOLD - queries.pages_carried(session, [call.id])[call.id]
    found = queries.cases_to_add(session, policies_of(session), responder, may_hear, now - NEWS, room,
                                 for_ever=for_ever)  # fmt: skip
    added = [
        case
        for case in found
        if not telephone_ownership.is_near(responder.numbers, telephone_ownership.telephones(session, case))
    ]
    for case in added:
        case.look_at = now + ladder.PATIENCE
        _add_page(session, case, responder.id, call)
        put_in_order(session, case)
    if added:
        _retell(session, call)


def _tell(session: Session, case: Case, responder: ResponderNear, ringing: Call | None) -> Call:
    """The responder hears of the case in the call that rings them already, or in one of its own; returns which."""
    call = ringing or _ring(session, case, responder)
    _add_page(session, case, responder.responder_id, call)
    if policy_of(session, case).at_any_hour:
        call.not_after = max(call.not_after, clock.now() + DIAL_WITHIN)
    return call


def _ring(session: Session, case: Case, responder: ResponderNear) -> Call:
    now = clock.now()
    call = calls.queue(
        session,
        number=responder.number,
        owner=OWNER,
        dialogue=matters.offering(session, [case], responder.language),
        urgency=Urgency.ALERT,
        due_at=now,
        not_after=_not_after(session, case, now),
        ring_seconds=RING_SECONDS,
    )
    session.flush()
    return call


def _not_after(session: Session, case: Case, now: datetime) -> datetime:
    """What may not ring in the quiet hours is not dialled when they have begun meanwhile."""
    policy = policy_of(session, case)
    hours = _waking_hours(session.get_one(Community, case.community_id), policy)
    if policy.at_any_hour or not hours.permit(now):
        return now + DIAL_WITHIN
    return min(now + DIAL_WITHIN, hours.closing(now))


def _add_page(session: Session, case: Case, responder_id: UUID, call: Call) -> None:
    session.add(Page(case_id=case.id, responder_id=responder_id, call_id=call.id, state=PageState.CALLING,
                     asked_at=clock.now()))  # fmt: skip
    session.flush()
    events.append(session, actors.system(), "page.asked", case.id, responder=str(responder_id))


def _retell(session: Session, call: Call) -> None:
    """A call that nobody has picked up yet tells of what its pages are about now."""
    pages = [page for page in queries.pages_of_call(session, call.id) if page.state == PageState.CALLING]
    if call.owner != OWNER or call.answered_at is not None or not pages:
        return
    language = session.get_one(Responder, pages[0].responder_id).language
    dialogue = matters.offering(session, [page.case for page in pages], language)
    calls.rewrite(call, dialogue)
    prepare_soon(session, dialogue)


def _near(responder: Responder) -> ResponderNear:
    return ResponderNear(responder.id, responder.name, responder.role, responder.numbers, responder.language, 0)
