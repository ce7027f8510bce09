"""Offers: what a finding suggests to be done about a resident. Nothing of it is ever done by itself."""

from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy.orm import Session

from contacts import queries as contacts
from contacts.models import PhoneState
from escalation.findings import Finding
from escalation.models import Case, CaseState


class Offer(StrEnum):
    """What may be offered.

    ``end_check_ins``: the resident is looked after no more, and texts to their family that have not left stay unsent.
    ``mark_number``: a telephone of theirs is somebody else's, and is not rung for them any more."""

    END_CHECK_INS = "end_check_ins"
    MARK_NUMBER = "mark_number"


def offers(session: Session, case: Case) -> Sequence[Offer]:
    """What is to be decided about the resident of a closed case; nothing where it has been done."""
    if case.state != CaseState.CLOSED or case.resident_id is None:
        return ()
    if case.finding == Finding.DECEASED:
        return (Offer.END_CHECK_INS,) if contacts.resident(session, case.resident_id).removed_at is None else ()
    return (Offer.MARK_NUMBER,) if case.finding == Finding.WRONG_NUMBER and good_numbers(session, case) else ()


def good_numbers(session: Session, case: Case) -> Sequence[str]:
    """The resident's telephones that are still rung."""
    found = contacts.phones_of(session, case.resident_id) if case.resident_id else ()
    return [each.number for each in found if each.state == PhoneState.GOOD]
