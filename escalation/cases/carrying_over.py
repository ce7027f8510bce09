"""Carrying over: a person was written down twice, and their open cases go on about the file that is kept."""

from uuid import UUID

from sqlalchemy.orm import Session

from core.storage.held_rows import hold
from escalation import queries
from escalation.models import Case


def carry_over(session: Session, resident_id: UUID, to: UUID) -> list[Case]:
    """What nobody has closed about a resident is about ``to`` from now on: who has accepted it has it still, and its
    ladder goes on. Returns those cases."""
    carried = list(queries.unclosed_cases(session, [resident_id]))
    for case in carried:
        hold(session, case)
        case.resident_id = to
    session.flush()
    return carried
