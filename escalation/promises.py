"""Promises: what may be said of the help for a case, because it is so.

Nobody is told "a helper is being told" unless a telephone rings about it, or is about to. Residents in their call,
relatives in their texts and calls, and everybody who writes to us hear the sentence that ``promise`` allows.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from contacts import queries as contacts
from core import clock
from escalation import ownership, paging, queries
from escalation.models import Case, CaseKind, CaseState, PageState
from escalation.policies import POLICIES

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
    if any(page.state == PageState.CALLING for page in queries.pages_of(session, case.id)):
        return Promise(Help.RINGING)
    later = case.look_at is not None and case.look_at - clock.now() > SOON
    return Promise(Help.LATER, case.look_at) if later else Promise(Help.RINGING)


def has_anybody(session: Session, case: Case) -> bool:
    """Whether there is a telephone that the case's ladder can ring, now or later."""
    roles = {role for step in POLICIES[CaseKind(case.kind)].rungs for role in step}
    around = contacts.responders_near(session, case.community_id, paging.areas_of(session, case))
    near = ownership.passed_over(around, ownership.telephones(session, case))
    numbers = {each.number for each in near if each.role in roles}
    refused = contacts.refused_since(session, list(numbers), clock.now() - paging.REFUSAL_REMEMBERED)
    return bool(numbers - refused)
