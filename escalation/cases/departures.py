"""Departures: somebody is not looked after any more, so nobody goes to them, rings them back, or writes about them."""

from uuid import UUID

from sqlalchemy.orm import Session

from core.actors import Actor
from escalation import queries
from escalation.cases import cases
from escalation.cases.family import OWNER as REPORTS
from escalation.findings import Finding
from escalation.models import Case, TruthCall
from ivr.dispatch import call_off as calling_off
from ivr.models import Call
from ivr.sms import outbound


def close_cases(session: Session, actor: Actor, resident_id: UUID, finding: Finding, note: str) -> list[Case]:
    """Closes what is open about them with what was found, withdraws its pages and the call that would ring them back.

    Texts to their family that have not left stay unsent, whatever they say. Returns the cases that were closed.
    """
    outbound.drop_all(session, REPORTS, resident_id)
    unclosed = list(queries.unclosed_cases(session, [resident_id]))
    for case in unclosed:
        cases.close(session, actor, case.id, note, finding)
        _ring_nobody_back(session, case)
    return unclosed


def _ring_nobody_back(session: Session, case: Case) -> None:
    told = session.get(TruthCall, case.id, with_for_update=True)
    if told is None:
        return
    told.due_at = None
    if told.call_id is not None:
        calling_off.call_off(session, session.get_one(Call, told.call_id, with_for_update=True))
