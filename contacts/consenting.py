"""Withdrawing consent: a resident wishes not to be called any more."""

from uuid import UUID

from sqlalchemy.orm import Session

from contacts import queries
from core import clock, events


def withdraw(session: Session, resident_id: UUID) -> bool:
    """From now on the resident is not called; False when they had not agreed, or had withdrawn before."""
    agreed = queries.consents_in_force(session, resident_id)
    for consent in agreed:
        consent.withdrawn_at = clock.now()
    if agreed:
        session.flush()
        events.append(session, "consent.withdrawn", resident_id)
    return bool(agreed)
