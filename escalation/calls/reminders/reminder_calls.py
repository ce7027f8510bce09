"""Reminders: the escalation floor's side of the telephone's seam. When one rings is decided in ``reminding``."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from contacts.models import Responder
from core import actors
from core.actors import Actor
from core.running.wakeups import wake
from escalation import queries
from escalation.calls.reminders.reminder_dialogue import CANNOT, DONE, GONE, THERE
from escalation.calls.reminders.reminding import is_still_theirs
from escalation.cases import cases
from escalation.deeds import giving_back
from escalation.findings import Finding
from escalation.holding import MOVES
from escalation.models import Case, CaseState, Page, PageState
from escalation.paging.paging import end_page, hung_up, without_key
from ivr.dialogue.catalogue import words
from ivr.dialogue.engine import Heard, Position, Prompt, Turn, advance, begin, enter, otherwise
from ivr.dispatch import calls
from ivr.models import Call, Ending
from ivr.ports.owners import CallOwner


class ReminderCalls(CallOwner):
    """Owns the calls that ask whoever has a case how it goes."""

    def still_wanted(self, session: Session, call: Call) -> bool:
        """Only while they have one of its cases in hand, and have not said meanwhile how it goes."""
        return any(page.case.reminded_at is not None for page in _theirs(session, call))

    def next(self, session: Session, call: Call, position: Position | None, heard: Heard) -> Turn:
        """A key is a word of theirs about every case of the call; without one nothing has changed."""
        dialogue, theirs = calls.dialogue_of(call), _theirs(session, call)
        if position is None:
            return begin(dialogue) if theirs else enter(dialogue, GONE)
        turn = advance(dialogue, position, heard)
        if not turn.facts:
            return turn
        if not theirs:
            return otherwise(dialogue, turn, GONE, GONE)
        for page in theirs:
            _carry_out(session, page, turn.facts[0].name)
        wake(session, cases.ESCALATION)
        return turn

    def ended(self, session: Session, call: Call) -> None:
        """Without a key the case stays with them until its time to return has come."""
        pages = queries.pages_of_call(session, call.id)
        for page in pages:
            end_page(session, page, without_key(call))
        if pages and call.ending != Ending.NOT_WANTED:
            hung_up(session, call.number)


def _theirs(session: Session, call: Call) -> Sequence[Page]:
    return [page for page in queries.pages_of_call(session, call.id)
            if page.state == PageState.CALLING and is_still_theirs(page.case, page)]  # fmt: skip


def _carry_out(session: Session, page: Page, said: str) -> None:
    """The page is over before anything is done: what closes a case ends every call about it that is not."""
    by = actors.responder(page.responder_id)
    end_page(session, page, PageState.DECLINED if said == CANNOT else PageState.ACCEPTED)
    if said == CANNOT:
        giving_back.give_back(session, by, page.case_id)
    elif said == DONE:
        cases.close(session, by, page.case_id, _note(session, page), Finding.HELPED)
    else:
        _go_on(session, by, page.case, CaseState.ON_SITE if said == THERE else CaseState.ON_THE_WAY)


def _go_on(session: Session, by: Actor, case: Case, state: CaseState) -> None:
    """What they have said before, or are beyond, they say again: their time begins anew all the same."""
    if case.state in MOVES[state]:
        cases.move(session, by, case.id, state)
    else:
        cases.stay(session, by, case)


def _note(session: Session, page: Page) -> str:
    responder = session.get_one(Responder, page.responder_id)
    return words(Prompt(key="duty.note", words={"name": responder.name}), responder.language)
