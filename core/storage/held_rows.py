"""Rows that a unit of work holds until it ends, so that nobody else changes them meanwhile."""

from sqlalchemy.orm import Session

from core.storage.database import Base


def hold(session: Session, row: Base) -> None:
    """Waits until nobody else holds ``row``, holds it until the transaction ends, and reads it as it stands then.

    What this unit of work has changed before is written first: a refresh throws away whatever was not.
    """
    session.flush()
    session.refresh(row, with_for_update=True)
