"""“She is with me until Friday”: a relative has the resident's calls paused, for a while that they name."""

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from campaigns.people import resident_status
from campaigns.people.resident_status import Paused
from contacts import queries as contacts
from contacts.models import Relative
from contacts.people.absences import AbsenceChange, absences, local_today
from contacts.people.residents import enrolled
from core import actors
from core.errors import ConflictError, UserError
from core.i18n import translate

LONGEST = timedelta(days=31)
"""For longer the office is to know of it, and decides."""
REASON = "with a relative: {name}"


def stays_until(session: Session, relative_id: UUID, last_day: date | None) -> Paused:
    """The resident is with this relative, and is not rung, from today until the end of ``last_day``, in their name.

    Raises ``UserError`` for no day, one that is over, or one later than ``LONGEST`` from now; else as
    ``resident_status.pause``.
    """
    relative = session.get_one(Relative, relative_id)
    resident = enrolled(session, relative.resident_id)
    today = local_today(session, resident)
    if last_day is None:
        raise UserError("It is not said until when.", way_out="Choose the last day.", field="last_day")
    if last_day > today + LONGEST:
        raise UserError("That is longer than {most} days.", way_out="For longer, please ring the community office.",
                        field="last_day", value=last_day, most=LONGEST.days)  # fmt: skip
    return resident_status.pause(session, actors.relative(relative.id), resident.id, today, last_day,
                                 _reason(session, relative))  # fmt: skip


def is_back(session: Session, relative_id: UUID) -> AbsenceChange:
    """The resident is home again, before the day that was said: they are rung from the next round on.

    Raises ``ConflictError`` where they are not away, or for how long is for the office to say; else as ``resume``.
    """
    relative = session.get_one(Relative, relative_id)
    resident = enrolled(session, relative.resident_id)
    today = local_today(session, resident)
    if any(each.cover(today) and each.last is None for each in absences(session, resident.id)):
        raise ConflictError("The office has paused the calls until it resumes them.", way_out="Please ring the office.")
    return resident_status.resume(session, actors.relative(relative.id), resident.id)


def _reason(session: Session, relative: Relative) -> str:
    """As staff read it, in their language."""
    name = f"{relative.name} ({relative.relation})" if relative.relation else relative.name
    return translate(contacts.community_of(session, relative.resident_id).language, REASON, name=name)
