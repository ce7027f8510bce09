"""What is learnt in a call that asks how residents are: stored in the transaction that heard it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from math import inf
from uuid import UUID

from sqlalchemy.orm import Session

from campaigns.dialogues.check_in import subject_at, subjects
from campaigns.dialogues.check_in_steps import (
    DUTY,
    KEYS,
    MACHINE,
    NOBODY_THERE,
    OFFICE_OPEN,
    OTHERS_KNOW,
    OWN_WORDS,
    STOP,
)
from campaigns.inbound import opt_out, resident_answers
from campaigns.models import CheckIn, Outcome
from campaigns.rounds import check_ins
from campaigns.rounds.early_answers import Said
from core import clock
from escalation import fresh_cases
from escalation.calls import duty_telephones
from escalation.cases import cases, needs
from escalation.models import Case, CaseState, Need
from ivr.dialogue.engine import (
    QUESTIONS,
    Dialogue,
    Fact,
    Heard,
    Meaning,
    Position,
    Sound,
    Turn,
    advance,
    left,
    otherwise,
)
from ivr.models import Call, Direction
from ivr.webhooks import recordings


@dataclass(frozen=True)
class Learning:
    """One call under way, and the check-ins that it was made for."""

    session: Session
    call: Call
    dialogue: Dialogue
    asked: Sequence[CheckIn]

    def learn(self, turn: Turn, position: Position, heard: Heard) -> Turn:
        """Stores every fact of the turn; what was learnt may lead elsewhere than the dialogue alone would."""
        late = not isinstance(self.dialogue.step(position.step), QUESTIONS)
        for fact in turn.facts:
            if fact.name == Outcome.OK:
                turn = self._well(fact, turn, worried=_has_worried(heard, late=late))
            else:
                turn = self._learnt(fact, turn, heard)
        return turn

    def left_at(self, position: Position) -> None:
        """The call ended at a question: stores what that means."""
        for fact in left(self.dialogue, position):
            self.hear(fact)

    def apologised(self, position: Position, heard: Heard) -> None:
        """A key came when it could not be stored, and its caller was told that a person will be in touch.

        So a person looks after them, also after whoever may have said that all is well, or has said so before; whatever
        else they said counts. It is recorded much later, so its haste means nothing.
        """
        sound = Sound.SPEECH if heard.key in list(Meaning) else Sound.KEY
        before = heard.before and replace(heard.before, seconds=inf)
        turn = advance(self.dialogue, position, replace(heard, sound=sound, before=before))
        said = {fact.subject: fact for fact in turn.facts if fact.name in set(Outcome) - {MACHINE, Outcome.OK}}
        owed = subject_at(self.dialogue, position.step)
        for subject in [owed] if owed else subjects(self.dialogue):
            if self.hear(said.get(subject) or Fact(Outcome.NO_KEY, subject)) is None:
                self.hear(Fact(Outcome.WANTS_PERSON, subject))

    def hear(self, fact: Fact, patience: timedelta = cases.AT_ONCE) -> Case | None:
        """What a resident said goes to the check-in they were rung for, or to whichever it counts for if they rang us.

        The case of it, if there is one.
        """
        said, case = Outcome(fact.name), None
        if self.call.direction == Direction.IN:
            for subject in [fact.subject] if fact.subject else subjects(self.dialogue):
                case = resident_answers.hear(self.session, UUID(subject), Said(said, clock.now()), patience)
            return case
        for check_in in self._of(fact):
            case = check_ins.hear(self.session, check_in, said, patience)
        return case

    def _learnt(self, fact: Fact, turn: Turn, heard: Heard) -> Turn:
        match fact.name:
            case Outcome.WANTS_PERSON:
                return self._wish_to_talk(fact, turn)
            case Outcome.UNWELL:
                return self._unwell(fact, turn)
            case _ if fact.name == DUTY:
                return self._duty(fact, turn)
            case _ if fact.name == STOP:
                opt_out.stop(self.session, UUID(fact.subject))
            case _ if fact.name in {*Need, OWN_WORDS}:
                self._needs(fact, heard)
            case _ if fact.name != MACHINE:
                self.hear(fact)
        return turn

    def _of(self, fact: Fact) -> Sequence[CheckIn]:
        return [check_in for check_in in self.asked if str(check_in.resident_id) == fact.subject]

    def _wish_to_talk(self, fact: Fact, turn: Turn) -> Turn:
        """In office hours the office is rung while they wait; otherwise, or when that cannot be, a helper is."""
        patience = duty_telephones.patience(self.session) if OFFICE_OPEN in turn.instead else cases.AT_ONCE
        case = self.hear(fact, patience)
        if case is None or patience == cases.AT_ONCE:
            return turn
        leg = duty_telephones.ring_next(self.session, self.call, case)
        return replace(otherwise(self.dialogue, turn, OFFICE_OPEN), leg=leg.id) if leg else turn

    def _unwell(self, fact: Fact, turn: Turn) -> Turn:
        """The case is there, and a helper is rung, before the duty telephone is offered to whoever wishes to talk."""
        case = self.hear(fact)
        is_open = case is not None and duty_telephones.is_attended(self.session, case)
        return otherwise(self.dialogue, turn, OFFICE_OPEN) if is_open else turn

    def _duty(self, fact: Fact, turn: Turn) -> Turn:
        """Nobody at the duty telephone: they hear that a helper is told."""
        case = fresh_cases.latest_about(self.session, UUID(fact.subject))
        leg = duty_telephones.ring_beside(self.session, self.call, case) if case else None
        return replace(turn, leg=leg.id) if leg else otherwise(self.dialogue, turn, NOBODY_THERE)

    def _well(self, fact: Fact, turn: Turn, *, worried: bool) -> Turn:
        """Whoever said something else before is looked after all the same, and is told so."""
        case = self.hear(fact)
        if not worried and (case is None or case.state == CaseState.CLOSED):
            return turn
        return otherwise(self.dialogue, turn, OTHERS_KNOW)

    def _needs(self, fact: Fact, heard: Heard) -> None:
        subject = UUID(fact.subject)
        if fact.name == OWN_WORDS:
            needs.say(self.session, subject, recordings.keep(self.session, self.call, heard))
        else:
            needs.note(self.session, subject, Need(fact.name))


def _has_worried(heard: Heard, *, late: bool) -> bool:
    """Whether their answer before, in this call, was another one, or their silence had been taken for one."""
    before = heard.before
    if before is None or before.step is None:
        return False
    return KEYS[before.key] is not Outcome.OK if before.key else late
