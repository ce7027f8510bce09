"""Absences of responders: from when until when they are not there, and why."""

from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from contacts.models import Community
from contacts.people.responder_changes import helping
from core import clock
from core.actors import Actor
from core.errors import ConflictError, NotFoundError, UserError
from core.ids import new_id
from core.running import events
from core.short_ids import short
from escalation.roster.boundaries import boundary
from escalation.roster.shift_changes import note_roster, refuse_far_day
from escalation.shifts import ResponderAbsence


def be_absent(
    session: Session, actor: Actor, responder_id: UUID, begins_at: datetime, ends_at: datetime | None, reason: str = ""
) -> ResponderAbsence:
    """The responder is not there from then until then (None: until somebody ends it).

    They are asked only where nobody else is left. Raises ``UserError`` for a time that is over or ends before it
    begins, and as ``helping`` does.
    """
    responder, now = helping(session, responder_id), clock.now()
    for at, field in ((begins_at, "from"), (ends_at, "until")):
        if at is not None:
            refuse_far_day(at.date(), now, field)
    if ends_at is not None and ends_at <= begins_at:
        raise UserError("It ends before it begins.", way_out="Choose a later end.", field="until", value=ends_at)
    if ends_at is not None and ends_at <= now:
        raise UserError("{value} is over.", way_out="Choose a later end.", field="until", value=ends_at)
    made = ResponderAbsence(id=new_id(), community_id=responder.community_id, responder=responder,
                            responder_id=responder.id, begins_at=begins_at, ends_at=ends_at,
                            reason=reason.strip())  # fmt: skip
    session.add(made)
    note_roster(session, session.get_one(Community, responder.community_id))
    events.append(session, actor, "responder.absent", responder.id, begins=begins_at.isoformat(),
                  ends=ends_at and ends_at.isoformat())  # fmt: skip
    return made


def end_absence(session: Session, actor: Actor, absence_id: UUID) -> ResponderAbsence | None:
    """They are there again from now on; None where the absence had not begun, so that nothing of it is left.

    Raises ``NotFoundError``, and ``ConflictError`` for one that is over.
    """
    absence, now = _held(session, absence_id), clock.now()
    if absence.ends_at is not None and absence.ends_at <= now:
        raise ConflictError("This absence is over.", way_out="There is nothing to end.", field="absence",
                            value=short(absence.id))  # fmt: skip
    events.append(session, actor, "responder.back", absence.responder_id)
    if absence.begins_at < now:
        absence.ends_at = now
        session.flush()
        return absence
    community = session.get_one(Community, absence.community_id)
    session.delete(absence)
    note_roster(session, community)
    return None


def whole_days(first: date, last: date | None, zone: ZoneInfo) -> tuple[datetime, datetime | None]:
    """Days of community time, both included, as instants."""
    return boundary(first, time(), zone), boundary(last + timedelta(days=1), time(), zone) if last else None


def _held(session: Session, absence_id: UUID) -> ResponderAbsence:
    absence = session.get(ResponderAbsence, absence_id, with_for_update=True)
    if absence is None:
        raise NotFoundError("There is no absence {value}.", way_out="`zaoan roster show` names them.",
                            field="absence", value=short(absence_id))  # fmt: skip
    return absence
