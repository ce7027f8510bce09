"""When rounds start: by themselves, at the times of their campaign, and by hand."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from campaigns import queries
from campaigns.audiences.rules import Rule
from campaigns.changes.campaign_states import refuse_draft, refuse_stopped
from campaigns.changes.typed_schedules import schedule_of
from campaigns.models import Campaign, Round
from campaigns.planning.terms import terms
from campaigns.queries import lateness
from campaigns.queries import trials as trial_queries
from campaigns.rounds import lateness as late
from campaigns.rounds.rounds import effort_of, miss_round, start_round
from campaigns.schedules import occurrences
from contacts.hours import Hours, hours_of
from contacts.models import Community
from core import actors, clock
from core.actors import Actor
from core.errors import ConflictError
from core.running import events
from ivr.dispatch import calls


def start_now(
    session: Session, actor: Actor, campaign: Campaign, between: timedelta | None = None, only: Rule | None = None
) -> Round:
    """Starts a round at this moment, also of a paused campaign; of its audience, for those whom ``only`` means.

    Raises ``ConflictError`` when nobody may be rung now, or not for much longer, and for a stopped campaign.

    Whoever a round has asked within ``between`` (the setting where it is None) is not rung again.

    Nobody could be placed a call any more in the last minutes: nobody would be asked.
    """
    queries.hold(session, campaign)
    refuse_stopped(campaign)
    refuse_draft(campaign)
    now = clock.now()
    community = session.get_one(Community, campaign.community_id)
    hours = hours_of(community)
    latest = hours.last_start(calls.lead(campaign.ring_seconds))
    if not hours.opens <= now.astimezone(hours.zone).time() <= latest:
        raise ConflictError(
            "Residents are not rung now, at {value}.",
            way_out="Start the round between {opens} and {closes}.",
            field="start",
            value=now.astimezone(hours.zone).strftime("%H:%M"),
            opens=hours.opens.strftime("%H:%M"),
            closes=latest.strftime("%H:%M"),
        )
    return start_round(session, actor, campaign, community, hours, now, between, only)


def start_due(session: Session) -> Sequence[UUID]:
    """Starts the round of every campaign whose time has come; returns the ids of those in which somebody is rung.

    What is too late for today is not rung any more, and the office is told whom nobody has asked (see
    ``campaigns.rounds.lateness``). A service that was down over several mornings asks nobody for each of them.
    """
    now, started = clock.now(), list[UUID]()
    for campaign in queries.campaigns_due(session, now):
        community = session.get_one(Community, campaign.community_id)
        if round_ := _start_or_miss(session, campaign, community, hours_of(community), now):
            started.append(round_.id)
    return started


def _start_or_miss(
    session: Session, campaign: Campaign, community: Community, hours: Hours, now: datetime
) -> Round | None:
    """The round of a campaign whose time has come; None where nobody is rung now."""
    times = _times(campaign, hours, now)
    due, missed = times.passed[-1], times.passed[:-1]
    if lateness.has_round(session, campaign.id, due):  # the clock went back: this morning has been
        campaign.next_round_at = times.next
        return None
    until = late.useful_until(campaign.kind, campaign.late_until, due, hours.zone)
    campaign.next_round_at = times.next
    match late.what_now(effort_of(terms(campaign)), until, hours, due, now):
        case late.RingLater(at):
            campaign.next_round_at = at
            _say_late(session, campaign, "round.postponed", due, at)
            return None
        case late.NotAsked(reason):
            miss_round(session, campaign, hours, due, reason)
            return None
    if missed and not lateness.has_round(session, campaign.id, missed[-1]):
        miss_round(session, campaign, hours, missed[-1], late.Missed.TOO_LATE)
    round_ = start_round(session, actors.system(), campaign, community, hours, due)
    if now > due + late.TOLERANCE:
        _say_late(session, campaign, "round.late", due, now)
    return round_


def _times(campaign: Campaign, hours: Hours, now: datetime) -> late.Occurrences:
    """The times of a campaign that have passed without a round, and its next one. What was put off is of its time."""
    first, planned = campaign.next_round_at or now, schedule_of(campaign)
    due = occurrences.latest_until(planned, hours.zone, first) or first
    return late.occurrences(planned, hours.zone, due, now)


def _say_late(session: Session, campaign: Campaign, word: str, due: datetime, at: datetime) -> None:
    """The office reads once that a round is late."""
    events.append(
        session, actors.system(), word, campaign.id, campaign=campaign.name, due=due.isoformat(), at=at.isoformat()
    )


def next_due(session: Session) -> datetime | None:
    """When the next round starts, or the next check-in or trial is to be rung."""
    due = (queries.next_round(session), queries.next_attempt(session), trial_queries.next_trial(session))
    return min((each for each in due if each is not None), default=None)
