"""Editing campaigns: their plan, their name, and their end; each change says what it was before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from campaigns import queries
from campaigns.audience import flags_for
from campaigns.dialogues.notice_for import message_of
from campaigns.models import Campaign, CampaignKind, CampaignState
from campaigns.rounds import lateness
from campaigns.rounds.schedule import PlanFields, check_name, check_plan, deadline_minutes, refuse_stopped
from contacts.hours import next_start
from contacts.models import Community
from core import clock
from core.actors import Actor
from core.changes import Changed
from core.errors import ConflictError, UserError
from core.running import events


class Plan(PlanFields, total=False):
    """What is to be changed; ``flags`` as people write them, None for everybody; ``at`` in community time."""

    flags: Sequence[str] | None
    at: time


@dataclass(frozen=True)
class Edited:
    """What was changed, when the next round starts by itself, and whether one is under way meanwhile.

    A round under way keeps its people and follows the new plan in all else.
    """

    changes: Sequence[Changed]
    next_round_at: datetime | None
    under_way: bool


def edit(session: Session, actor: Actor, campaign: Campaign, plan: Plan) -> Edited:
    """Changes what ``plan`` names. A check-in that has had its round today has the next one tomorrow.

    Raises ``UserError``; ``ConflictError`` for a campaign that was stopped.
    """
    queries.hold(session, campaign)
    refuse_stopped(campaign)
    community = session.get_one(Community, campaign.community_id)
    wanted = dict(plan)
    if "message" in plan:
        wanted["message"] = _message(campaign, plan["message"])
    if (flags := plan.get("flags")) is not None:
        wanted["flags"] = list(flags_for(session, community.id, flags))
    changes = []
    for what, after in wanted.items():
        if (before := getattr(campaign, what)) != after:
            setattr(campaign, what, after)
            changes.append(Changed(what, before, after))
    check_plan(community, campaign.at, campaign.attempts, campaign.retry_minutes, campaign.ring_seconds,
               campaign.early_minutes)  # fmt: skip
    lateness.late_until_of(lateness.spelled(campaign.late_until), campaign.at)
    campaign.deadline_minutes = deadline_minutes(campaign.attempts, campaign.retry_minutes)
    if any(each.what == "at" for each in changes):
        campaign.next_round_at = _next_round(session, campaign, ZoneInfo(community.timezone))
    return _told(session, actor, campaign, changes)


def rename(session: Session, actor: Actor, campaign: Campaign, name: str) -> Changed:
    """Gives the campaign another name; its rounds are shown under that. Raises as ``check_name`` does."""
    queries.hold(session, campaign)
    check_name(session, name)
    change = Changed("name", campaign.name, name.strip())
    campaign.name = name.strip()
    events.append(session, actor, "campaign.renamed", campaign.id, name=campaign.name,
                  before=str(change.before))  # fmt: skip
    return change


def remove(session: Session, actor: Actor, campaign: Campaign) -> int:
    """The campaign is in no list any more and starts no round; those that it had stay. Returns how many they are.

    Raises ``ConflictError`` while a round of it is under way that nobody has stopped.
    """
    queries.hold(session, campaign)
    if any(each.stopped_at is None for each in queries.open_rounds_of(session, campaign.id)):
        raise ConflictError(
            "A round of {value} is under way.", way_out="Stop it first: zaoan campaign stop {value}", field="campaign",
            value=campaign.name,
        )  # fmt: skip
    campaign.state, campaign.removed_at, campaign.next_round_at = CampaignState.STOPPED, clock.now(), None
    session.flush()
    events.append(session, actor, "campaign.removed", campaign.id, name=campaign.name)
    return queries.count_rounds(session, campaign.id)


def _message(campaign: Campaign, text: str) -> str:
    if campaign.kind != CampaignKind.NOTICE:
        raise UserError("A check-in tells no message.", way_out="Create a notice: zaoan campaign create --kind notice",
                        field="message", value=text[:20])  # fmt: skip
    return message_of(text)


def _next_round(session: Session, campaign: Campaign, zone: ZoneInfo) -> datetime | None:
    """The next time by the new plan; nobody is asked a second time on the day on which they were asked by the old."""
    if campaign.at is None:
        return None
    now = clock.now()
    starts = next_start(campaign.at, zone, now)
    latest = queries.latest_occurrence(session, campaign.id)
    had_today = latest is not None and latest.astimezone(zone).date() == starts.astimezone(zone).date()
    return next_start(campaign.at, zone, starts) if had_today and campaign.kind == CampaignKind.CHECK_IN else starts


def _told(session: Session, actor: Actor, campaign: Campaign, changes: Sequence[Changed]) -> Edited:
    session.flush()
    for each in changes:
        events.append(session, actor, "campaign.changed", campaign.id, name=campaign.name, **each.facts)
    starts = campaign.next_round_at if campaign.state == CampaignState.ACTIVE else None
    return Edited(changes, starts, bool(queries.open_rounds_of(session, campaign.id)))
