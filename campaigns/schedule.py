"""The schedule: campaigns, when their rounds start by themselves, and rounds started by hand."""

from collections.abc import Sequence
from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from campaigns import queries
from campaigns.audience import flags_for
from campaigns.models import Campaign, CampaignKind, CampaignState, Round
from campaigns.notices import message_of
from campaigns.rounds import start_round
from contacts.community import the_community
from contacts.hours import hours_of, next_start
from contacts.models import Community
from core import clock, events
from core.errors import ConflictError, NotFoundError, UserError
from core.ids import new_id
from ivr import calls

DEFAULT_AT = time(8, 0)
MOST_ATTEMPTS = 5
RING_SECONDS = (20, 120)
RETRY_MINUTES = (1, 240)
EARLY_MINUTES = (0, 720)


def create_campaign(
    session: Session,
    name: str,
    *,
    flags: Sequence[str] | None,
    kind: CampaignKind = CampaignKind.CHECK_IN,
    message: str = "",
    at: time | None = None,
    attempts: int = 3,
    retry_minutes: int = 10,
    ring_seconds: int = 60,
    early_minutes: int = 120,
    machine_detection: bool = True,
) -> Campaign:
    """A campaign that rings everybody with one of ``flags`` (None: everyone) at ``at``, community time.

    Each of ``flags`` is a word of the vocabulary in any spelling, or a community's own that somebody carries.
    A check-in is daily (by default at ``DEFAULT_AT``); a notice tells ``message`` once, without ``at`` when started.
    With ``machine_detection`` machines that answer are left a message and told from people who hang up.
    """
    community = the_community(session)
    told = _told(kind, message)
    starts = at if kind is CampaignKind.NOTICE else at or DEFAULT_AT
    _check(session, community, name, starts, attempts, retry_minutes, ring_seconds)
    _check_range("early-minutes", early_minutes, *EARLY_MINUTES)
    campaign = Campaign(
        id=new_id(),
        community_id=community.id,
        name=name,
        kind=kind,
        message=told,
        state=CampaignState.ACTIVE,
        flags=list(flags_for(session, community.id, flags)) if flags is not None else None,
        at=starts,
        attempts=attempts,
        retry_minutes=retry_minutes,
        ring_seconds=ring_seconds,
        early_minutes=early_minutes,
        deadline_minutes=_deadline_minutes(attempts, retry_minutes),
        machine_detection=machine_detection,
        next_round_at=next_start(starts, ZoneInfo(community.timezone), clock.now()) if starts else None,
    )
    session.add(campaign)
    session.flush()
    events.append(session, "campaign.created", campaign.id, name=name)
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


def start_now(session: Session, campaign: Campaign) -> Round:
    """Starts a round at this moment, also of a paused campaign.

    Raises ``ConflictError`` when nobody may be rung now, or not for much longer, and for a stopped campaign.

    Nobody could be placed a call any more in the last minutes: all would be unreachable at once, and have cases.
    """
    queries.hold(session, campaign)
    if campaign.state == CampaignState.STOPPED:
        raise ConflictError(
            "Campaign {value} has been stopped.", way_out="Create a new one.", field="campaign", value=campaign.name
        )
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
    return start_round(session, campaign, community, hours, now)


def start_due(session: Session) -> Sequence[UUID]:
    """Starts the round of every campaign whose time has come; returns the ids of the rounds.

    A service that was down over several mornings starts one round, not several. A notice whose time has passed
    meanwhile is told as soon as residents may be rung, and once.
    """
    now = clock.now()
    started = []
    for campaign in queries.campaigns_due(session, now):
        community = session.get_one(Community, campaign.community_id)
        hours, due = hours_of(community), campaign.next_round_at or now
        if campaign.kind == CampaignKind.NOTICE and not hours.permit(now):
            campaign.next_round_at = hours.next_permitted(now)
            continue
        campaign.next_round_at = _next_round(campaign, hours.zone, now)
        started.append(start_round(session, campaign, community, hours, due).id)
    return started


def next_due(session: Session) -> datetime | None:
    """When the next round starts, or the next check-in or trial is to be rung."""
    due = (queries.next_round(session), queries.next_attempt(session), queries.next_trial(session))
    return min((each for each in due if each is not None), default=None)


def _next_round(campaign: Campaign, zone: ZoneInfo, now: datetime) -> datetime | None:
    """The round after the one that starts now; a notice has none."""
    return None if campaign.kind == CampaignKind.NOTICE else next_start(campaign.at or DEFAULT_AT, zone, now)


def _told(kind: CampaignKind, message: str) -> str:
    """What a notice tells; a check-in asks, and tells nothing."""
    if kind is CampaignKind.NOTICE:
        return message_of(message)
    if message:
        raise UserError(
            "A check-in tells no message.", way_out="Choose --kind notice.", field="message", value=message[:20]
        )
    return ""


def _deadline_minutes(attempts: int, retry_minutes: int) -> int:
    """Two hours, or longer where the plan's attempts need it."""
    return max(120, attempts * (retry_minutes + 10) + 30)


def _check(
    session: Session,
    community: Community,
    name: str,
    at: time | None,
    attempts: int,
    retry_minutes: int,
    ring_seconds: int,
) -> None:
    if not name.strip():
        raise UserError("The campaign needs a name.", way_out="Give it one.", field="name", value=name)
    if queries.campaign_named(session, name):
        raise ConflictError(
            "There is a campaign {value} already.", way_out="Choose another name.", field="name", value=name
        )
    _check_range("attempts", attempts, 1, MOST_ATTEMPTS)
    _check_range("retry-minutes", retry_minutes, *RETRY_MINUTES)
    _check_range("ring-seconds", ring_seconds, *RING_SECONDS)
    latest = hours_of(community).last_start(calls.lead(ring_seconds))
    if at is not None and not community.call_from <= at <= latest:
        raise UserError(
            "{value} is outside the hours in which residents may be rung.",
            way_out="Choose a time from {opens} to {closes}.",
            field="at",
            value=at.strftime("%H:%M"),
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
