"""Checking and activating: whether a campaign can be carried out as it is planned, before it rings anybody.

A draft is checked, and then activated; whatever is changed meanwhile makes it a draft again. What a check finds stands
in the way of an activation, unless a person says that it is meant so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from campaigns import queries
from campaigns.audience import AudienceReport, audience_of, meant_by
from campaigns.changes.campaign_states import refuse_stopped
from campaigns.changes.typed_schedules import schedule_of
from campaigns.models import Campaign, CampaignState
from campaigns.planning.line_time import Estimate, Lines, estimate, talk_seconds
from campaigns.queries import audiences
from campaigns.schedules.occurrences import next_after
from campaigns.schedules.plans import ByHand
from contacts.hours import Hours, hours_of
from contacts.models import Community
from core import clock, settings
from core.actors import Actor
from core.errors import ConflictError
from core.running import events
from escalation.paging import reach
from escalation.paging.reach import Gap
from ivr.queries import lines


class Problem(StrEnum):
    """What stands in the way of an activation."""

    NOBODY = "nobody"
    NO_ROUND = "no_round"
    LINE_TIME = "line_time"


@dataclass(frozen=True)
class CampaignCheck:
    """What would come of a campaign as it stands: whom it rings, when first, and whether the line has time for it.

    ``gaps`` are residents about whom no helper could be told; they are a danger, and stand in nobody's way.
    """

    audience: AudienceReport
    telephones: int
    next_round_at: datetime | None
    line: Estimate
    gaps: Sequence[Gap]
    problems: Sequence[Problem]


def check(session: Session, campaign: Campaign) -> CampaignCheck:
    """Looks at a campaign as it stands; changes nothing."""
    community, now = session.get_one(Community, campaign.community_id), clock.now()
    planned = schedule_of(campaign)
    starts = next_after(planned, ZoneInfo(community.timezone), now)
    audience = audience_of(session, campaign, starts or now)
    telephones = audiences.count_telephones(session, community.id, meant_by(campaign, community, starts or now))
    line = line_time(session, campaign, telephones)
    found = {
        Problem.NOBODY: not audience.ever,
        Problem.NO_ROUND: starts is None and not isinstance(planned, ByHand),
        Problem.LINE_TIME: not line.fits,
    }
    gaps = reach.gaps_of(session, community.id, meant_by(campaign, community, starts or now), campaign.id)
    return CampaignCheck(audience, telephones, starts, line, gaps, [each for each, holds in found.items() if holds])


def line_time(session: Session, campaign: Campaign, telephones: int) -> Estimate:
    """How long the lines need for so many telephones, beside how long a round lasts that begins at its first time."""
    community = session.get_one(Community, campaign.community_id)
    there_is = _until_the_deadline(campaign, hours_of(community))
    return estimate(telephones, campaign.attempts, campaign.ring_seconds, talk_seconds(campaign.message),
                    _lines(session), there_is)  # fmt: skip


def mark_checked(session: Session, actor: Actor, campaign: Campaign) -> CampaignCheck:
    """Checks a campaign; a draft in whose way nothing stands is noted as checked. Raises for one that was stopped."""
    queries.hold(session, campaign)
    refuse_stopped(campaign)
    found = check(session, campaign)
    if campaign.state == CampaignState.DRAFT and not found.problems:
        campaign.state = CampaignState.CHECKED
        events.append(session, actor, "campaign.checked", campaign.id, name=campaign.name, version=campaign.version)
    return found


def activate(session: Session, actor: Actor, campaign: Campaign, *, anyway: bool = False) -> CampaignCheck:
    """Rounds start by themselves from now on. Raises ``ConflictError`` where something stands in the way.

    ``anyway``: a person knows of that, and it is meant so.
    """
    queries.hold(session, campaign)
    refuse_stopped(campaign)
    if campaign.state not in {CampaignState.DRAFT, CampaignState.CHECKED}:
        raise ConflictError(
            "Campaign {value} is no draft.", way_out="`zaoan campaign resume` ends a pause.", field="campaign",
            value=campaign.name,
        )  # fmt: skip
    found = check(session, campaign)
    if found.problems and not anyway:
        raise ConflictError(
            "Campaign {value} cannot be carried out as it is planned.",
            way_out="See what is in the way: zaoan campaign check {value}. If it is meant so: --anyway.",
            field="campaign", value=campaign.name,
        )  # fmt: skip
    campaign.state, campaign.next_round_at = CampaignState.ACTIVE, found.next_round_at
    events.append(session, actor, "campaign.active", campaign.id, name=campaign.name, version=campaign.version)
    return found


def _until_the_deadline(campaign: Campaign, hours: Hours) -> timedelta:
    """From the latest time of its schedule to the deadline; nobody is rung once the hours are over."""
    planned = schedule_of(campaign)
    length = timedelta(minutes=campaign.deadline_minutes + campaign.spread_minutes)
    if isinstance(planned, ByHand):
        return length
    latest = planned.times[-1]
    minutes = (hours.closes.hour - latest.hour) * 60 + hours.closes.minute - latest.minute
    return min(length, timedelta(minutes=max(minutes, 0)))


def _lines(session: Session) -> Lines:
    """All lines in service together; before the first start, the one that the settings describe."""
    in_service, chosen = lines(session), settings.current()
    if not in_service:
        return Lines(chosen.line_calls_at_once, chosen.line_calls_per_second)
    return Lines(sum(each.calls_at_once for each in in_service), sum(each.calls_per_second for each in in_service))
