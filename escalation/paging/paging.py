"""Pages: the calls that ask responders, and what becomes of them.

One call tells of everything that waits for its responder: a case whose turn comes while their telephone rings joins the
call, and so does what could wait for them a little longer (``tell_ringing``).
"""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from contacts import queries as contacts
from contacts.models import Community, Responder, Role
from contacts.queries import ResponderNear
from core import actors, clock
from core.running import events
from core.storage.database import alone
from escalation import fresh_cases, ladder, queries
from escalation.models import Case, CaseState, Page, PageState
from escalation.paging import matters, page_texts, telephone_ownership
from escalation.paging.looks import (
    MOST_TOLD,
    OWNER,
    RING_SECONDS,
    Found,
    look,
    waking_hours,
    who_can_be_rung,
    with_room,
)
from escalation.paging.page_order import put_in_order, ring_now, urgency
from escalation.policies import Policy
from escalation.policy_lookup import policies_of, policy_of
from escalation.queries import paging as queries_paging
from ivr.dialogue.engine import Dialogue
from ivr.dispatch import calls
from ivr.dispatch.prerender import prepare_soon
from ivr.models import RANG_NOBODY, Call, CallState, Ending, Urgency

LADDERS = "ladders"
_HELD = "ladders held"
DIAL_WITHIN = timedelta(minutes=10)
MOST_WOKEN = 3
"""Waiting cases that a free telephone wakes; the others join the call that comes of it."""
BY_KEY = frozenset({PageState.ACCEPTED, PageState.DECLINED})
"""Ends of a page that are its responder's doing, and nobody else's."""
NEWS = timedelta(minutes=1)
"""A case so young may still wait for somebody who is rung out of the resident's own call (``office``)."""


def alone_on_ladders(session: Session, community_id: UUID) -> None:
    """From here to its end, only this unit of work rings responders of the community.

    Ladders climb one after the other: two that looked side by side would ring the same responder twice, and the unit of
    work of the second, with the key that a resident has just pressed, would fail. A key waits for whoever climbs, so a
    unit of work that does is short. What it has asked for already is not asked for again, unless a savepoint may have
    taken it back.
    """
    begun, held = session.get_transaction(), session.info.setdefault(_HELD, {})
    if begun is not None and held.get(community_id) is begun:
        return
    alone(session, f"{LADDERS} of {community_id}")
    if not session.in_nested_transaction():
        held[community_id] = session.get_transaction()


def ask_next(session: Session, case: Case) -> None:
    """Asks whomever the ladder of the case names now and notes when to look again.

    A case that is being made and is not written yet is written here, with what its ladder has found.
    """
    with session.no_autoflush if case in session.new else nullcontext():
        alone_on_ladders(session, case.community_id)
        found = look(session, case)
    case.look_at = found.step.look_at
    session.flush()
    _tell_all(session, case, found)


def _tell_all(session: Session, case: Case, found: Found) -> None:
    """Everybody of the step hears of the case in the call that rings them already, or in one of their own."""
    urgencies = [urgency(case.urgency, before) for before, _ in enumerate(found.step.ask, found.live)]
    asked = [(found.near[responder_id], theirs) for responder_id, theirs in zip(found.step.ask, urgencies, strict=True)]
    with session.no_autoflush:  # all of them are written together
        rings = {responder.responder_id: _ring(session, case, responder, theirs)
                 for responder, theirs in asked if responder.responder_id not in found.ringing}  # fmt: skip
    session.flush()
    for responder, _ in asked:
        if responder.responder_id in found.ringing:
            _add_page_to(session, case, responder.responder_id, found.ringing[responder.responder_id])
        else:
            _add_page(session, case, responder.responder_id, rings[responder.responder_id])
    session.flush()
    joined = [(found.ringing[responder.responder_id], responder, theirs)
              for responder, theirs in asked if responder.responder_id in found.ringing]  # fmt: skip
    if joined:
        _join(session, case, joined)


