"""Rounds: one occurrence of a campaign, with exactly one check-in for everybody in its audience."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from campaigns import decisions, queries
from campaigns.audience import meant, rule_of
from campaigns.audiences import rules
from campaigns.audiences.rules import AllOf, Rule
from campaigns.models import Campaign, CampaignKind, CheckIn, EarlyAnswer, Outcome, Reason, Round
from campaigns.planning.spreading import spread
from campaigns.planning.terms import Terms, document, terms, terms_of
from campaigns.queries import lateness
from campaigns.queries.lateness import Progress
from campaigns.rounds import lateness as late
from campaigns.rounds.early_answers import said_by, take_over, waiting
from contacts import queries as contacts
from contacts.hours import Hours, instant
from contacts.models import Community
from contacts.queries import Enrolled
from core import actors, clock, settings
from core.actors import Actor
from core.ids import new_id
from core.running import events
from core.running.wakeups import wake
from escalation.cases import cases
from escalation.models import Case
from ivr.dispatch import calls

CAMPAIGNS = "campaigns.tick"
"""The name of the wake-up for whatever of a campaign is due."""
LOOKING = "campaigns.look"
"""The name of the wake-up for looking at rounds as a whole."""
FIRST_LOOK = timedelta(minutes=15)
"""So long after its start a round is looked at as a whole for the first time."""
BATCH = 1000
AFTER_HOURS = timedelta(hours=1)
"""What was begun in permitted hours has ended so long after them, and never runs into the round of the next day."""


def start_round(
    session: Session,
    actor: Actor,
    campaign: Campaign,
    community: Community,
    hours: Hours,
    due: datetime,
    between: timedelta | None = None,
    only: Rule | None = None,
) -> Round:
    """The round that was due at ``due``, with all its check-ins, in one unit of work: all of it exists, or nothing.

    Whoever another round has asked within ``between`` (the setting where it is None) is excused, and asked there.
    ``only`` narrows the audience for this round.
    """
    now = clock.now()
    chosen = rule_of(campaign) if only is None else AllOf(of=(rule_of(campaign), only))
    audience = _audience(session, campaign, chosen, hours, now)
    firsts = _firsts(campaign, audience, hours, now)
    round_ = _new_round(campaign, chosen, hours, due, now)
    round_.deadline = deadline_of(round_, hours, max(firsts, default=now))
    asked = _asked_already(session, campaign, now, audience, between)
    return _begun(session, actor, round_, audience, firsts, asked)


def miss_round(session: Session, campaign: Campaign, hours: Hours, due: datetime, reason: late.Missed) -> Round:
    """The round that was due at ``due`` and for which it is too late: the office has one case of all who are not rung.

    Whoever wished for a time of that day which is still to come is rung then, and whoever is away is excused. What
    residents have said of their own accord counts.
    """
    now = clock.now()
    audience = _audience(session, campaign, rule_of(campaign), hours, due)
    is_of_today = due.astimezone(hours.zone).date() == now.astimezone(hours.zone).date()
    wishes = [_wished(enrolled, now, hours) if is_of_today else None for enrolled in audience]
    firsts = [wish if wish and wish > now else None for wish in wishes]
    round_ = _new_round(campaign, rule_of(campaign), hours, due, now if is_of_today else due)
    if any(firsts):
        round_.deadline = deadline_of(round_, hours, max(first for first in firsts if first))
    _begun(session, actors.system(), round_, audience, firsts, {})
    note_not_asked(session, round_, reason)
    return round_


def deadline_of(round_: Round, hours: Hours, latest: datetime) -> datetime:
    """When everybody of a round has their outcome, if the ``latest`` of them is first rung then.

    It lies on the day of that call, so that no round runs into that of the next day. One that begins late ends when it
    is of no use any more.
    """
    ends = [latest + timedelta(minutes=terms_of(round_).deadline_minutes), hours.closing(latest) + AFTER_HOURS]
    until = useful_until(round_, hours)
    if round_.occurrence + late.TOLERANCE < latest <= until:
        ends.append(until + late.LAST_CALLS)
    return min(ends)


def effort_of(under: Terms) -> late.Effort:
    """What the plan of a round takes."""
    return late.Effort(under.attempts, timedelta(minutes=under.longest_pause), calls.lead(under.ring_seconds))


def useful_until(round_: Round, hours: Hours) -> datetime:
    """Until when a round is still of use."""
    return late.useful_until(round_.campaign.kind, terms_of(round_).late_until, round_.occurrence, hours.zone)


def note_not_asked(session: Session, round_: Round, reason: late.Missed | None) -> Case | None:
    """The one case of everybody in a round who was not asked; None where there is nobody."""
    session.flush()
    people = lateness.count_not_asked(session, round_.id)
    if not people:
        return None
    campaign = round_.campaign
    about = {"campaign": campaign.name, "people": people, "due": round_.occurrence.isoformat()}
    events.append(
        session, actors.system(), "round.not_asked", round_.id, **about, **({"reason": reason.value} if reason else {})
    )
    return cases.open_of_round(session, campaign.community_id, campaign.id, round_.id, people)


def complete_if_done(session: Session, round_id: UUID, progress: Progress | None = None) -> bool:
    """Notes that a round is complete once every check-in has its outcome; told of one that has asked somebody.

    ``progress`` is what this unit of work has read of it since its last outcome.
    """
    if progress is None:
        session.flush()
        progress = lateness.progress(session, round_id)
    if progress is Progress.OPEN:
        return False
    completed = session.execute(
        update(Round).where(Round.id == round_id, Round.completed_at.is_(None)).values(completed_at=clock.now())
    )
    if completed.rowcount and progress is Progress.DONE:  # type: ignore[attr-defined]
        wake(session, LOOKING)
        kind = session.get_one(Round, round_id).campaign.kind
        events.append(
            session,
            actors.system(),
            "round.completed" if kind == CampaignKind.CHECK_IN else "notice.completed",
            round_id,
        )
    return True


def _firsts(campaign: Campaign, audience: Sequence[Enrolled], hours: Hours, now: datetime) -> list[datetime]:
    """When each of the audience is first rung: at the time for which they wished, otherwise spread over the window."""
    wishes = [_wished(enrolled, now, hours) for enrolled in audience]
    ends = min(now + timedelta(minutes=campaign.spread_minutes), hours.closing(now) - effort_of(terms(campaign)).needs)
    if ends <= now:
        return [max(now, wish or now) for wish in wishes]
    return spread([enrolled.numbers[0] for enrolled in audience], wishes, now, ends - now)


def _audience(session: Session, campaign: Campaign, chosen: Rule, hours: Hours, at: datetime) -> list[Enrolled]:
    condition = meant(chosen, session.get_one(Community, campaign.community_id), at)
    return contacts.audience(session, campaign.community_id, condition, at.astimezone(hours.zone).date())


def _new_round(campaign: Campaign, chosen: Rule, hours: Hours, due: datetime, started_at: datetime) -> Round:
    kept = {"opens": hours.opens.isoformat(), "closes": hours.closes.isoformat(), "zone": hours.zone.key}
    return Round(
        id=new_id(),
        campaign=campaign,
        campaign_id=campaign.id,
        occurrence=due,
        started_at=started_at,
        deadline=started_at,
        terms=document(campaign) | {"audience": rules.document(chosen), "hours": kept},
        version=campaign.version,
        look_at=started_at + FIRST_LOOK if campaign.kind == CampaignKind.CHECK_IN else None,
    )


def _asked_already(
    session: Session, campaign: Campaign, now: datetime, audience: Sequence[Enrolled], between: timedelta | None
) -> Mapping[UUID, UUID]:
    """Whom another round asks at about this time, each with the check-in in which it does; a notice asks nothing."""
    pause = timedelta(hours=settings.current().hours_between_rounds) if between is None else between
    if campaign.kind == CampaignKind.NOTICE or not pause:
        return {}
    found = lateness.asked_since(session, now, now - pause)
    everybody = {enrolled.resident_id for enrolled in audience}
    return {resident_id: check_in_id for resident_id, check_in_id in found.items() if resident_id in everybody}


def _begun(
    session: Session,
    actor: Actor,
    round_: Round,
    audience: Sequence[Enrolled],
    firsts: Sequence[datetime | None],
    asked: Mapping[UUID, UUID],
) -> Round:
    """The round with its check-ins; whoever has no first attempt is not asked."""
    campaign = round_.campaign
    asks = campaign.kind == CampaignKind.CHECK_IN
    left = {enrolled.resident_id for enrolled in audience} - asked.keys()
    early = waiting(session, campaign, round_.occurrence, left) if asks else {}
    session.add(round_)
    session.flush()
    rows = (
        _row(enrolled, round_, first, early.get(enrolled.resident_id, ()), asked.get(enrolled.resident_id))
        for enrolled, first in zip(audience, firsts, strict=True)
    )
    for batch in _batches(rows):
        session.execute(insert(CheckIn), batch)
        decisions.tell_rows(session, round_, batch)
    word = "round.started" if asks else "notice.started"
    if not audience or any(firsts):
        events.append(session, actor, word, round_.id, campaign=campaign.name, enrolled=len(audience))
    for check_in in queries.check_ins_of(session, round_.id, list(early)):
        take_over(session, check_in, early[check_in.resident_id])
    complete_if_done(session, round_.id)
    wake(session, CAMPAIGNS)
    return round_


def _wished(enrolled: Enrolled, now: datetime, hours: Hours) -> datetime | None:
    """The time of today, within permitted hours, for which a resident has wished."""
    if enrolled.call_time is None:
        return None
    wished = instant(now.astimezone(hours.zone).date(), enrolled.call_time, hours.zone)
    return wished if hours.permit(wished) else None


def _row(
    enrolled: Enrolled, round_: Round, first: datetime | None, early: Sequence[EarlyAnswer], asked_in: UUID | None
) -> dict[str, Any]:
    """Whoever has rung us already has answered; of the others, whoever is away or asked by another round is excused."""
    said = said_by(early) if early else None
    outcome = said.outcome if said else None
    if outcome is None and (enrolled.paused or asked_in):
        outcome = Outcome.EXCUSED
    elif outcome is None and first is None:
        outcome = Outcome.NOT_ASKED
    return {
        "id": new_id(),
        "round_id": round_.id,
        "resident_id": enrolled.resident_id,
        "numbers": list(enrolled.numbers),
        "refused": [],
        "outcome": outcome,
        "answered_at": said.at if said else None,
        "decided_at": clock.now() if outcome else None,
        "attempts": 0,
        "next_attempt_at": None if outcome else first,
        "asked_in_id": None if said or enrolled.paused else asked_in,
        "reason": _reason(enrolled) if outcome is Outcome.EXCUSED else None,
    }


def _reason(enrolled: Enrolled) -> Reason:
    return Reason.PAUSED if enrolled.paused else Reason.ASKED_ELSEWHERE


def _batches(rows: Iterator[dict[str, Any]]) -> Iterator[Sequence[dict[str, Any]]]:
    """Made as they are stored: those of a hundred thousand are never there together."""
    while batch := list(islice(rows, BATCH)):
        yield batch
