"""A resident who wants a person and waits on the line while the office is rung: the turns of their call."""

from sqlalchemy.orm import Session

from escalation.calls import duty_telephones
from escalation.models import Case, CaseKind
from ivr.dialogue.engine import Dialogue, Heard, Position, Sound, Turn, advance, connect_again
from ivr.models import Call


def go_on(session: Session, call: Call, dialogue: Dialogue, position: Position) -> Turn:
    """What comes after one telephone: they have talked, the next is rung, or they hear that a helper will be.

    Whether somebody took the call is known from the key that was pressed there, not from what the provider says.
    """
    if duty_telephones.was_taken(session, call):
        return advance(dialogue, position, Heard(Sound.CONNECTED))
    case = duty_telephones.case_of(session, call)
    leg = _next_leg(session, call, case) if case else None
    if leg is None:
        return advance(dialogue, position, Heard(Sound.NOT_CONNECTED))
    return connect_again(dialogue, position, leg.id)


def _next_leg(session: Session, call: Call, case: Case) -> Call | None:
    """Nobody waits for the office about an illness: helpers are being rung all the while."""
    return (duty_telephones.ring_beside if case.kind == CaseKind.UNWELL else duty_telephones.ring_next)(
        session, call, case
    )
