"""Calls to residents, and their calls to us: the campaigns floor's side of the telephone's seam."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from campaigns import check_ins, messages, office_calls, outcomes, queries, ringing_in
from campaigns.attempts import numbers_left, plan_of
from campaigns.check_in_dialogue import ANSWERED_BEFORE, IN_A_CALL, MACHINE, message_for, step_for, subjects
from campaigns.early import Said
from campaigns.models import CheckIn, Outcome
from campaigns.rounds import CAMPAIGNS
from contacts import queries as contacts
from core import clock
from core.wakeups import wake
from escalation import cases, office
from escalation import queries as escalation
from escalation.models import Case
from ivr import calls
from ivr.dialogue import Dialogue, Fact, Heard, Position, Sound, Turn, advance, begin, enter
from ivr.models import Call, CallState, Direction, Ending
from ivr.queries import heard_key


class CheckInCalls:
    """Owns every call of a round: residents are asked how they are, or whether they have heard a notice."""

    def still_wanted(self, session: Session, call: Call) -> bool:
        """Only within permitted hours, and while everybody it asks is still to be asked."""
        asked = queries.check_ins_of_call(session, call.id)
        now = clock.now()
        return all(
            check_in.outcome is None
            and check_in.attempts < check_in.round.campaign.attempts
            and plan_of(session, check_in).next_dial(now) == now
            and _quiet_reason(session, check_in) is None
            for check_in in asked
        )

    def next(self, session: Session, call: Call, position: Position | None, heard: Heard) -> Turn:
        """Stores each answer in the transaction that heard it."""
        dialogue = calls.dialogue_of(call)
        asked = queries.check_ins_of_call(session, call.id)
        if call.direction == Direction.OUT and call.answered_at is None and call.state != CallState.ENDED:
            _count_attempt(asked)
        if position is None:
            return _first_words(session, call, dialogue, asked, heard)
        if heard.sound is Sound.LOST:
            return _apologised(session, call, dialogue, position, heard, asked)
        if dialogue.steps[position.step].connect is not None:
            return office_calls.go_on(session, call, dialogue, position)
        turn = advance(dialogue, position, heard)
        if messages.take(session, call, turn, heard):
            return turn
        for fact in turn.facts:
            if fact.name == Outcome.WANTS_PERSON:
                turn = _wish_to_talk(session, call, dialogue, fact, asked, turn)
            elif fact.name != MACHINE:
                _learn(session, call, fact, asked)
        return turn

    def ended(self, session: Session, call: Call) -> None:
        """Whoever has said nothing is rung again by the plan, or has the furthest contact as outcome."""
        office.let_go(session, call)
        asked = queries.check_ins_of_call(session, call.id)
        rang = call.direction == Direction.OUT and call.ending not in {Ending.NOT_WANTED, Ending.REFUSED}
        if rang and call.answered_at is None:
            _count_attempt(asked)
        for check_in in asked:
            if check_in.outcome is None:
                _without_answer(session, call, check_in)

    def was_machine(self, session: Session, call: Call) -> None:
        """Who seemed to hang up was a machine."""
        for check_in in queries.check_ins_of_call(session, call.id):
            contact = queries.contact(session, call.id, check_in.id)
            if contact is not None and contact.contact == Outcome.HUNG_UP:
                check_ins.reach(session, check_in, contact, Outcome.VOICEMAIL)
                check_ins.correct(session, check_in)


def _first_words(session: Session, call: Call, dialogue: Dialogue, asked: Sequence[CheckIn], heard: Heard) -> Turn:
    """Whoever rang us is always heard; whom we rang is told when all of them have answered or are calling us.

    A machine is left a message, unless a key has been pressed: then somebody is there, and is asked on.
    """
    if call.direction == Direction.IN:
        return begin(dialogue)
    still_open = {str(check_in.resident_id) for check_in in asked if check_in.outcome is None}
    if still_open and call.ending == Ending.WITHDRAWN:
        return enter(dialogue, IN_A_CALL)
    for subject in subjects(dialogue):
        if subject in still_open:
            is_tape = heard.sound is Sound.MACHINE and not heard_key(session, call.id)
            return enter(dialogue, message_for(dialogue, subject) if is_tape else step_for(dialogue, subject))
    return enter(dialogue, ANSWERED_BEFORE)


def _apologised(
    session: Session, call: Call, dialogue: Dialogue, position: Position, heard: Heard, asked: Sequence[CheckIn]
) -> Turn:
    """A key came when it could not be stored, and its caller was told that a person will be in touch.

    So a person looks after them, also after whoever may have said that all is well; whatever else they said counts.
    """
    turn = advance(dialogue, position, Heard(Sound.KEY, heard.key))
    said = {fact.subject: fact for fact in turn.facts if fact.subject and fact.name not in {MACHINE, Outcome.OK}}
    owed = dialogue.steps[position.step].silence.subject
    for subject in [owed] if owed else subjects(dialogue):
        _learn(session, call, said.get(subject) or Fact(Outcome.NO_KEY, subject), asked)
    return Turn((), None)


def _count_attempt(asked: Sequence[CheckIn]) -> None:
    """A call counts when it is answered or, when it never is, when it ends."""
    for check_in in asked:
        check_in.attempts += 1


def _wish_to_talk(
    session: Session, call: Call, dialogue: Dialogue, fact: Fact, asked: Sequence[CheckIn], turn: Turn
) -> Turn:
    """In office hours the office is rung while they wait; otherwise, or when that cannot be, a helper is."""
    patience = office.patience(session)
    case = _learn(session, call, fact, asked, patience)
    if case is None or patience == cases.AT_ONCE:
        return turn
    return office_calls.ring(session, call, dialogue, case, fact, turn)


def _learn(
    session: Session, call: Call, fact: Fact, asked: Sequence[CheckIn], patience: timedelta = cases.AT_ONCE
) -> Case | None:
    """What a resident said goes to the check-in they were rung for, or to whichever it counts for if they rang us.

    The case of it, if there is one.
    """
    said, case = Outcome(fact.name), None
    if call.direction == Direction.IN:
        for subject in [fact.subject] if fact.subject else subjects(calls.dialogue_of(call)):
            case = ringing_in.hear(session, UUID(subject), Said(said, clock.now()), patience)
        return case
    for check_in in asked:
        if str(check_in.resident_id) == fact.subject:
            check_ins.hear(session, check_in, said, patience)
            case = escalation.case_of_check_in(session, check_in.id)
    return case


def _without_answer(session: Session, call: Call, check_in: CheckIn) -> None:
    ending = Ending(call.ending or Ending.FAILED)
    if ending is Ending.NOT_WANTED:
        _not_dialled(session, check_in)
        return
    if ending is Ending.REFUSED:
        check_in.refused = [*check_in.refused, call.number]
    contact = outcomes.reached(ending, by_machine=call.by_machine)
    row = queries.contact(session, call.id, check_in.id)
    if row and ending is not Ending.WITHDRAWN:
        check_ins.reach(session, check_in, row, contact)
    if call.direction == Direction.OUT or _waits_for_nothing(session, check_in):
        _next_attempt(session, check_in, contact, ending)


def _waits_for_nothing(session: Session, check_in: CheckIn) -> bool:
    """The last attempt was withdrawn for a call to us that has brought no answer."""
    return check_in.next_attempt_at is None and not queries.live_calls(session, check_in.id)


def _next_attempt(session: Session, check_in: CheckIn, contact: Outcome, ending: Ending) -> None:
    """A refused number rang nobody, so the next one is tried without the plan's pause."""
    plan, now = plan_of(session, check_in), clock.now()
    earliest = now if ending is Ending.REFUSED else now + plan.retry
    again = outcomes.next_attempt(plan, check_in.attempts, len(numbers_left(check_in)), contact, earliest)
    if again is None and ending is Ending.WITHDRAWN:
        check_in.next_attempt_at = None  # whoever it was for is just ringing us; the end of that call decides
    elif again is None:
        check_ins.give_up(session, check_in)
    else:
        check_in.next_attempt_at = again
        if again <= now:
            wake(session, CAMPAIGNS)


def _not_dialled(session: Session, check_in: CheckIn) -> None:
    """The call left the queue undialled: the resident may be away now, the day over, or somebody else was answered."""
    if reason := _quiet_reason(session, check_in):
        check_ins.decide(session, check_in, reason)
    elif (again := plan_of(session, check_in).next_dial(clock.now())) is None:
        check_ins.give_up(session, check_in)
    else:
        check_in.next_attempt_at = again


def _quiet_reason(session: Session, check_in: CheckIn) -> Outcome | None:
    """Why the resident may not be rung although they were when the round began; None when they may."""
    today = clock.now().astimezone(plan_of(session, check_in).hours.zone).date()
    if contacts.is_paused(session, check_in.resident_id, today):
        return Outcome.EXCUSED
    return None if contacts.has_consent(session, check_in.resident_id) else Outcome.WITHDRAWN
