"""How long spoken messages are kept: while their case is open, and some days after it was closed.

Then our copy is deleted (the provider's went when ours was stored), and the case says so. What a network said instead
of an answer belongs to no case, and is kept for so many days from when it was made.
"""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core import actors, clock, settings
from core.running import events
from core.storage.database import unit_of_work
from escalation import queries
from escalation.models import Case
from ivr.webhooks import recordings

KEEPING = "escalation.keep"
BATCH = 100


def delete_expired() -> None:
    """Deletes every recording whose time is over, by ``ZAOAN_KEEP_RECORDINGS_DAYS``."""
    since = clock.now() - timedelta(days=settings.current().keep_recordings_days)
    while _delete_batch(since):
        pass
    recordings.delete_announcements(since)


def _delete_batch(closed_before: datetime) -> bool:
    with unit_of_work() as session:
        expired = queries.with_expired_recording(session, closed_before, BATCH)
        for case in expired:
            _delete(session, case)
        return len(expired) == BATCH


def _delete(session: Session, case: Case) -> None:
    if case.recording_id is not None:
        recordings.delete(session, case.recording_id)
        events.append(session, actors.system(), "case.recording_deleted", case.id)
