"""The community's settings and its campaigns: their next rounds follow its zone and stay within its hours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from campaigns import queries
from campaigns.models import Campaign, CampaignState
from campaigns.schedules import occurrences, plans
from campaigns.schedules.plans import ByHand
from contacts.community.changes import change_community
from contacts.community.community import the_community
from contacts.hours import Hours, hours_of, instant
from contacts.models import Community
from core import clock
from core.actors import Actor
from core.errors import ConflictError
from ivr.dispatch import calls


@dataclass(frozen=True)
class Changed:
    """What a change has done: each changed field's earlier value, and the campaigns that start rounds by themselves."""

    community: Community
    before: Mapping[str, Any]
    campaigns: Sequence[Campaign]


def change(session: Session, actor: Actor, wanted: Mapping[str, str]) -> Changed:
    """Changes the community (see ``change_community``) and works its campaigns' next rounds out anew.

    Raises ``UserError``, and ``ConflictError`` where a campaign's time would be outside the hours.
    """
    community = the_community(session)
    before = change_community(session, actor, community, wanted)
    hours = hours_of(community)
    living = [each for each in queries.campaigns(session) if each.state != CampaignState.STOPPED]
    _refuse_outside(hours, living)
    if "timezone" in before:
        for each in living:
            queries.hold(session, each)
            _reckon(session, each, hours)
    return Changed(community, before, [each for each in living if each.next_round_at])


def _refuse_outside(hours: Hours, campaigns: Sequence[Campaign]) -> None:
    times = [(each, at) for each in campaigns for at in plans.times_of(plans.parsed(each.schedule))]
    outside = [(each, at) for each, at in times if not _is_within(hours, each, at)]
    if outside:
        raise ConflictError(
            "These campaigns would be outside the hours {hours}: {value}.",
            way_out="Change their time or stop them first, or choose other hours.",
            field="call-from",
            value=", ".join(f"{each.name} {at:%H:%M}" for each, at in outside),
            hours=f"{hours.opens:%H:%M}–{hours.closes:%H:%M}",
        )


def _is_within(hours: Hours, campaign: Campaign, at: time) -> bool:
    return hours.opens <= at <= hours.last_start(calls.lead(campaign.ring_seconds))


def _reckon(session: Session, campaign: Campaign, hours: Hours) -> None:
    """Its next time by the new clocks; where today had its round already, that of another day, unless there are several
    a day."""
    planned = plans.parsed(campaign.schedule)
    if campaign.next_round_at is None or isinstance(planned, ByHand):
        return
    now = clock.now()
    day = now.astimezone(hours.zone).date()
    begins, ends = (instant(each, time(0), hours.zone) for each in (day, day + timedelta(days=1)))
    once_a_day = len(planned.times) == 1 and queries.has_round_since(session, campaign.id, begins)
    after: datetime = ends - timedelta(seconds=1) if once_a_day else now
    campaign.next_round_at = occurrences.next_after(planned, hours.zone, after) or campaign.next_round_at
