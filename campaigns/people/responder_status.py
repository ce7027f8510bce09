"""What staff decide about one responder, carried out in the cases and calls of today.

A case that a responder has in hand when they are removed goes back to its ladder at once: it must not wait for somebody
who is not coming. The command line and the pages call these.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from campaigns import queries
from campaigns.queries import pages as queries_pages
from contacts.models import Responder
from contacts.people import responder_changes
from core.actors import Actor
from core.changes import Changed
from core.running import events
from core.storage import held_rows
from escalation import queries as escalation
from escalation.deeds import giving_back
from escalation.models import Case, Page, PageState
from escalation.paging import page_texts, paging
from ivr.dispatch import calls
from ivr.models import Call


@dataclass(frozen=True)
class RemovedResponder:
    """Since when they help no more, and the cases that they had in hand, which others are asked about now."""

    at: datetime
    handed_back: Sequence[Case]


def change(
    session: Session,
    actor: Actor,
    responder_id: UUID,
    told: responder_changes.ResponderParticulars,
    ours: Collection[str] = (),
) -> list[Changed]:
    """Changes a responder (see ``responder_changes.change``, also for what it raises).

    A telephone that rings, and is theirs no more, stops ringing, and no text waits for it; the ladder goes on.
    """
    queries.hold_rounds_back(session)
    paging.alone_on_ladders(session, responder_changes.helping(session, responder_id).community_id)
    had = set(session.get_one(Responder, responder_id).numbers)
    changes = responder_changes.change(session, actor, responder_id, told, ours)
    numbers = session.get_one(Responder, responder_id).numbers
    for page, call in queries_pages.live_pages(session, responder_id):
        if call.number not in numbers:
            _stop_ringing(session, page, call)
    page_texts.drop_to(session, responder_id, had - set(numbers))
    return changes


def remove(session: Session, actor: Actor, responder_id: UUID) -> RemovedResponder:
    """The responder is asked about nothing any more, by telephone or text; what they have in hand goes to the ladder.

    Raises as ``responder_changes.helping`` does.
    """
    queries.hold_rounds_back(session)
    paging.alone_on_ladders(session, responder_changes.helping(session, responder_id).community_id)
    at = responder_changes.mark_removed(session, actor, responder_id)
    for page, call in queries_pages.live_pages(session, responder_id):
        _stop_ringing(session, page, call)
    page_texts.drop_to(session, responder_id, session.get_one(Responder, responder_id).numbers)
    in_hand = list(escalation.cases_in_hand(session, responder_id))
    for case in in_hand:
        _hand_back(session, actor, case, responder_id)
    return RemovedResponder(at, in_hand)


def _stop_ringing(session: Session, page: Page, call: Call) -> None:
    paging.end_page(session, page, PageState.WITHDRAWN)
    session.flush()
    if not any(other.state == PageState.CALLING for other in escalation.pages_of_call(session, call.id)):
        calls.want_ended(session, call)


def _hand_back(session: Session, actor: Actor, case: Case, responder_id: UUID) -> None:
    held_rows.hold(session, case)
    events.append(session, actor, "case.handed_back", case.id, responder=str(responder_id))
    giving_back.to_ladder(session, case)
