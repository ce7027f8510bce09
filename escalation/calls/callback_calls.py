"""Truth calls: the escalation floor's side of the telephone's seam. What they are allowed to be is in ``truth``."""

from dataclasses import replace

from sqlalchemy.orm import Session

from core import actors
from core.running import events
from core.running.wakeups import wake
from escalation import queries
from escalation.calls import duty_telephones
from escalation.calls.callback_dialogue import DUTY, MEANWHILE, NOBODY, NOTED, TAKEN
from escalation.cases import callback, cases
from escalation.models import Case, CaseState
from escalation.paging.promises import has_anybody
from ivr.dialogue.alternatives import claims_of, said_instead
from ivr.dialogue.engine import (
    Connect,
    Dialogue,
    Heard,
    Position,
    Sound,
    Turn,
    advance,
    begin,
    connect_again,
    enter,
    otherwise,
)
from ivr.dispatch import calls
from ivr.models import RANG_NOBODY, Call
from ivr.ports.owners import CallOwner

"""Ends of a call that has rung no telephone. One that was withdrawn may have: it was the one."""


class CallbackCalls(CallOwner):
    """Owns the calls that tell residents that nobody has come yet."""

    def still_wanted(self, session: Session, call: Call) -> bool:
        """Only while nobody has accepted, they are not in a call with us, and it is still their reply."""
        told = queries.truth_of_call(session, call.id)
        if told is None:
            return False
        case = session.get_one(Case, told.case_id)
        return (
            callback.is_needed(session, case)
            and callback.still_in_time(session, told)
            and not callback.is_engaged(session, case)
        )

    def next(self, session: Session, call: Call, position: Position | None, heard: Heard) -> Turn:
        """The truth as it is when they pick up; key 0 rings the duty telephones, one after the other."""
        dialogue, told = calls.dialogue_of(call), queries.truth_of_call(session, call.id)
        case = session.get_one(Case, told.case_id) if told else None
        return _truthful(session, dialogue, _next(session, call, dialogue, case, position, heard), case)

    def ended(self, session: Session, call: Call) -> None:
        """A call that has rung nobody is made later, if it is still needed; any other was the one."""
        told = queries.truth_of_call(session, call.id)
        if told is None:
            return
        if call.ending in RANG_NOBODY:
            callback.try_again(told)
            wake(session, cases.ESCALATION)
        elif call.answered_at is None:
            events.append(session, actors.system(), "case.truth_unheard", told.case_id)


def _next(
    session: Session, call: Call, dialogue: Dialogue, case: Case | None, position: Position | None, heard: Heard
) -> Turn:
    if position is None:
        return _first_words(session, dialogue, case)
    if isinstance(dialogue.step(position.step), Connect):
        return _go_on(session, call, dialogue, position, case)
    turn = advance(dialogue, position, heard)
    if case is not None:
        for fact in turn.facts:
            events.append(session, actors.caller(case.resident_id), "case.truth_answered", case.id, said=fact.name)
    return _connected(session, call, dialogue, turn, case) if turn.connects(DUTY) else turn


def _truthful(session: Session, dialogue: Dialogue, turn: Turn, case: Case | None) -> Turn:
    """We go on asking only while nobody has taken the case, and there is somebody to be asked."""
    claimed = claims_of(turn, NOTED)
    if case is None or not claimed:
        return turn
    if case.state != CaseState.OPEN:
        is_ending = claimed <= MEANWHILE.keys()
        return said_instead(turn, MEANWHILE) if is_ending else otherwise(dialogue, turn, TAKEN, TAKEN)
    return turn if has_anybody(session, case) else said_instead(turn, NOTED)


def _first_words(session: Session, dialogue: Dialogue, case: Case | None) -> Turn:
    if case is None or case.state != CaseState.OPEN:
        return enter(dialogue, TAKEN)
    events.append(session, actors.system(), "case.truth_told", case.id)
    return begin(dialogue)


def _connected(session: Session, call: Call, dialogue: Dialogue, turn: Turn, case: Case | None) -> Turn:
    leg = duty_telephones.ring_duty(session, call, case) if case else None
    return replace(turn, leg=leg.id) if leg else otherwise(dialogue, turn, NOBODY, NOBODY)


def _go_on(session: Session, call: Call, dialogue: Dialogue, position: Position, case: Case | None) -> Turn:
    """What comes after one telephone. Whether it was taken is known from the key pressed there."""
    if duty_telephones.was_taken(session, call):
        return advance(dialogue, position, Heard(Sound.CONNECTED))
    leg = duty_telephones.ring_duty(session, call, case) if case else None
    if leg is None:
        return advance(dialogue, position, Heard(Sound.NOT_CONNECTED))
    return connect_again(dialogue, position, leg.id)
