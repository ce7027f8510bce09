"""Calls that connect whoever has a case with its resident: the escalation floor's side of the telephone's seam."""

from dataclasses import replace

from sqlalchemy.orm import Session

from escalation import queries
from escalation.calls import introduction_calls
from escalation.calls.reminders.reminding import is_still_theirs
from escalation.calls.talking.talk_dialogue import GONE
from escalation.models import Page, PageState
from escalation.paging.page_dialogue import CONNECT, ENGAGED
from escalation.paging.paging import end_page, hung_up, without_key
from ivr.dialogue.engine import Dialogue, Heard, Position, Turn, advance, begin, enter, otherwise
from ivr.dispatch import calls
from ivr.models import Call, Ending
from ivr.ports.owners import CallOwner


class TalkCalls(CallOwner):
    """Owns the calls that ring a responder who has asked to be connected."""

    def still_wanted(self, session: Session, call: Call) -> bool:
        """Only while they have the case in hand."""
        return any(is_still_theirs(page.case, page) for page in queries.pages_of_call(session, call.id))

    def next(self, session: Session, call: Call, position: Position | None, heard: Heard) -> Turn:
        """The first key connects, unless the case is theirs no more; later ones connect once more."""
        dialogue, [page] = calls.dialogue_of(call), queries.pages_of_call(session, call.id)
        if position is None:
            return begin(dialogue) if is_still_theirs(page.case, page) else enter(dialogue, GONE)
        turn = advance(dialogue, position, heard)
        if any(fact.name == CONNECT for fact in turn.facts):
            return _connected(session, call, dialogue, turn, page)
        return turn

    def ended(self, session: Session, call: Call) -> None:
        """Whoever has talked is free again; without a key nothing has changed."""
        for page in queries.pages_of_call(session, call.id):
            end_page(session, page, without_key(call))
        if call.ending != Ending.NOT_WANTED:
            hung_up(session, call.number)


def _connected(session: Session, call: Call, dialogue: Dialogue, turn: Turn, page: Page) -> Turn:
    if page.state != PageState.ACCEPTED:  # the first key; what closes a case has ended its pages
        if not is_still_theirs(page.case, page):
            return otherwise(dialogue, turn, GONE, GONE)
        end_page(session, page, PageState.ACCEPTED)
    leg = introduction_calls.introduce(session, call, page.case_id, page.responder_id)
    return replace(turn, leg=leg.id) if leg else otherwise(dialogue, turn, ENGAGED, ENGAGED)
