"""Calls to the office's telephones: a page that a leg of the resident's own call carries."""

from sqlalchemy.orm import Session

from core.running.wakeups import wake
from escalation import queries
from escalation.calls import page_calls
from escalation.cases import cases
from escalation.cases.cases import Acceptance
from escalation.models import Case, Page
from escalation.paging.page_dialogue import ACCEPTED, TAKEN
from escalation.paging.page_promises import truthful
from escalation.paging.paging import end_page, hung_up, without_key
from ivr.dialogue.engine import Heard, Position, Turn, advance, begin, enter
from ivr.dispatch import calls
from ivr.models import Call
from ivr.ports.owners import CallOwner


class OfficeCalls(CallOwner):
    """Owns the legs that ring the office: only key 1 accepts, and a voicemail never takes a call."""

    def next(self, session: Session, call: Call, position: Position | None, heard: Heard) -> Turn:
        """Key 1 accepts if nobody else was first, and connects with the resident who waits."""
        dialogue, page = calls.dialogue_of(call), queries.page_of_call(session, call.id)
        if page is None:
            return enter(dialogue, TAKEN)
        if position is None:
            return begin(dialogue) if _may_be_taken(session, page) else enter(dialogue, TAKEN)
        turn = advance(dialogue, position, heard)
        if all(fact.name != ACCEPTED for fact in turn.facts):
            return truthful(session, turn, page)
        came_of_it = page_calls.accept(session, page)
        if came_of_it is Acceptance.ACCEPTED:
            return turn
        return truthful(session, page_calls.not_accepted(dialogue, turn, came_of_it), page)

    def ended(self, session: Session, call: Call) -> None:
        """A leg that ended without key 1 has reached nobody; what comes next is the turn of the resident's call.

        Until that turn, or the end of that call, comes, the ladder waits as long as it was going to.
        """
        page = queries.page_of_call(session, call.id)
        if page is None:
            return
        case = session.get_one(Case, page.case_id)
        look_at = case.look_at
        end_page(session, page, without_key(call))
        hung_up(session, call.number)
        case.look_at = look_at
        wake(session, cases.ESCALATION)


def _may_be_taken(session: Session, page: Page) -> bool:
    return cases.may_be_taken(session, session.get_one(Case, page.case_id), page.responder_id)
