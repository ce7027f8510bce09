"""Joining: there is one case of a kind about a resident that nobody has closed; what happens again is told of it."""

from uuid import UUID

from sqlalchemy.orm import Session

from core import clock
from core.ids import new_id
from escalation import fresh_cases, queries
from escalation.models import Case, CaseKind, CaseState
from escalation.paging import paging

OF_THEIR_OWN = frozenset({CaseKind.MESSAGE})
"""Each message is a case of its own: a person has to hear every one."""


def joinable(session: Session, community_id: UUID, resident_id: UUID, kind: CaseKind) -> Case | None:
    """The case of this kind about the resident that nobody has closed, if there is one.

    From here to its end this unit of work alone opens cases in the community, so that two do not both find none.
    """
    if kind in OF_THEIR_OWN:
        return None
    paging.alone_on_ladders(session, community_id)
    return fresh_cases.unclosed_of_kind(session, resident_id, kind)


def known_or_joinable(
    session: Session, community_id: UUID, resident_id: UUID, kind: CaseKind, check_in_id: UUID
) -> tuple[Case | None, Case | None]:
    """The case that the check-in has led to, and that which ``joinable`` finds, in one statement."""
    paging.alone_on_ladders(session, community_id)
    known, alike = queries.known_or_alike(session, check_in_id, resident_id, kind)
    return known, None if kind in OF_THEIR_OWN else alike


def tie(session: Session, known: Case, check_in_id: UUID | None, campaign_id: UUID | None) -> None:
    """The check-in leads to the case from now on, by a row of its own that is closed and merged into it."""
    if check_in_id is None:
        return
    now = clock.now()
    session.add(Case(id=new_id(), community_id=known.community_id, resident_id=known.resident_id, kind=known.kind,
                     state=CaseState.CLOSED, urgency=known.urgency, opened_at=now, closed_at=now, note="", needs=[],
                     check_in_id=check_in_id, campaign_id=campaign_id, merged_into_id=known.id))  # fmt: skip
    session.flush()
