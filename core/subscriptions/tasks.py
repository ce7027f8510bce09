"""Celery's entry to what systems outside are told."""

from celery import shared_task

from core.subscriptions import delivering, outbox


@shared_task(name=outbox.DELIVERING)  # type: ignore[untyped-decorator]
def deliver() -> None:
    """Sends what is due; what is left over goes on at the next tick."""
    delivering.deliver()


@shared_task(name=delivering.TIDYING)  # type: ignore[untyped-decorator]
def tidy() -> None:
    """Forgets deliveries that ended long ago."""
    delivering.tidy()
