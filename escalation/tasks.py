"""Celery's entry to the ladders."""

from celery import shared_task

from core.database import write
from escalation import cases, climbing, keeping, truth_ringing


@shared_task(name=cases.ESCALATION)  # type: ignore[untyped-decorator]
def climb() -> None:
    """Looks at every ladder that is due, and tells whoever has waited too long the truth."""
    climbing.climb_due()
    write(truth_ringing.ring_due)


@shared_task(name=keeping.KEEPING)  # type: ignore[untyped-decorator]
def keep() -> None:
    """Deletes the recordings that may not be kept any longer."""
    keeping.delete_expired()
