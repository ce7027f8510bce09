"""Celery's entry to the campaigns."""

from celery import shared_task

from campaigns import attempts, auditor, schedule, trials
from campaigns.rounds import CAMPAIGNS
from core import clock
from core.database import reading, unit_of_work
from core.wakeups import wake_at


@shared_task(name=CAMPAIGNS)  # type: ignore[untyped-decorator]
def tick() -> None:
    """Starts the rounds that are due, queues the calls that are due, and closes what is past its deadline."""
    with unit_of_work() as session:
        schedule.start_due(session)
        auditor.close_past_deadline(session, clock.now())
    while _queue_batch():
        pass
    with unit_of_work() as session:
        trials.queue_due(session)
    with reading() as session:
        due = schedule.next_due(session)
    wake_at(CAMPAIGNS, due)


@shared_task(name=auditor.AUDIT)  # type: ignore[untyped-decorator]
def audit() -> None:
    """Looks for anybody forgotten."""
    auditor.audit()


def _queue_batch() -> bool:
    with unit_of_work() as session:
        return attempts.queue_due(session)
