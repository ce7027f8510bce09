"""Calls to the office's telephones: a page that a leg of the resident's own call carries."""

from sqlalchemy.orm import Session

from core.wakeups import wake
from escalation import cases, queries
from escalation.models import Case, PageState
from escalation.page_calls import PageCalls
from escalation.paging import end_page, hung_up
from ivr.models import Call


class OfficeCalls(PageCalls):
    """Owns the legs that ring the office: only key 1 accepts, and a voicemail never takes a call."""

    def still_wanted(self, session: Session, call: Call) -> bool:
        """A leg never waits in the queue."""
        return False

    def ended(self, session: Session, call: Call) -> None:
        """A leg that ended without key 1 has reached nobody; what comes next is the turn of the resident's call.

        Until that turn, or the end of that call, comes, the ladder waits as long as it was going to.
        """
        page = queries.page_of_call(session, call.id)
        if page is None:
            return
        case = session.get_one(Case, page.case_id)
        look_at = case.look_at
        end_page(session, page, PageState.UNANSWERED)
        hung_up(session, call.number)
        case.look_at = look_at
        wake(session, cases.ESCALATION)
