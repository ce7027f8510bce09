"""Key 9, twice: a resident wishes no more calls. That is honoured at once, and a person talks with them.

Their check-in ends as ``wants_person`` with the case ``wants_no_calls``: ``withdrawn`` is a word of the staff, and ends
without anybody looking after them. A notice ends with it, for the wish itself has its case.
"""

from uuid import UUID

from sqlalchemy.orm import Session

from campaigns import queries
from campaigns.inbound.resident_answers import withdraw_calls
from campaigns.models import Reason
from campaigns.rounds import check_ins
from contacts import queries as contacts
from contacts.people import consent
from core.actors import Actor, ActorKind
from core.running import events
from escalation import queries as escalation
from escalation.cases import cases
from escalation.models import CaseKind


def stop(session: Session, resident_id: UUID) -> None:
    """No automatic call rings the resident any more, and the office is told.

    A round that starts meanwhile dials nobody who has withdrawn; the turn of a call waits for no campaign.
    """
    queries.hold_open_of_resident(session, resident_id)
    caller = Actor(ActorKind.CALLER, resident_id, contacts.resident(session, resident_id).called)
    consent.withdraw(session, caller, resident_id, by="", how=consent.BY_KEY)
    events.append(session, caller, "resident.stopped_calls", resident_id)
    for check_in in queries.open_check_ins(session, [resident_id]):
        check_ins.stop(session, check_in)
        withdraw_calls(session, check_in)
    for notice in queries.open_notices(session, resident_id):
        notice.reason = Reason.NO_CONSENT
        check_ins.end_for_reason(session, caller, notice)
        withdraw_calls(session, notice)
    if all(case.kind != CaseKind.WANTS_NO_CALLS for case in escalation.unclosed_cases(session, [resident_id])):
        cases.open_case(session, caller, CaseKind.WANTS_NO_CALLS, resident_id, None)
