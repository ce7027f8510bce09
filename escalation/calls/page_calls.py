"""Calls to responders: the escalation floor's side of the telephone's seam.

A call carries a page for each case that it tells of. Its dialogue is about one of them; when there is nothing more to
say of that one, the next is taken from the pages as they are then, so that nothing is offered that somebody else has
accepted in the meantime.
"""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from contacts.models import Responder
from core import actors
from core.running.wakeups import wake
from escalation import queries
from escalation.calls import introduction_calls
from escalation.cases import cases
from escalation.cases.cases import Acceptance
from escalation.deeds import staying_away
from escalation.models import Page, PageState
from escalation.paging import matters
from escalation.paging.page_dialogue import (
    ACCEPTED,
    ACCEPTED_ALL,
    AWAY,
    AWAY_MENU,
    CONNECT,
    DECLINED,
    ENGAGED,
    GOODBYE,
    OWN,
    TAKEN,
    THIS_ONE,
    TOLD,
    accepted_dialogue,
    accepted_words,
)
from escalation.paging.page_promises import truthful
from escalation.paging.paging import end_page, hung_up, without_key
from ivr.dialogue.engine import Dialogue, Fact, Heard, Position, Prompt, Turn, advance, begin, enter, otherwise
from ivr.dispatch import calls
from ivr.dispatch.prerender import prepare_soon
from ivr.models import Call, Ending
from ivr.ports.owners import CallOwner

WITHOUT_IT = {Acceptance.OWN: PageState.DECLINED, Acceptance.TOO_LATE: PageState.WITHDRAWN}
"""What a page ends as whose key has taken nothing; a resident's own telephone is not rung about them again."""


class PageCalls(CallOwner):
    """Owns every call that asks a responder."""

    def still_wanted(self, session: Session, call: Call) -> bool:
        """Only while there is a case that nobody has accepted."""
        return bool(_waiting(session, queries.pages_of_call(session, call.id)))

    def next(self, session: Session, call: Call, position: Position | None, heard: Heard) -> Turn:
        """Key 1 accepts if nobody else was first, 2 declines, 9 accepts all that waits; then comes the next case. Key 5
        after the last one says that they cannot come today.

        A key whose responder was told that something went wrong has promised nothing: the ladder goes on.
        """
        dialogue, pages = calls.dialogue_of(call), queries.pages_of_call(session, call.id)
        if position is None:
            return _first_words(session, call, dialogue, pages)
        turn = advance(dialogue, position, heard)
        if not turn.facts and (silent := _page_of(dialogue, pages)):
            return truthful(session, turn, silent)
        for fact in turn.facts:
            turn = _carry_out(session, call, dialogue, turn, fact, pages)
        return turn

    def ended(self, session: Session, call: Call) -> None:
        """What was asked without a key has reached nobody; whoever talked on after theirs is free again.

        Nobody has hung up of whom the telephone was never rung.
        """
        pages = queries.pages_of_call(session, call.id)
        for page in pages:
            end_page(session, page, without_key(call))
        if pages and call.ending != Ending.NOT_WANTED:
            hung_up(session, call.number)
            wake(session, cases.ESCALATION)


def accept(session: Session, page: Page) -> Acceptance:
    """The page's responder takes its case with a key; the page is over, whatever came of it."""
    came_of_it = cases.accept_by_key(session, page.case_id, session.get_one(Responder, page.responder_id))
    if came_of_it is Acceptance.ACCEPTED:
        end_page(session, page, PageState.ACCEPTED)
        introduction_calls.prepare(session, page.case_id, page.responder_id)
    else:
        end_page(session, page, WITHOUT_IT[came_of_it])
    return came_of_it


def not_accepted(dialogue: Dialogue, turn: Turn, came_of_it: Acceptance) -> Turn:
    """Says why a key has taken nothing."""
    why = OWN if came_of_it is Acceptance.OWN else TAKEN
    return otherwise(dialogue, turn, why, why)


def _first_words(session: Session, call: Call, dialogue: Dialogue, pages: Sequence[Page]) -> Turn:
    waiting = _waiting(session, pages)
    if not waiting:
        return enter(dialogue, TAKEN)
    if len(pages) == 1:
        return begin(dialogue)
    _prepare(session, waiting[1:2])
    offered = matters.offering(session, [page.case for page in waiting], _asked(session, waiting[0]))
    return calls.go_on_with(call, offered, offered.first)


def _page_of(dialogue: Dialogue, pages: Sequence[Page]) -> Page | None:
    """The page whose case the dialogue is about."""
    about = {choice.subject for step in dialogue.steps.values() for _, choice in step.answers()}
    return next((page for page in pages if str(page.case_id) in about), None)


