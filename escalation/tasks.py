"""Celery's entry to the ladders."""

from celery import shared_task

from core.storage.database import write
from escalation import climbing
from escalation.calls import callback_queue
from escalation.cases import cases, recording_retention


@shared_task(name=cases.ESCALATION)  # type: ignore[untyped-decorator]
def climb() -> None:
    """Looks at every ladder that is due, and tells whoever has waited too long the truth."""
    climbing.climb_due()
    write(callback_queue.ring_due)


@shared_task(name=recording_retention.KEEPING)  # type: ignore[untyped-decorator]
def keep() -> None:
    """Deletes the recordings that may not be kept any longer."""
    recording_retention.delete_expired()
