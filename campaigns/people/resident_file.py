"""How a resident stands with us, in one word: as their file, a list and a command tell it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from campaigns.queries import trials
from contacts.models import Removal, Resident
from contacts.people import absences


class Status(StrEnum):
    """Left and deceased outrank a pause, and a pause a trial call that is under way."""

    TRIAL = "trial"
    """A trial call is under way: they are practising, and what they press is no answer."""
    ENROLLED = "enrolled"
    PAUSED = "paused"
    LEFT = "left"
    DECEASED = "deceased"


@dataclass(frozen=True)
class Standing:
    """The ``status``, on which days of community time it holds (None: open), and why."""

    status: Status
    since: date | None = None
    until: date | None = None
    reason: str = ""


def standing(session: Session, resident: Resident) -> Standing:
    """How the resident stands today."""
    if resident.removed_at is not None:
        is_dead = resident.removed_because == Removal.DECEASED
        gone = absences.local_day(session, resident, resident.removed_at)
        return Standing(Status.DECEASED if is_dead else Status.LEFT, gone, None, resident.gone_note)
    today = absences.local_today(session, resident)
    for away in absences.absences(session, resident.id):
        if away.cover(today):
            return Standing(Status.PAUSED, away.first, away.last, away.reason)
    return Standing(Status.TRIAL if _practises(session, resident.id) else Status.ENROLLED)


def _practises(session: Session, resident_id: UUID) -> bool:
    return trials.trial_under_way(session, resident_id) is not None
