"""Reminding: whoever has taken a case and not gone on with it in time is rung once, about all of theirs at once.

The call is a page of each case, so that it counts among the calls that a responder may have in an hour.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from contacts import queries as contacts
from contacts.models import Community, Responder
from core import actors, clock
from core.running import events
from escalation import holding, ladder, queries
from escalation.calls.reminders.reminder_dialogue import reminder_dialogue
from escalation.cases import cases
from escalation.holding import Step
from escalation.models import HELD, Case, Page, PageState
from escalation.paging import looks, matters, telephone_ownership
from escalation.paging.page_order import urgency
from escalation.policies import Policy
from escalation.policy_lookup import policy_of
from escalation.queries import paging as queries_paging
from ivr.dispatch import calls
from ivr.dispatch.prerender import prepare_soon

OWNER = "reminder"
DIAL_WITHIN = ladder.PATIENCE
"""A reminder that could not be dialled so long is told no more: the case is about to return to its ladder."""


def can_ring(session: Session, case: Case) -> bool:
    """Whether the telephone of whoever has the case may ring about it now: by the hours, the limits, and their line."""
    responder, policy = _holder(session, case), policy_of(session, case)
    if responder is None or not policy.rings or not numbers_of(session, case, responder):
        return False
    hours = looks.waking_hours(session.get_one(Community, case.community_id), policy)
    now = clock.now()
    if not policy.at_any_hour and not (hours.permit(now) and now < hours.closing(now) - calls.lead(looks.RING_SECONDS)):
        return False
    engaged, rung = queries_paging.engaged_and_rung(session, [responder.id], now - ladder.HOUR)
    return responder.id not in engaged and _is_left_in_peace(policy, [at for at, _ in rung.get(responder.id, ())], now)


def remind(session: Session, case: Case) -> Sequence[Case]:
    """Rings whoever has the case and asks how it goes, also with whatever else of theirs is late by now.

    Returns the cases that the call is about.
    """
    responder = session.get_one(Responder, case.accepted_by_id)
    late = [case, *(each for each in queries.cases_in_hand(session, responder.id) if _is_late_too(session, case, each))]
    matter = matters.matter(session, case, responder.language)
    dialogue, now = reminder_dialogue(matter, len(late)), clock.now()
    call = calls.queue(
        session,
        number=numbers_of(session, case, responder)[0],
        owner=OWNER,
        dialogue=dialogue,
        urgency=urgency(case.urgency, 1),
        due_at=now,
        not_after=now + DIAL_WITHIN,
        ring_seconds=looks.RING_SECONDS,
    )
    session.flush()
    for each in late:
        each.reminded_at = now
        each.look_at = now + policy_of(session, each).return_after
        session.add(Page(case=each, responder_id=responder.id, call_id=call.id, state=PageState.CALLING, asked_at=now))
        events.append(session, actors.system(), "case.reminded", each.id, responder=str(responder.id))
    session.flush()
    prepare_soon(session, dialogue)
    return late


def is_still_theirs(case: Case, page: Page) -> bool:
    """Whether whoever is reminded by this page still has the case."""
    return case.state in HELD and case.accepted_by_id == page.responder_id


def _is_late_too(session: Session, case: Case, other: Case) -> bool:
    policy, now = policy_of(session, other), clock.now()
    step = holding.next_step(policy, cases.hold_of(other), now, can_ring=policy.at_any_hour or _may_join(session, case))
    return other.id != case.id and other.community_id == case.community_id and step.step is Step.REMIND


def _may_join(session: Session, case: Case) -> bool:
    """Whether it is an hour at which telephones ring for less than what may ring at any."""
    hours = looks.waking_hours(session.get_one(Community, case.community_id), policy_of(session, case))
    return hours.permit(clock.now())


def _holder(session: Session, case: Case) -> Responder | None:
    return session.get(Responder, case.accepted_by_id) if case.accepted_by_id else None


def numbers_of(session: Session, case: Case, responder: Responder) -> Sequence[str]:
    """Their telephones in the order in which they are rung; never the resident's own, nor one of ours."""
    near = telephone_ownership.passed_over([contacts.as_near(session, responder)],
                                           telephone_ownership.telephones(session, case))  # fmt: skip
    if not near:
        return ()
    told = queries_paging.pages_with_calls(session, case.id)
    return [looks.who_can_be_rung(near, told)[0].number]


def _is_left_in_peace(policy: Policy, rung: Sequence[datetime], now: datetime) -> bool:
    """Whether one call more keeps to the limit of an hour and to the time between two."""
    within = policy.calls_per_hour is None or len(rung) < policy.calls_per_hour
    return within and all(now - at >= policy.apart for at in rung)
