"""Calls to responders: the escalation floor's side of the telephone's seam."""

from dataclasses import replace

from sqlalchemy.orm import Session

from contacts.models import Responder
from core.wakeups import wake
from escalation import cases, introductions, queries
from escalation.cases import Acceptance
from escalation.models import Case, Page, PageState
from escalation.page_dialogue import ACCEPTED, DECLINED, ENGAGED, OWN, RESIDENT, TAKEN
from escalation.paging import end_page, hung_up
from ivr import calls
from ivr.dialogue import Dialogue, Heard, Position, Turn, advance, begin, enter
from ivr.models import Call

WITHOUT_IT = {Acceptance.OWN: PageState.DECLINED, Acceptance.TOO_LATE: PageState.WITHDRAWN}
"""What a page ends as whose key has taken nothing; a resident's own telephone is not rung about them again."""


class PageCalls:
    """Owns every call that asks a responder."""

    def still_wanted(self, session: Session, call: Call) -> bool:
        """Only while nobody has accepted."""
        page = queries.page_of_call(session, call.id)
        return page is not None and page.state == PageState.CALLING and _may_be_taken(session, page)

    def next(self, session: Session, call: Call, position: Position | None, heard: Heard) -> Turn:
        """Key 1 accepts if nobody else was first; key 2 declines.

        A key whose responder was told that something went wrong has promised nothing: the ladder goes on.
        """
        dialogue = calls.dialogue_of(call)
        page = queries.page_of_call(session, call.id)
        if page is None:
            return enter(dialogue, TAKEN)
        if position is None:
            return begin(dialogue) if _may_be_taken(session, page) else enter(dialogue, TAKEN)
        turn = advance(dialogue, position, heard)
        if turn.connect == RESIDENT:
            leg = introductions.introduce(session, call, page.case_id, page.responder_id)
            return replace(turn, leg=leg.id) if leg else enter(dialogue, ENGAGED)
        facts = {fact.name for fact in turn.facts}
        if ACCEPTED in facts:
            return self._accept(session, page, turn, dialogue)
        if DECLINED in facts:
            end_page(session, page, PageState.DECLINED)
            wake(session, cases.ESCALATION)
        return turn

    def ended(self, session: Session, call: Call) -> None:
        """A call that ended without a key has reached nobody; whoever talked on after theirs is free again."""
        page = queries.page_of_call(session, call.id)
        if page is not None:
            end_page(session, page, PageState.UNANSWERED)
            hung_up(session, call.number)
            wake(session, cases.ESCALATION)

    def was_machine(self, session: Session, call: Call) -> None:
        """A machine has accepted nothing, which is what its silence said already."""

    def _accept(self, session: Session, page: Page, accepted: Turn, dialogue: Dialogue) -> Turn:
        responder = session.get_one(Responder, page.responder_id)
        came_of_it = cases.accept_by_key(session, page.case_id, responder)
        if came_of_it is not Acceptance.ACCEPTED:
            end_page(session, page, WITHOUT_IT[came_of_it])
            return enter(dialogue, OWN if came_of_it is Acceptance.OWN else TAKEN)
        end_page(session, page, PageState.ACCEPTED)
        introductions.prepare(session, page.case_id, page.responder_id)
        return accepted


def _may_be_taken(session: Session, page: Page) -> bool:
    return cases.may_be_taken(session, session.get_one(Case, page.case_id))