def _carry_out(session: Session, call: Call, dialogue: Dialogue, turn: Turn, fact: Fact, pages: Sequence[Page]) -> Turn:
    """What a key does; whatever has nothing more to say of its case goes on with the next."""
    page = next(each for each in pages if str(each.case_id) == fact.subject)
    if fact.name == CONNECT:
        leg = introduction_calls.introduce(session, call, page.case_id, page.responder_id)
        return replace(turn, leg=leg.id) if leg else otherwise(dialogue, turn, ENGAGED, ENGAGED)
    if fact.name == ACCEPTED:
        came_of_it = accept(session, page)
        return turn if came_of_it is Acceptance.ACCEPTED else _go_on(
            session, call, truthful(session, not_accepted(dialogue, turn, came_of_it), page), page, pages
        )  # fmt: skip
    if fact.name == ACCEPTED_ALL:
        return _accept_all(session, call, dialogue, turn, page, pages)
    if fact.name == AWAY:
        staying_away.stay_away(session, actors.responder(page.responder_id), page.responder_id)
    if fact.name == DECLINED:
        end_page(session, page, PageState.DECLINED)
        wake(session, cases.ESCALATION)
        turn = _after_declining(session, dialogue, turn, page, pages)
    return _go_on(session, call, turn, page, pages) if fact.name in {DECLINED, TOLD} else turn


def _after_declining(session: Session, dialogue: Dialogue, turn: Turn, page: Page, pages: Sequence[Page]) -> Turn:
    """Who is asked about more, or is the only one who could be, is not asked whether they cannot come at all."""
    if AWAY_MENU not in _keys(turn):
        return truthful(session, turn, page)
    asks_another = f"page.{DECLINED}" in _keys(truthful(session, turn, page))
    if asks_another and not _waiting(session, pages):
        return turn
    return truthful(session, otherwise(dialogue, turn, THIS_ONE, THIS_ONE), page)


def _keys(turn: Turn) -> Sequence[str]:
    return [prompt.key for prompt in turn.say]


def _accept_all(
    session: Session, call: Call, dialogue: Dialogue, turn: Turn, page: Page, pages: Sequence[Page]
) -> Turn:
    """Each case on its own, since somebody else may have taken some of them; the voice says how many it were."""
    came_of_them = {each.id: accept(session, each) for each in _live(pages)}
    taken = [each for each in pages if came_of_them.get(each.id) is Acceptance.ACCEPTED]
    if not taken:
        why = came_of_them.get(page.id, Acceptance.TOO_LATE)
        return _go_on(session, call, truthful(session, not_accepted(dialogue, turn, why), page), page, pages)
    if taken == [page] and len(came_of_them) == 1:
        return turn
    return _tell(session, call, taken, (accepted_words(len(taken), len(came_of_them) - len(taken)),))


def _go_on(session: Session, call: Call, turn: Turn, page: Page, pages: Sequence[Page]) -> Turn:
    """What follows the last words about a case: what was accepted together with it, what still waits, the end."""
    session.flush()
    if turn.position is not None:
        return turn
    said = tuple(prompt for prompt in turn.say if prompt.key != f"page.{GOODBYE}")
    accepted = [each for each in pages if each.state == PageState.ACCEPTED and pages.index(each) > pages.index(page)]
    waiting = _waiting(session, pages)
    if accepted and page.state == PageState.ACCEPTED:
        following = _tell(session, call, accepted, ())
    elif waiting:
        _prepare(session, waiting[1:2])
        offered = matters.offering(session, [each.case for each in waiting], _asked(session, page), is_first=False)
        following = calls.go_on_with(call, offered, offered.first)
    else:
        return turn
    return replace(following, say=(*said, *following.say), facts=turn.facts)


def _tell(session: Session, call: Call, accepted: Sequence[Page], said: Sequence[Prompt]) -> Turn:
    """Where to go for the first of what was accepted at once."""
    matter = matters.matter(session, accepted[0].case, _asked(session, accepted[0]).language)
    told = accepted_dialogue(matter, said, has_more=len(accepted) > 1)
    prepare_soon(session, told)
    return calls.go_on_with(call, told, told.first)


def _waiting(session: Session, pages: Sequence[Page]) -> list[Page]:
    return [page for page in _live(pages) if cases.may_be_taken(session, page.case, page.responder_id)]


def _live(pages: Sequence[Page]) -> list[Page]:
    return [page for page in pages if page.state == PageState.CALLING]


def _prepare(session: Session, pages: Sequence[Page]) -> None:
    """Makes what will be said of the case after this one."""
    for page in pages:
        prepare_soon(session, matters.offering(session, [page.case], _asked(session, page), is_first=False))


def _asked(session: Session, page: Page) -> Responder:
    return session.get_one(Responder, page.responder_id)
