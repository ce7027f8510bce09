"""Promises: what may be said of the help for a case, because it is so.

Nobody is told "a helper is being told" unless a telephone rings about it, or is about to. Residents in their call,
relatives in their texts and calls, and everybody who writes to us hear the sentence that ``promise`` allows.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from contacts import queries as contacts
from contacts.models import Role
from contacts.queries import ResponderNear
from core import clock
from escalation import fresh_cases, queries
from escalation.ladder import Candidate, next_turns
from escalation.models import Case, CaseKind, CaseState, PageState
from escalation.paging import looks, telephone_ownership
from escalation.paging.responder_telephones import all_refused
from escalation.policy_lookup import policy_of

SOON = timedelta(minutes=10)
"""A ladder that looks again within this is as good as ringing; anything later is said with its time."""


class Help(StrEnum):
    """How it stands with the help for a case."""

    RINGING = "ringing"
    """A telephone rings about it, or the ladder is about to ring one."""
    LATER = "later"
    """Nobody may be rung before a certain time."""
    NOBODY = "nobody"
    """There is no telephone that could be rung: it stands on the office's page, and nowhere else."""
    TAKEN = "taken"
    CLOSED = "closed"


@dataclass(frozen=True)
class Promise:
    """What is true of a case now; ``at`` is when the first telephone rings where that is ``LATER``."""

    help: Help
    at: datetime | None = None


def promise(session: Session, case: Case) -> Promise:
    """What may be said of the case now, in the transaction that has opened it or looked at it.

    A number that the provider refuses is tried all the same where there is no other, but nobody is told so.
    """
    if case.state == CaseState.CLOSED:
        return Promise(Help.CLOSED)
    if case.state != CaseState.OPEN:
        return Promise(Help.TAKEN)
    if not has_anybody(session, case):
        return Promise(Help.NOBODY)
    if any(page.state == PageState.CALLING for page in fresh_cases.pages_of(session, case)):
        return Promise(Help.RINGING)
    later = case.look_at is not None and case.look_at - clock.now() > SOON
    return Promise(Help.LATER, case.look_at) if later else Promise(Help.RINGING)


def has_anybody(session: Session, case: Case) -> bool:
    """Whether there is a telephone that the case's ladder can ring, now or later."""
    return bool(_who_can_be_rung(session, case))


def roles_to_ring(session: Session, kind: CaseKind, resident_id: UUID) -> frozenset[Role]:
    """The roles of those whom the ladder of such a case about a resident could ring, now or later."""
    community_id = contacts.resident(session, resident_id).community_id
    near = _who_can_be_rung(session, Case(kind=kind, community_id=community_id, resident_id=resident_id))
    return frozenset(Role(each.role) for each in near)


def would_have_anybody(session: Session, kind: CaseKind, resident_id: UUID) -> bool:
    """Whether there would be one for a case of this kind about a resident, if they had it."""
    community_id = contacts.resident(session, resident_id).community_id
    return has_anybody(session, Case(kind=kind, community_id=community_id, resident_id=resident_id))


def has_others(session: Session, case: Case, responder_id: UUID) -> bool:
    """Whether the ladder of an open case rings anybody but this responder, now or later, once they are through."""
    if any(page.state == PageState.CALLING and page.responder_id != responder_id
           for page in queries.pages_of(session, case.id)):  # fmt: skip
        return True
    candidates = [Candidate(each.responder_id, Role(each.role), each.distance)
                  for each in _who_can_be_rung(session, case)]  # fmt: skip
    asked = looks.asked_so_far(session, case)
    return any(each.responder_id != responder_id
               for each in next_turns(policy_of(session, case), candidates, asked))  # fmt: skip


def _who_can_be_rung(session: Session, case: Case) -> list[ResponderNear]:
    """Whoever the case's ladder can ring; nobody whose number the provider has just refused."""
    roles = policy_of(session, case).roles
    around = contacts.responders_near(session, case.community_id, looks.areas_of(session, case))
    near = [
        each
        for each in telephone_ownership.passed_over(around, telephone_ownership.telephones(session, case))
        if each.role in roles
    ]
    refused = looks.refused_lately(near)
    return [each for each in near if not all_refused(each, refused)]
