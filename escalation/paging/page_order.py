"""The order in which pages are dialled when not all of them can be dialled at once.

Whoever is unwell comes before whoever needs something; among cases of equal urgency everybody's first telephone rings
before anybody's second one.
"""

from sqlalchemy.orm import Session

from escalation.models import Case
from escalation.queries import paging as queries_paging
from ivr.models import Urgency


def urgency(of_case: int, rung_before: int) -> int:
    """The urgency of a call that tells of a case (see ``Policy.urgency``) for which so many are being rung already."""
    return min(2 * of_case + (rung_before > 0), Urgency.ROUTINE - 1)


def put_in_order(session: Session, case: Case) -> None:
    """The case's calls that wait to be dialled have the urgency of whatever they tell of now.

    To be called whenever the case has got a page more or less, or has become worse.
    """
    session.flush()
    waiting = queries_paging.undialled_calls(session, case.id)
    told = queries_paging.told_in(session, [call.id for call in waiting])
    for call in waiting:
        call.urgency = min(urgency(of_case, before) for of_case, before in told[call.id])
