"""The schedule: campaigns, when their rounds start by themselves, and rounds started by hand."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import TypedDict
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from campaigns import queries
from campaigns.audience import rule_for
from campaigns.audiences.rules import Rule, document
from campaigns.changes.typed_schedules import schedule_of, usual_schedule
from campaigns.dialogues.notice_for import message_of
from campaigns.models import Campaign, CampaignKind, CampaignState, Round
from campaigns.planning.retries import RETRY_MINUTES, Retries, longest, usual
from campaigns.planning.terms import terms
from campaigns.queries import lateness
from campaigns.queries import trials as trial_queries
from campaigns.rounds import lateness as late
from campaigns.rounds.rounds import effort_of, miss_round, start_round
from campaigns.schedules import occurrences, plans
from campaigns.schedules.plans import Schedule
from contacts.community.community import the_community
from contacts.hours import Hours, hours_of
from contacts.models import Community
from core import actors, clock
from core.actors import Actor
from core.errors import ConflictError, NotFoundError, UserError
from core.ids import new_id
from core.running import events
from ivr.dispatch import calls

MOST_ATTEMPTS = 5
RING_SECONDS = (20, 120)
SPREAD_MINUTES = (0, 480)
DEADLINE_MINUTES = (30, 720)
EARLY_MINUTES = (0, 720)


class PlanFields(TypedDict, total=False):
    """What a campaign says and how often it rings: chosen when it is created, and changed by ``editing``."""

    message: str
    attempts: int
    retry_minutes: int
    retries: Retries
    spread_minutes: int
    ring_seconds: int
    early_minutes: int
    late_until: time | None
    machine_detection: bool


class Planned(PlanFields, total=False):
    """What ``create_campaign`` takes beside a name."""

    flags: Sequence[str] | None
    audience: Rule
    kind: CampaignKind
    draft: bool
    deadline: int | None
    at: time | None
    schedule: Schedule


def create_campaign(
    session: Session,
    actor: Actor,
    name: str,
    *,
    flags: Sequence[str] | None = None,
    audience: Rule | None = None,
    kind: CampaignKind = CampaignKind.CHECK_IN,
    message: str = "",
    at: time | None = None,
    schedule: Schedule | None = None,
    attempts: int = 3,
    retry_minutes: int = 10,
    retries: Retries | None = None,
    spread_minutes: int = 0,
    deadline: int | None = None,
    ring_seconds: int = 60,
    early_minutes: int = 120,
    late_until: time | None = None,
    machine_detection: bool = True,
    draft: bool = False,
) -> Campaign:
    """A campaign that rings everybody whom ``audience`` means, by ``schedule``.

    Without a rule it is for whoever carries one of ``flags`` (None: everyone): each a word of the vocabulary in any
    spelling, or a community's own that somebody carries.
    Without a schedule a check-in is daily (``at``, by default ``DEFAULT_AT``, community time); a notice tells its
    ``message`` once, at the next ``at``, without it when it is started.
    ``retries`` and ``spread_minutes`` are those of ``Campaign``; ``deadline`` is how many minutes a round may take,
    where it is not what the attempts need.
    A round that was missed is rung ``late_until`` then (see ``campaigns.rounds.lateness``).
    With ``machine_detection`` machines that answer are left a message and told from people who hang up.
    """
    community = the_community(session)
    told = _told(kind, message)
    zone = ZoneInfo(community.timezone)
    planned = schedule or usual_schedule(kind, at, zone)
    again = usual(retry_minutes) if retries is None else retries
    check_name(session, name)
    check_plan(community, planned, attempts, retry_minutes, ring_seconds, early_minutes)
    check_bounds(spread_minutes, deadline, attempts, longest(retry_minutes, again))
    campaign = Campaign(
        id=new_id(),
        community_id=community.id,
        name=name,
        kind=kind,
        message=told,
        state=CampaignState.DRAFT if draft else CampaignState.ACTIVE,
        audience=document(rule_for(session, community.id, flags) if audience is None else audience),
        schedule=plans.document(planned),
        attempts=attempts,
        retry_minutes=retry_minutes,
        retries=dict(again),
        spread_minutes=spread_minutes,
        ring_seconds=ring_seconds,
        early_minutes=early_minutes,
        late_until=late_until,
        deadline_minutes=deadline or deadline_minutes(attempts, longest(retry_minutes, again)),
        machine_detection=machine_detection,
        next_round_at=None if draft else occurrences.next_after(planned, zone, clock.now()),
    )
    session.add(campaign)
    session.flush()
    events.append(session, actor, "campaign.created", campaign.id, name=name)
    return campaign


def find(session: Session, name: str) -> Campaign:
    """The campaign of this name; raises ``NotFoundError`` that lists those there are."""
    campaign = queries.campaign_named(session, name)
    if campaign is None:
        known = ", ".join(each.name for each in queries.campaigns(session)) or "-"
        raise NotFoundError(
            "There is no campaign {value}.", way_out="There are: {known}.", field="campaign", value=name, known=known
        )
    return campaign


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


def refuse_stopped(campaign: Campaign) -> None:
    """Raises ``ConflictError`` for a campaign that has been stopped, and therefore starts nothing any more."""
    if campaign.state == CampaignState.STOPPED:
        raise ConflictError(
            "Campaign {value} has been stopped.", way_out="Create a new one.", field="campaign", value=campaign.name
        )


def refuse_draft(campaign: Campaign) -> None:
    """Raises ``ConflictError`` for a campaign that has never been activated, and therefore rings nobody."""
    if campaign.state in {CampaignState.DRAFT, CampaignState.CHECKED}:
        raise ConflictError(
            "Campaign {value} is a draft.", way_out="Activate it first: zaoan campaign activate {value}",
            field="campaign", value=campaign.name,
        )  # fmt: skip


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


def _told(kind: CampaignKind, message: str) -> str:
    """What a notice tells; a check-in asks, and tells nothing."""
    if kind is CampaignKind.NOTICE:
        return message_of(message)
    if message:
        raise UserError(
            "A check-in tells no message.", way_out="Choose --kind notice.", field="message", value=message[:20]
        )
    return ""


def deadline_minutes(attempts: int, retry_minutes: int) -> int:
    """Two hours, or longer where the plan's attempts need it."""
    return max(120, attempts * (retry_minutes + 10) + 30)


