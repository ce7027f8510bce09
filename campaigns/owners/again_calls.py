"""Calls by which staff have the resident of a case rung again: what is said in them counts as if they had rung us."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from campaigns import queries
from campaigns.dialogues.check_in import message_for, subjects
from campaigns.dialogues.spoken_promises import truthful
from campaigns.inbound import resident_answers
from campaigns.models import Outcome
from campaigns.owners import office_connection
from campaigns.owners.check_in_answers import Learning
from campaigns.people import ring_again
from campaigns.rounds.early_answers import Said
from core import actors, clock
from core.running import events
from escalation import queries as escalation
from escalation.calls import duty_telephones
from escalation.cases import cases
from escalation.models import Case, CaseState
from ivr.dialogue.engine import Connect, Dialogue, Fact, Heard, Position, Sound, Turn, advance, begin, enter
from ivr.dispatch import calls
from ivr.models import RANG_NOBODY, Call
from ivr.ports.owners import CallOwner
from ivr.queries import heard_key, last_position

RUNG_BY_OFFICE = "resident.rung_by_office"
"""The event that says how an answer reached us."""


class AgainCalls(CallOwner):
    """Owns the calls that staff have made about a case."""

    def still_wanted(self, session: Session, call: Call) -> bool:
        """Only while the case is not closed, and the resident may be rung and is in no call with us."""
        case = escalation.case_rung_by(session, call.id)
        return (
            case is not None
            and case.resident_id is not None
            and case.state != CaseState.CLOSED
            and ring_again.may_ring(session, case.resident_id)
        )

    def next(self, session: Session, call: Call, position: Position | None, heard: Heard) -> Turn:
        """As in a round: each answer is stored in the transaction that heard it, and the help for it told as it is."""
        dialogue = calls.dialogue_of(call)
        turn = self._next(session, call, dialogue, position, heard)
        return truthful(session, turn, [UUID(each) for each in subjects(dialogue)])

    def _next(self, session: Session, call: Call, dialogue: Dialogue, position: Position | None, heard: Heard) -> Turn:
        if position is None:
            return _first_words(session, call, dialogue, heard)
        queries.hold_rounds_back(session)
        learning = _Answers(session, call, dialogue, ())
        if heard.sound is Sound.LOST:
            learning.apologised(position, heard)
            return Turn((), None)
        if isinstance(dialogue.step(position.step), Connect):
            return office_connection.go_on(session, call, dialogue, position)
        return learning.learn(advance(dialogue, position, heard), position, heard)

    def ended(self, session: Session, call: Call) -> None:
        """The case tells whether they have been reached; a question that was left without a key may mean something."""
        duty_telephones.let_go(session, call)
        if last := last_position(session, call.id):
            queries.hold_rounds_back(session)
            _Answers(session, call, calls.dialogue_of(call), ()).left_at(last)
        case = escalation.case_rung_by(session, call.id)
        if case is not None and call.ending not in RANG_NOBODY:
            word = "case.ring_unheard" if call.answered_at is None or call.by_machine else "case.ring_answered"
            events.append(session, actors.system(), word, case.id)


class _Answers(Learning):
    """What is learnt goes to whichever check-in it counts for, as of whoever has rung us."""

    def hear(self, fact: Fact, patience: timedelta = cases.AT_ONCE) -> Case | None:
        said, case = Said(Outcome(fact.name), clock.now(), RUNG_BY_OFFICE), None
        for subject in [fact.subject] if fact.subject else subjects(self.dialogue):
            case = resident_answers.hear(self.session, UUID(subject), said, patience)
        return case


def _first_words(session: Session, call: Call, dialogue: Dialogue, heard: Heard) -> Turn:
    """A machine is left a message, unless a key has been pressed: then somebody is there."""
    if heard.sound is Sound.MACHINE and not heard_key(session, call.id):
        return enter(dialogue, message_for(dialogue, subjects(dialogue)[0]))
    return begin(dialogue)
