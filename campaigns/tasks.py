"""Celery's entry to the campaigns."""

from functools import cache

from celery import shared_task
from sqlalchemy.orm import Session

from campaigns import call_retention, set_back
from campaigns.changes import round_starts
from campaigns.digests import digests
from campaigns.looking import looks
from campaigns.privacy import retention
from campaigns.queries import due
from campaigns.rounds import attempts, auditor, round_end, trials
from campaigns.rounds.clips_ahead import AHEAD, ClipsAhead
from campaigns.rounds.rounds import CAMPAIGNS
from core import clock
from core.running.wakeups import wake_at
from core.storage.database import reading, write


@shared_task(name=CAMPAIGNS)  # type: ignore[untyped-decorator]
def tick() -> None:
    """Closes what is past its deadline, starts the rounds that are due, and queues the calls that are due.

    A clock that was set back is followed before that. Where nothing is due nobody is kept from writing.
    """
    set_back.follow_the_clock(clock.now())
    with reading() as session:
        is_any_due = due.is_any(session, clock.now())
    if is_any_due:
        _do_what_is_due()
    with reading() as session:
        next_due = round_starts.next_due(session)
    wake_at(CAMPAIGNS, next_due)


def _do_what_is_due() -> None:
    write(_close_and_start)
    while _queue_batch():
        pass
    write(trials.queue_due)


@cache
def clips_ahead() -> ClipsAhead:
    """This process's hand at the clips of tomorrow."""
    return ClipsAhead()


@shared_task(name=AHEAD)  # type: ignore[untyped-decorator]
def make_clips_ahead() -> None:
    """Makes some of what the rounds of the next day will say."""
    clips_ahead().make()


@shared_task(name=auditor.AUDIT)  # type: ignore[untyped-decorator]
def audit() -> None:
    """Looks for anybody forgotten."""
    auditor.audit()


@shared_task(name=looks.LOOKING)  # type: ignore[untyped-decorator]
def look() -> None:
    """Looks at rounds as a whole."""
    looks.look_at_rounds()


@shared_task(name=digests.DIGESTS)  # type: ignore[untyped-decorator]
def digest() -> None:
    """Writes the digests that are due."""
    digests.write_due()


@shared_task(name=call_retention.FORGETTING)  # type: ignore[untyped-decorator]
def forget() -> None:
    """Deletes what need not be kept any longer, and erases who left long ago."""
    call_retention.forget()
    retention.carry_out()


def _close_and_start(session: Session) -> None:
    round_end.close_past_deadline(session, clock.now())
    round_starts.start_due(session)


def _queue_batch() -> bool:
    return write(attempts.queue_due)
