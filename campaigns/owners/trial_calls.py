"""Trial calls: the campaigns floor's side of the telephone's seam."""

from sqlalchemy.orm import Session

from campaigns import outcomes
from campaigns.dialogues.spoken_promises import truthful
from campaigns.dialogues.trial import OVER, PRACTISED, WANTS_NO_CALLS
from campaigns.inbound import opt_out, resident_answers
from campaigns.models import Outcome, Trial, TrialResult
from campaigns.queries import trials as trial_queries
from campaigns.rounds import trials
from campaigns.rounds.early_answers import Said
from campaigns.rounds.rounds import CAMPAIGNS
from core import actors, clock
from core.running.wakeups import wake
from ivr.dialogue.engine import HURRIED_SECONDS, Fact, Heard, Position, Sound, Turn, advance, begin, enter, left
from ivr.dispatch import calls
from ivr.models import Call, Direction, Ending
from ivr.ports.owners import CallOwner
from ivr.queries import last_position

IN_TRIAL = "resident.asked_in_trial"
"""The event that says how a wish reached us."""


class TrialCalls(CallOwner):
    """Owns the calls in which residents practise the keys."""

    def still_wanted(self, session: Session, call: Call) -> bool:
        """Only in permitted hours, and while the resident may be rung."""
        trial, now = trial_queries.trial_of_call(session, call.id), clock.now()
        return (
            trial is not None
            and trial.result is None
            and trial.attempts < trials.ATTEMPTS
            and trials.plan_of(session, trial).next_dial(now) == now
            and trials.may_be_rung(session, trial)
        )

    def next(self, session: Session, call: Call, position: Position | None, heard: Heard) -> Turn:
        """Notes which keys arrive. What is really meant is carried out in the transaction that heard it."""
        dialogue, trial = calls.dialogue_of(call), trial_queries.trial_of_call(session, call.id)
        if trial is not None and call.answered_at is None:
            trial.attempts += 1
        if position is None or trial is None:
            return begin(dialogue)
        if heard.sound is Sound.LOST:
            return _apologised(session, trial)
        trial.pressed = trial.pressed or heard.by_hand
        if _trembled(position, heard):
            return enter(dialogue, OVER)
        turn = advance(dialogue, position, heard)
        for fact in turn.facts:
            _learn(session, trial, fact)
        trial.listened = trial.listened or (turn.position is not None and turn.position.step == OVER)
        return truthful(session, turn, [trial.resident_id])

    def ended(self, session: Session, call: Call) -> None:
        """A practice that came to its end has its result; whoever was not reached, or hung up, is rung by the plan."""
        trial = trial_queries.trial_of_call(session, call.id)
        if trial is None or trial.result is not None:
            return
        last = last_position(session, call.id)
        for fact in left(calls.dialogue_of(call), last) if last else ():
            _learn(session, trial, fact)
        if trial.result is not None:
            return
        ending = Ending(call.ending or Ending.FAILED)
        if ending is not Ending.NOT_WANTED:
            _note(trial, call, ending)
        if set(trial.practised) >= trials.ALL_KEYS or (trial.listened and trial.furthest == Outcome.NO_KEY):
            trials.settle(session, trial)
        else:
            _try_again(session, trial, ending)

    def was_machine(self, session: Session, call: Call) -> None:
        """A machine that listened to everything pressed nothing, and says nothing of the resident."""
        trial = trial_queries.trial_of_call(session, call.id)
        if trial is not None and trial.result == TrialResult.PRESSED_NOTHING:
            trials.machine_listened(session, trial)


def _trembled(position: Position, heard: Heard) -> bool:
    """Whether a trembling finger has pressed the last practised key twice, before the end could be heard."""
    before = heard.before
    return (
        position.step == OVER and before is not None and before.last == heard.key and before.seconds < HURRIED_SECONDS
    )


def _apologised(session: Session, trial: Trial) -> Turn:
    """A key could not be stored while they waited, and they were told that a person will be in touch."""
    trial.pressed = True
    resident_answers.hear(session, trial.resident_id, Said(Outcome.WANTS_PERSON, clock.now(), IN_TRIAL))
    trials.break_off(session, actors.caller(trial.resident_id), trial)
    return Turn((), None)


def _learn(session: Session, trial: Trial, fact: Fact) -> None:
    if key := PRACTISED.get(fact.name):
        trial.practised = "".join(sorted({*trial.practised, key}))
        return
    if fact.name == WANTS_NO_CALLS:
        opt_out.stop(session, trial.resident_id)
    else:
        resident_answers.hear(session, trial.resident_id, Said(Outcome(fact.name), clock.now(), IN_TRIAL))
    trials.break_off(session, actors.caller(trial.resident_id), trial)


def _note(trial: Trial, call: Call, ending: Ending) -> None:
    """How far the call got. Whoever listened to the end has been silent, unless it was a machine."""
    if ending is Ending.REFUSED:
        trial.refused = [*trial.refused, call.number]
        return
    if call.answered_at is None and call.direction == Direction.OUT:
        trial.attempts += 1
    trial.listened = trial.listened and not call.by_machine
    contact = outcomes.reached(ending, by_machine=call.by_machine)
    if contact is Outcome.HUNG_UP and trial.listened:
        contact = Outcome.NO_KEY
    known = [trial.furthest] if trial.furthest else []
    trial.furthest = outcomes.furthest([*known, contact])


def _try_again(session: Session, trial: Trial, ending: Ending) -> None:
    plan, now = trials.plan_of(session, trial), clock.now()
    left = outcomes.numbers_left(trial.numbers, trial.refused)
    pause = outcomes.pause_after(plan, ending, Outcome(trial.furthest or Outcome.NO_ANSWER))
    again = None if pause is None else plan.next_dial(now + pause)
    if again is None or not left or trial.attempts >= plan.attempts or not trials.may_be_rung(session, trial):
        trials.settle(session, trial)
        return
    trial.next_attempt_at = again
    wake(session, CAMPAIGNS)
