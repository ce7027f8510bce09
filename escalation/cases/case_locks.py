"""What is held before a call: the cases that it tells of, so that everybody comes to them in the same order.

Two helpers who press at the same moment hold calls of their own and want the same case, and whoever has the case ends
the other's call. With the case before the call one waits until the other is done, and neither waits for the other.
"""

from uuid import UUID

from sqlalchemy.orm import Session

from escalation import queries


def hold_cases(session: Session, call_id: UUID) -> None:
    """Holds the cases of the call and of its legs, always in the same order, until this unit of work ends."""
    queries.hold_cases_of_call(session, call_id)
