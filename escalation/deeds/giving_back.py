"""Giving back: whoever has a case in hand cannot look after it, so its ladder asks others at once."""

from uuid import UUID

from sqlalchemy.orm import Session

from core.actors import Actor
from core.errors import ConflictError
from core.running import events
from core.short_ids import short
from core.subscriptions.models import Kind
from escalation import queries
from escalation.cases import case_news, cases, relative_texts
from escalation.models import HELD, Case
from escalation.paging import paging


def give_back(session: Session, actor: Actor, case_id: UUID) -> Case:
    """The case returns to its ladder; raises ``ConflictError`` for one that nobody has in hand."""
    case = held_in_hand(session, case_id)
    events.append(session, actor, "case.given_back", case.id, responder=str(case.accepted_by_id))
    to_ladder(session, case)
    return case


def held_in_hand(session: Session, case_id: UUID) -> Case:
    """The case, held until the transaction ends, after its community's ladders; raises ``ConflictError`` unless
    somebody has it in hand."""
    paging.alone_on_ladders(session, cases.find(session, case_id).community_id)
    case = queries.case_held(session, case_id) or cases.find(session, case_id)
    if case.state not in HELD:
        raise ConflictError("Nobody has case {value} in hand: it is {state}.", way_out="Look at it again.",
                            field="case", value=short(case_id), state=case.state)  # fmt: skip
    return case


def to_ladder(session: Session, case: Case) -> None:
    """Nobody has it in hand any more, and its ladder asks; the family, if it was told that it was taken, is told so."""
    cases.release(case)
    session.flush()
    case_news.tell(session, case, Kind.CASE_OPENED)
    paging.ask_next(session, case)
    relative_texts.tell_returned(session, case)
