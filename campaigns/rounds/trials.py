"""Trial calls: at enrolment a resident practises the keys with the voice, and staff learn whether they arrive.

A trial is asked for by staff, for one resident who has agreed, in permitted hours. It makes at most ``ATTEMPTS``
attempts by the same rules as a round, all on the day on which it was begun. What it shows is told and never acted
upon: that somebody cannot press keys is suggested to staff, who know the person, and set by nobody else.
"""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from campaigns import outcomes
from campaigns.dialogues.trial import PRACTISED, trial_dialogue
from campaigns.models import Outcome, Trial, TrialResult
from campaigns.outcomes import Plan
from campaigns.queries import trials as trial_queries
from campaigns.rounds.rounds import CAMPAIGNS
from contacts import queries as contacts
from contacts.hours import Hours, hours_of
from contacts.models import Community, Resident
from core import actors, clock, settings
from core.actors import Actor
from core.errors import ConflictError, UserError
from core.ids import new_id
from core.running import events
from core.running.wakeups import wake
from ivr.dialogue.engine import Dialogue
from ivr.dispatch import calls
from ivr.models import Call, Urgency

TRIAL = "trial"
ATTEMPTS = 3
RETRY = timedelta(minutes=10)
RING_SECONDS = 60
BATCH = 50
ALL_KEYS = frozenset(PRACTISED.values())


def begin(session: Session, actor: Actor, resident: Resident) -> Trial:
    """Rings the resident soon. Raises ``UserError`` or ``ConflictError`` for somebody who may not be rung now."""
    now = clock.now()
    hours = hours_of(session.get_one(Community, resident.community_id))
    numbers = resident.numbers
    _check(session, resident, numbers, hours, now)
    trial = Trial(id=new_id(), resident_id=resident.id, begun_at=now, deadline=hours.closing(now), numbers=numbers,
                  refused=[], next_attempt_at=now)  # fmt: skip
    session.add(trial)
    session.flush()
    events.append(session, actor, "trial.begun", trial.id, resident=str(resident.id))
    wake(session, CAMPAIGNS)
    return trial


def plan_of(session: Session, trial: Trial) -> Plan:
    """The plan by which a trial rings."""
    hours = hours_of(session.get_one(Community, trial.resident.community_id))
    return Plan(ATTEMPTS, RETRY, trial.deadline, hours, calls.lead(RING_SECONDS))


def queue_due(session: Session) -> None:
    """Queues the call of every trial that is due; whose time is over, or who may not be rung any more, is settled."""
    for trial in trial_queries.due_trials(session, clock.now(), BATCH):
        trial.next_attempt_at = None
        last = (session.get_one(Call, trial.call_id).number, trial.furthest) if trial.furthest else None
        number = outcomes.number_to_try(trial.numbers, trial.refused, last)
        due = plan_of(session, trial).next_dial(clock.now())
        if number is None or due is None or not may_be_rung(session, trial):
            settle(session, trial)
        else:
            _queue_call(session, trial, number, due)


def may_be_rung(session: Session, trial: Trial) -> bool:
    """Whether the resident still agrees, and is not away."""
    zone = plan_of(session, trial).hours.zone
    away = contacts.is_paused(session, trial.resident_id, clock.now().astimezone(zone).date())
    return not away and contacts.has_consent(session, trial.resident_id)


def settle(session: Session, trial: Trial) -> None:
    """There will be no further attempt: what the trial has shown is its result."""
    result = shown(trial.practised, pressed=trial.pressed, furthest=trial.furthest)
    if result is TrialResult.NOT_REACHED and not may_be_rung(session, trial):
        result = TrialResult.BROKEN_OFF
    elif result is TrialResult.NOT_REACHED and _was_not_called(trial):
        result = TrialResult.NOT_CALLED
    _decide(session, actors.system(), trial, result)


def _was_not_called(trial: Trial) -> bool:
    """Whether no telephone was rung although the provider would have rung one."""
    return trial.attempts == 0 and bool(outcomes.numbers_left(trial.numbers, trial.refused))


def break_off(session: Session, actor: Actor, trial: Trial) -> None:
    """The call has become about something else; nobody is rung again for practice, and what has worked has."""
    result = shown(trial.practised, pressed=trial.pressed, furthest=trial.furthest)
    _decide(session, actor, trial, result if result is TrialResult.WORKED else TrialResult.BROKEN_OFF)


def machine_listened(session: Session, trial: Trial) -> None:
    """Whoever pressed nothing turns out to have been a machine, which says nothing of the resident."""
    trial.furthest, trial.listened = Outcome.VOICEMAIL, False
    _decide(session, actors.system(), trial, TrialResult.NOT_REACHED)


def shown(practised: str, *, pressed: bool, furthest: str | None) -> TrialResult:
    """What the calls of a trial have shown; ``furthest`` is the furthest contact of those without all the keys."""
    if set(practised) >= ALL_KEYS:
        return TrialResult.WORKED
    if pressed:
        return TrialResult.COULD_NOT_PRESS
    picked_up = furthest in {Outcome.NO_KEY, Outcome.HUNG_UP}
    return TrialResult.PRESSED_NOTHING if picked_up else TrialResult.NOT_REACHED


def _decide(session: Session, actor: Actor, trial: Trial, result: TrialResult) -> None:
    trial.result, trial.decided_at, trial.next_attempt_at = result, clock.now(), None
    events.append(session, actor, "trial.decided", trial.id, resident=str(trial.resident_id), result=result.value)


_AGREE = "When they agree, record it: zaoan resident consent {value} --give --by WHO --how HOW"


def _check(session: Session, resident: Resident, numbers: list[str], hours: Hours, now: datetime) -> None:
    about = {"field": "resident", "value": resident.name}
    if not contacts.has_consent(session, resident.id):
        raise UserError("{value} has not agreed to be called.", way_out=_AGREE, **about)
    if not numbers:
        raise UserError(
            "{value} has no telephone number.",
            way_out="Write one down: zaoan resident set {value} --phone NUMBER",
            **about,
        )
    if contacts.is_paused(session, resident.id, now.astimezone(hours.zone).date()):
        raise ConflictError("{value} is away today.", way_out="Try again when they are back.", **about)
    if trial_queries.trial_under_way(session, resident.id):
        raise ConflictError("A trial call with {value} is under way.", way_out="Wait for its result.", **about)
    if not hours.permit(now):
        raise ConflictError(
            "Residents are not rung now, at {value}.",
            way_out="Start the trial between {opens} and {closes}.",
            field="start",
            value=now.astimezone(hours.zone).strftime("%H:%M"),
            opens=hours.opens.strftime("%H:%M"),
            closes=hours.closes.strftime("%H:%M"),
        )


def _queue_call(session: Session, trial: Trial, number: str, due: datetime) -> None:
    call = calls.queue(
        session,
        number=number,
        owner=TRIAL,
        dialogue=_dialogue(session, trial.resident),
        urgency=Urgency.ROUTINE,
        due_at=due,
        not_after=trial.deadline,
        ring_seconds=RING_SECONDS,
    )
    session.flush()
    trial.call_id = call.id


def _dialogue(session: Session, resident: Resident) -> Dialogue:
    community = session.get_one(Community, resident.community_id).name
    emergency = settings.current().emergency_number
    language = resident.language
    return trial_dialogue(resident.called, community, language, resident.pace, emergency)
