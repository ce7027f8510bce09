"""Celery's entry to the ladders."""

from celery import shared_task

from core.database import unit_of_work
from escalation import cases


@shared_task(name=cases.ESCALATION)  # type: ignore[untyped-decorator]
def climb() -> None:
    """Looks at every ladder that is due."""
    with unit_of_work() as session:
        cases.climb_due(session)
