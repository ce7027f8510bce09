"""What responders are told of the others while they are on the telephone: only what is so."""

from sqlalchemy.orm import Session

from escalation.models import Case, CaseState, Page
from escalation.paging.page_dialogue import ALONE, TAKEN_MEANWHILE
from escalation.paging.promises import has_others
from ivr.dialogue.alternatives import claims_of, said_instead
from ivr.dialogue.engine import Turn


def truthful(session: Session, turn: Turn, page: Page) -> Turn:
    """The turn in words that are so of the page's case: somebody else is asked, nobody is, or it has been taken."""
    if not claims_of(turn, ALONE):
        return turn
    session.flush()
    case = session.get_one(Case, page.case_id)
    if case.state != CaseState.OPEN:
        return said_instead(turn, TAKEN_MEANWHILE)
    return turn if has_others(session, case, page.responder_id) else said_instead(turn, ALONE)