def _join(session: Session, case: Case, joined: Sequence[tuple[Call, ResponderNear, int]]) -> None:
    """Calls that ring their responders already tell of the case as well, each in their language, and are as urgent."""
    pages = _live_pages(session, [call for call, _, _ in joined])
    told = [(call, _about(session, call, pages[call.id], responder)) for call, responder, _ in joined]
    for (call, dialogue), (_, _, theirs) in zip(told, joined, strict=True):
        _tell(session, call, dialogue)
        if call.state == CallState.QUEUED:
            call.urgency = min(call.urgency, theirs)
        _dial_in_time(session, case, call)


def _dial_in_time(session: Session, case: Case, ringing: Call) -> None:
    """A call that tells of what may ring at any hour is dialled as long as one of its own would be, and as soon."""
    policy, now = policy_of(session, case), clock.now()
    if policy.at_any_hour:
        ringing.not_after = max(ringing.not_after, now + DIAL_WITHIN)
    if not policy.text_ahead and ringing.due_at > now:
        ring_now(session, [ringing.id])


def could_hear_more(session: Session) -> Sequence[tuple[UUID, UUID]]:
    """Whose telephone rings (a responder, and their community) while something waits that nobody is asked about."""
    ringing = queries.ringing(session, OWNER)
    return ringing if ringing and queries.is_any_untold(session, policies_of(session), clock.now() - NEWS) else ()


def tell_ringing(session: Session, responder_id: UUID) -> None:
    """A responder whose telephone rings hears of everything else that waits for them as well, whatever its turn.

    Whoever is asked for ever is told of all, others of what they may still be asked about.
    """
    for call in with_room(session, [responder_id]).values():
        _add_waiting(session, session.get_one(Responder, responder_id), call)


def ask(session: Session, case: Case, responder: Responder) -> bool:
    """Rings this responder about the case out of turn, once they hang up; False if they are being asked already."""
    alone_on_ladders(session, case.community_id)
    rings = queries_paging.ringing_calls(session, OWNER, [responder.id]).get(responder.id)
    ringing = rings.call if rings else None
    if ringing is None and responder.id in queries.responders_being_asked(session):
        return False
    if any(page.state == PageState.CALLING and page.responder_id == responder.id
           for page in queries.pages_of(session, case.id)):  # fmt: skip
        return False
    near = [_near(session, responder)]
    free = telephone_ownership.passed_over(near, telephone_ownership.telephones(session, case)) or near
    whom = who_can_be_rung(free, queries_paging.pages_with_calls(session, case.id))[0]
    if ringing:
        _dial_in_time(session, case, ringing)
    call = ringing or _ring(session, case, whom, Urgency.ALERT)
    session.flush()
    _add_page_to(session, case, responder.id, call)
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
    if case.handing_to_id == page.responder_id:
        case.handing_to_id = None
        events.append(session, actors.system(), "case.not_handed_over", case.id, responder=str(page.responder_id))
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
    page_texts.drop(session, case.id, but)
    for page in queries.pages_of(session, case.id):
        if page.state == PageState.CALLING and page.responder_id != but:
            end_asking(session, page, PageState.WITHDRAWN)


def end_asking(session: Session, page: Page, state: PageState) -> None:
    """The page is over, and with it its call, unless that tells of others as well."""
    end_page(session, page, state)
    session.flush()
    call = session.get_one(Call, page.call_id)
    if any(other.state == PageState.CALLING for other in queries.pages_of_call(session, call.id)):
        _retell(session, call)
    else:
        calls.want_ended(session, call)


