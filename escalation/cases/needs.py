"""What a resident needs, told to whoever looks after it: kept with the case, and spoken in the calls about it."""

from uuid import UUID

from sqlalchemy.orm import Session

from core import actors
from core.running import events
from escalation import queries
from escalation.cases import cases
from escalation.models import Case, CaseKind, Need
from escalation.paging import paging
from ivr.models import Recording


def note(session: Session, resident_id: UUID, need: Need) -> Case:
    """The resident needs this; their case says so from now on, and so does every telephone that rings about it."""
    case = _case_of(session, resident_id)
    if need not in case.needs:
        case.needs = [*case.needs, need.value]
        events.append(session, actors.caller(resident_id), "case.needs", case.id, need=need.value)
        paging.tell_anew(session, case)
    return case


def say(session: Session, resident_id: UUID, recording: Recording) -> Case:
    """The resident has said what they need. A case has one recording; a further one is a message of its own."""
    case = note(session, resident_id, Need.OWN_WORDS)
    if case.recording_id is None:
        case.recording_id = recording.id
    else:
        cases.open_recorded(session, actors.caller(resident_id), resident_id, recording.id)
    return case


def _case_of(session: Session, resident_id: UUID) -> Case:
    """The case that the key 2 has just opened or found, unless a person has closed it in the meantime."""
    known = queries.latest_case_about(session, resident_id)
    return known or cases.open_case(session, actors.caller(resident_id), CaseKind.NEEDS_SUPPLIES, resident_id, None)
