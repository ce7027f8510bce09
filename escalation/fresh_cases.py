"""Cases that this very unit of work has made: nothing is asked of the database that nobody else can have told it.

A fresh case has the pages that were made for it here, and none else.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from escalation import queries
from escalation.models import Case, CaseKind, CaseState, Page

_KEY = "fresh cases"


def note(session: Session, case: Case) -> None:
    """The case is being made in this unit of work."""
    case.pages = []
    session.add(case)
    session.info.setdefault(_KEY, {})[case.id] = case


def is_fresh(session: Session, case: Case) -> bool:
    """Whether it was made in this unit of work, which a savepoint may have taken back."""
    return case.id in session.info.get(_KEY, ()) and case in session


def pages_of(session: Session, case: Case) -> Sequence[Page]:
    """The pages of a case, oldest first."""
    return list(case.pages) if is_fresh(session, case) else queries.pages_of(session, case.id)


def latest_about(session: Session, resident_id: UUID) -> Case | None:
    """The latest case of this resident that nobody has closed; there is none later than one that is made now."""
    made: dict[UUID, Case] = session.info.get(_KEY, {})
    for case in reversed(made.values()):
        if case.resident_id == resident_id and case.state != CaseState.CLOSED and case in session:
            return case
    return queries.latest_case_about(session, resident_id)


def unclosed_of_kind(session: Session, resident_id: UUID, kind: CaseKind) -> Case | None:
    """The oldest case of this kind about this resident that nobody has closed."""
    made: dict[UUID, Case] = session.info.get(_KEY, {})
    for case in made.values():
        is_one = case.resident_id == resident_id and case.kind == kind and case.state != CaseState.CLOSED
        if is_one and case in session:
            return case
    return next((each for each in queries.unclosed_cases(session, [resident_id]) if each.kind == kind), None)
