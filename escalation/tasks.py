"""Celery's entry to the ladders."""

from celery import shared_task

from core.database import unit_of_work
from escalation import cases, keeping, truth_ringing


@shared_task(name=cases.ESCALATION)  # type: ignore[untyped-decorator]
def climb() -> None:
    """Looks at every ladder that is due, and tells whoever has waited too long the truth."""
    with unit_of_work() as session:
        cases.climb_due(session)
    with unit_of_work() as session:
        truth_ringing.ring_due(session)


@shared_task(name=keeping.KEEPING)  # type: ignore[untyped-decorator]
def keep() -> None:
    """Deletes the recordings that may not be kept any longer."""
    keeping.delete_expired()
