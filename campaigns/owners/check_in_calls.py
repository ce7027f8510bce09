"""Calls to residents, and their calls to us: the campaigns floor's side of the telephone's seam."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from itertools import chain
from uuid import UUID

from sqlalchemy.orm import Session

from campaigns import outcomes, queries
from campaigns.dialogues import message_to_office
from campaigns.dialogues.check_in import ANSWERED_BEFORE, IN_A_CALL, message_for, step_for, subjects
from campaigns.dialogues.spoken_promises import truthful
from campaigns.models import CheckIn, Outcome, Reason
from campaigns.owners import office_connection
from campaigns.owners.check_in_answers import Learning
from campaigns.owners.lost_calls import is_ours, ring_again_at_once
from campaigns.planning.terms import terms_of
from campaigns.queries import contacts_made
from campaigns.rounds import check_ins
from campaigns.rounds.attempts import plan_of
from campaigns.rounds.rounds import CAMPAIGNS
from contacts import queries as contacts
from core import actors, clock
from core.running.wakeups import wake
from escalation.calls import duty_telephones
from ivr.dialogue.engine import Connect, Dialogue, Heard, Position, Sound, Turn, advance, begin, enter
from ivr.dispatch import calls
from ivr.models import RANG_NOBODY, Call, CallState, Direction, Ending
from ivr.ports.owners import CallOwner
from ivr.queries import heard_key, last_position


class CheckInCalls(CallOwner):
    """Owns every call of a round: residents are asked how they are, or whether they have heard a notice."""

    def still_wanted(self, session: Session, call: Call) -> bool:
        """Only within permitted hours, and while everybody it asks is still to be asked."""
        return call.id in self.wanted_of(session, [call])

    def wanted_of(self, session: Session, together: Sequence[Call]) -> frozenset[UUID]:
        """The same of many calls, in as many statements as there are days in the zones of their residents."""
        asked = queries.check_ins_of_calls(session, [call.id for call in together])
        open_ = {call_id: each for call_id, each in asked.items() if all(_is_to_be_asked(session, one) for one in each)}
        by_day: defaultdict[date, list[UUID]] = defaultdict(list)
        for check_in in chain.from_iterable(open_.values()):
            by_day[_today(session, check_in)].append(check_in.resident_id)
        willing = {each for day, them in by_day.items() for each in contacts.may_be_rung(session, them, day)}
        return frozenset(
            call.id
            for call in together
            if call.id not in asked
            or (call.id in open_ and all(each.resident_id in willing for each in open_[call.id]))
        )

    def next(self, session: Session, call: Call, position: Position | None, heard: Heard) -> Turn:
        """Stores each answer in the transaction that heard it, and says of the help for them what is so."""
        turn = self._next(session, call, position, heard)
        return truthful(session, turn, [UUID(each) for each in subjects(calls.dialogue_of(call))])

    def _next(self, session: Session, call: Call, position: Position | None, heard: Heard) -> Turn:
        dialogue = calls.dialogue_of(call)
        asked = _held(session, call, in_full=True) if position else queries.check_ins_of_call(session, call.id)
        if call.direction == Direction.OUT and call.answered_at is None and call.state != CallState.ENDED:
            _count_attempt(asked)
        if position is None:
            return _first_words(session, call, dialogue, asked, heard)
        learning = Learning(session, call, dialogue, asked)
        if heard.sound is Sound.LOST:
            learning.apologised(position, heard)
            return Turn((), None)
        if isinstance(dialogue.step(position.step), Connect):
            return office_connection.go_on(session, call, dialogue, position)
        turn = advance(dialogue, position, heard)
        if message_to_office.take(session, actors.caller(), call, turn, heard):
            return turn
        turn = learning.learn(turn, position, heard)
        if call.state == CallState.ENDED and turn.heard_at:
            learning.left_at(turn.heard_at)
        return turn

    def ended(self, session: Session, call: Call) -> None:
        """Whoever has said nothing is rung again by the plan, or has the furthest contact as outcome.

        A question that was left without an answer may mean something, too: of two keys in doubt the worse one counts.
        """
        asked = _held(session, call)
        duty_telephones.let_go(session, call)
        if last := last_position(session, call.id):
            Learning(session, call, calls.dialogue_of(call), asked).left_at(last)
        rang = call.direction == Direction.OUT and call.ending not in RANG_NOBODY
        if rang and call.answered_at is None:
            _count_attempt(asked)
        now = clock.now()  # one instant for all: who shared this call shares the next one
        for check_in in asked:
            if check_in.outcome is None:
                _without_answer(session, call, check_in, now)
            elif check_in.outcome in outcomes.REACHED:
                _learnt_late(session, call, check_in)

    def was_lost(self, session: Session, call: Call) -> None:
        """Who seemed to hang up was cut off: they are rung now and not by the plan, as far as nobody has been found."""
        for check_in in _held(session, call):
            row = contacts_made.contact(session, call.id, check_in.id)
            waits = check_in.outcome is None and check_in.reason is None and check_in.next_attempt_at is not None
            if row and waits and is_ours(session, call, check_in):
                ring_again_at_once(session, call, check_in, row)

    def was_machine(self, session: Session, call: Call) -> None:
        """Who seemed to hang up was a machine."""
        for check_in in queries.check_ins_of_call(session, call.id):
            contact = contacts_made.contact(session, call.id, check_in.id)
            if contact is not None and contact.contact == Outcome.HUNG_UP:
                check_ins.reach(session, check_in, contact, Outcome.VOICEMAIL)
                check_ins.correct(session, check_in)


def _is_to_be_asked(session: Session, check_in: CheckIn) -> bool:
    now = clock.now()
    return (
        check_in.outcome is None
        and check_in.reason is None
        and check_in.attempts < terms_of(check_in.round).attempts
        and plan_of(session, check_in).next_dial(now) == now
    )


def _today(session: Session, check_in: CheckIn) -> date:
    return clock.now().astimezone(plan_of(session, check_in).hours.zone).date()


def _held(session: Session, call: Call, *, in_full: bool = False) -> Sequence[CheckIn]:
    """The check-ins of the call. What is said in a call to us may hold rounds back, which comes before check-ins."""
    if call.direction == Direction.IN:
        queries.hold_rounds_back(session)
    return (queries.check_ins_in_full if in_full else queries.check_ins_of_call)(session, call.id)


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


def _count_attempt(asked: Sequence[CheckIn]) -> None:
    """A call counts when it is answered or, when it never is, when it ends."""
    for check_in in asked:
        check_in.attempts += 1


def _without_answer(session: Session, call: Call, check_in: CheckIn, now: datetime) -> None:
    ending = Ending(call.ending or Ending.FAILED)
    if ending is Ending.NOT_WANTED:
        _not_dialled(session, check_in, now)
        return
    if ending is Ending.REFUSED:
        check_in.refused = [*check_in.refused, call.number]
    contact = outcomes.reached(ending, by_machine=call.by_machine)
    row = contacts_made.contact(session, call.id, check_in.id)
    if row and ending is not Ending.WITHDRAWN and not _was_called_off(call, check_in):
        check_ins.reach(session, check_in, row, contact)
    if check_in.reason:
        _last_call_over(session, check_in)
    elif row and is_ours(session, call, check_in):
        ring_again_at_once(session, call, check_in, row)
    elif call.direction == Direction.OUT or _waits_for_nothing(session, check_in):
        _next_attempt(session, call, check_in, contact, ending, now)


def _was_called_off(call: Call, check_in: CheckIn) -> bool:
    """Whether we let the telephone stop ringing, which says nothing of whoever it was for."""
    return call.ending == Ending.CANCELLED and bool(check_in.reason or call.number not in check_in.numbers)


def _last_call_over(session: Session, check_in: CheckIn) -> None:
    """Nobody is to ring them any more: with the last call about it the check-in ends."""
    session.flush()
    if not contacts_made.live_calls(session, check_in.id):
        check_ins.end_for_reason(session, actors.system(), check_in)


def _learnt_late(session: Session, call: Call, check_in: CheckIn) -> None:
    """The round was over before anybody could say how far this call got: now outcome and case say so."""
    row, ending = contacts_made.contact(session, call.id, check_in.id), Ending(call.ending or Ending.FAILED)
    if row and row.contact is None and ending not in {Ending.NOT_WANTED, Ending.WITHDRAWN}:
        check_ins.reach(session, check_in, row, outcomes.reached(ending, by_machine=call.by_machine))
        check_ins.correct(session, check_in)
        check_ins.look_after(session, actors.system(), check_in)


def _waits_for_nothing(session: Session, check_in: CheckIn) -> bool:
    """The last attempt was withdrawn for a call to us that has brought no answer."""
    return check_in.next_attempt_at is None and not contacts_made.live_calls(session, check_in.id)


def _next_attempt(
    session: Session, call: Call, check_in: CheckIn, contact: Outcome, ending: Ending, now: datetime
) -> None:
    """A refused number rang nobody, so the next one is tried without the plan's pause."""
    plan, left = plan_of(session, check_in), check_ins.numbers_left(check_in)
    following = outcomes.number_to_try(check_in.numbers, check_in.refused, (call.number, contact))
    pause = outcomes.pause_after(plan, ending, contact, elsewhere=following != call.number)
    again = None if pause is None else outcomes.next_attempt(plan, check_in.attempts, len(left), contact, now + pause)
    if again is None and ending is Ending.WITHDRAWN:
        check_in.next_attempt_at = None  # whoever it was for is just ringing us; the end of that call decides
    elif again is None:
        check_ins.out_of_time(session, check_in)
    else:
        check_in.next_attempt_at = again
        if again <= now:
            wake(session, CAMPAIGNS)


def _not_dialled(session: Session, check_in: CheckIn, now: datetime) -> None:
    """The call left the queue undialled: the resident may be away now, the day over, or somebody else was answered."""
    if check_in.reason:
        _last_call_over(session, check_in)
    elif reason := _quiet_reason(session, check_in):
        check_in.reason = reason
        check_ins.end_for_reason(session, actors.system(), check_in)
    elif again := _next_dial(session, check_in, now):
        check_in.next_attempt_at = again
    else:
        check_ins.out_of_time(session, check_in)


def _next_dial(session: Session, check_in: CheckIn, now: datetime) -> datetime | None:
    """When the plan lets the call that was not dialled be made; staff may have changed the plan meanwhile."""
    plan = plan_of(session, check_in)
    return plan.next_dial(now) if check_in.attempts < plan.attempts else None


def _quiet_reason(session: Session, check_in: CheckIn) -> Reason | None:
    """Why the resident may not be rung although they were when the round began; None when they may."""
    if contacts.is_paused(session, check_in.resident_id, _today(session, check_in)):
        return Reason.PAUSED
    return None if contacts.has_consent(session, check_in.resident_id) else Reason.NO_CONSENT
