"""Please do not call me: honoured at once, whoever of us hears it first."""

from uuid import UUID

from sqlalchemy.orm import Session

from campaigns import check_ins, queries
from campaigns.models import Outcome
from campaigns.ringing_in import withdraw_calls
from contacts import consenting


def stop_calls(session: Session, resident_id: UUID) -> None:
    """From now on the resident is not called, and nothing that was still to be asked of them is."""
    queries.hold_rounds_back(session)
    consenting.withdraw(session, resident_id)
    for check_in in queries.open_check_ins(session, [resident_id]):
        check_ins.decide(session, check_in, Outcome.WITHDRAWN)
        withdraw_calls(session, check_in)