def check_name(session: Session, name: str) -> None:
    """Raises ``UserError`` for a name that is empty, ``ConflictError`` for one that another campaign has."""
    if not name.strip():
        raise UserError("The campaign needs a name.", way_out="Give it one.", field="name", value=name)
    if queries.campaign_named(session, name):
        raise ConflictError(
            "There is a campaign {value} already.", way_out="Choose another name.", field="name", value=name
        )


def check_bounds(spread_minutes: int, deadline: int | None, attempts: int, pause: int) -> None:
    """Raises ``UserError`` for a window or a deadline that cannot be: all attempts fit into a round."""
    _check_range("spread-minutes", spread_minutes, *SPREAD_MINUTES)
    if deadline is not None:
        least = max(DEADLINE_MINUTES[0], (attempts - 1) * pause + 10)
        _check_range("deadline-minutes", deadline, least, max(least, DEADLINE_MINUTES[1]))


def check_plan(
    community: Community, planned: Schedule, attempts: int, retry_minutes: int, ring_seconds: int, early_minutes: int
) -> None:
    """Raises ``UserError`` for a plan by which nobody is to be rung, or not at that time."""
    _check_range("attempts", attempts, 1, MOST_ATTEMPTS)
    _check_range("retry-minutes", retry_minutes, *RETRY_MINUTES)
    _check_range("ring-seconds", ring_seconds, *RING_SECONDS)
    _check_range("early-minutes", early_minutes, *EARLY_MINUTES)
    latest = hours_of(community).last_start(calls.lead(ring_seconds))
    outside = [each for each in plans.times_of(planned) if not community.call_from <= each <= latest]
    if outside:
        raise UserError(
            "{value} is outside the hours in which residents may be rung.",
            way_out="Choose a time from {opens} to {closes}.",
            field="at",
            value=outside[0].strftime("%H:%M"),
            opens=community.call_from.strftime("%H:%M"),
            closes=latest.strftime("%H:%M"),
        )


def _check_range(field: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise UserError(
            "{field} cannot be {value}.",
            way_out="Choose a number from {least} to {most}.",
            field=field,
            value=value,
            least=least,
            most=most,
        )