def _add_waiting(session: Session, responder: Responder, call: Call) -> None:
    now, role = clock.now(), responder.role
    community = session.get_one(Community, responder.community_id)

    def may_hear(policy: Policy) -> bool:
        return role in policy.roles and (policy.at_any_hour or waking_hours(community, policy).permit(now))

    for_ever = role is Role.OFFICE or not contacts.has_responder(session, responder.community_id, Role.OFFICE)
    room = MOST_TOLD - queries_paging.pages_carried(session, [call.id])[call.id]
    found = queries.cases_to_add(session, policies_of(session), responder, may_hear, now - NEWS, room,
                                 for_ever=for_ever)  # fmt: skip
    added = [
        case
        for case in found
        if not telephone_ownership.is_near(responder.numbers, telephone_ownership.telephones(session, case))
    ]
    for case in added:
        case.look_at = now + ladder.PATIENCE
        _add_page_to(session, case, responder.id, call)
        session.flush()
        put_in_order(session, case)
    if added:
        _retell(session, call)


def _ring(session: Session, case: Case, responder: ResponderNear, urgency: int) -> Call:
    policy = policy_of(session, case)
    due_at = clock.now() + page_texts.ahead(policy, responder.number)
    return calls.queue(
        session,
        number=responder.number,
        owner=OWNER,
        dialogue=matters.offering(session, [case], responder),
        urgency=urgency,
        due_at=due_at,
        not_after=_not_after(session, case, policy, due_at),
        ring_seconds=RING_SECONDS,
    )


def _not_after(session: Session, case: Case, policy: Policy, due_at: datetime) -> datetime:
    """What may not ring in the quiet hours is not dialled when they have begun meanwhile."""
    now, hours = clock.now(), waking_hours(session.get_one(Community, case.community_id), policy)
    if policy.at_any_hour or not hours.permit(now):
        return due_at + DIAL_WITHIN
    return min(due_at + DIAL_WITHIN, hours.closing(now))


def _add_page(session: Session, case: Case, responder_id: UUID, call: Call) -> None:
    """The responder hears of the case in this call."""
    session.add(Page(case=case, responder_id=responder_id, call_id=call.id, state=PageState.CALLING,
                     asked_at=clock.now()))  # fmt: skip
    events.append(session, actors.system(), "page.asked", case.id, responder=str(responder_id))


def _add_page_to(session: Session, case: Case, responder_id: UUID, ringing: Call) -> None:
    """The same of a call that may have told of the case before, and rings on for others: it asks about it once more."""
    known = None if fresh_cases.is_fresh(session, case) else queries.page_of(session, ringing.id, case.id)
    if known is None:
        _add_page(session, case, responder_id, ringing)
    else:
        known.state, known.asked_at, known.ended_at = PageState.CALLING, clock.now(), None
        events.append(session, actors.system(), "page.asked", case.id, responder=str(responder_id))


def _retell(session: Session, call: Call) -> None:
    """A call that nobody has picked up yet tells of what its pages are about now."""
    if pages := _live_pages(session, [call])[call.id]:
        responder = session.get_one(Responder, pages[0].responder_id)
        _tell(session, call, _about(session, call, pages, responder))


def _live_pages(session: Session, told: Sequence[Call]) -> Mapping[UUID, Sequence[Page]]:
    """By call, the pages that it is still to ask about."""
    found: dict[UUID, list[Page]] = {call.id: [] for call in told}
    for page in queries_paging.pages_in_full(session, list(found)):
        if page.state == PageState.CALLING:
            found[page.call_id].append(page)
    return found


def _about(session: Session, call: Call, pages: Sequence[Page], asked: matters.Asked) -> Dialogue | None:
    """What a call says of its pages as long as nobody has picked it up; None where it says what it said."""
    if call.owner != OWNER or call.answered_at is not None or not pages:
        return None
    return matters.offering(session, [page.case for page in pages], asked)


def _tell(session: Session, call: Call, dialogue: Dialogue | None) -> None:
    if dialogue is not None:
        calls.rewrite(call, dialogue)
        prepare_soon(session, dialogue)


def _near(session: Session, responder: Responder) -> ResponderNear:
    return contacts.as_near(session, responder)
