"""Celery's entry to the campaigns."""

from celery import shared_task

from campaigns import attempts, auditor, closing, schedule, set_back, trials
from campaigns.rounds import CAMPAIGNS
from core import clock
from core.database import reading, unit_of_work
from core.wakeups import wake_at


@shared_task(name=CAMPAIGNS)  # type: ignore[untyped-decorator]
def tick() -> None:
    """Closes what is past its deadline, starts the rounds that are due, and queues the calls that are due.

    A clock that was set back is followed before that.
    """
    set_back.follow_the_clock(clock.now())
    with unit_of_work() as session:
        closing.close_past_deadline(session, clock.now())
        schedule.start_due(session)
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
