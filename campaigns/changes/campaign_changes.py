"""Editing campaigns: their plan, their name, and their end; each change says what it was before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from campaigns import queries
from campaigns.audience import rule_for
from campaigns.audiences.rules import Rule, document
from campaigns.changes.campaign_states import refuse_stopped
from campaigns.changes.new_campaigns import PlanFields
from campaigns.changes.plan_bounds import check_bounds, check_name, check_plan, deadline_minutes
from campaigns.changes.typed_schedules import changed_schedule, schedule_of
from campaigns.dialogues.notice_for import message_of
from campaigns.models import Campaign, CampaignKind, CampaignState
from campaigns.planning.retries import longest
from campaigns.rounds import lateness
from campaigns.schedules import occurrences, plans
from campaigns.schedules.plans import Schedule
from campaigns.schedules.written import Typed
from contacts.models import Community
from core import clock
from core.actors import Actor
from core.changes import Changed
from core.errors import ConflictError, UserError
from core.running import events


class Plan(PlanFields, total=False):
    """What is to be changed; ``flags`` as people write them, None for everybody; ``at`` in community time."""

    flags: Sequence[str] | None
    audience: Rule
    at: time
    schedule: Schedule
    deadline_minutes: int


@dataclass(frozen=True)
class Edited:
    """What was changed, when the next round starts by itself, and whether one is under way meanwhile.

    A round under way goes on under the terms under which it began.
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
    own_deadline = plan.get("deadline_minutes") or _own_deadline(campaign)
    community = session.get_one(Community, campaign.community_id)
    wanted = dict(plan)
    if "message" in plan:
        wanted["message"] = _message(campaign, plan["message"])
    if "flags" in wanted:
        wanted["audience"] = document(rule_for(session, community.id, plan["flags"]))
        del wanted["flags"]
    if "audience" in plan:
        wanted["audience"] = document(plan["audience"])
    if "at" in wanted:
        del wanted["at"]
        wanted["schedule"] = plans.document(
            changed_schedule(campaign, Typed(at=f"{plan['at']:%H:%M}"), ZoneInfo(community.timezone))
        )
    if "schedule" in plan:
        wanted["schedule"] = plans.document(plan["schedule"])
    changes = []
    for what, after in wanted.items():
        if (before := getattr(campaign, what)) != after:
            setattr(campaign, what, after)
            changes.append(Changed(what, before, after))
    planned = schedule_of(campaign)
    check_plan(community, planned, campaign.attempts, campaign.retry_minutes, campaign.ring_seconds,
               campaign.early_minutes)  # fmt: skip
    check_bounds(campaign.spread_minutes, own_deadline, campaign.attempts,
                 longest(campaign.retry_minutes, campaign.retries))  # fmt: skip
    lateness.late_until_of(lateness.spelled(campaign.late_until), next(iter(plans.times_of(planned)), None))
    campaign.deadline_minutes = _deadline(campaign, own_deadline)
    is_draft = campaign.state in {CampaignState.DRAFT, CampaignState.CHECKED}
    if not is_draft and any(each.what == "schedule" for each in changes):
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


def _own_deadline(campaign: Campaign) -> int | None:
    """How long its rounds may take, where that is more than its attempts need."""
    return campaign.deadline_minutes if campaign.deadline_minutes != _deadline(campaign, None) else None


def _deadline(campaign: Campaign, own: int | None) -> int:
    needed = deadline_minutes(campaign.attempts, longest(campaign.retry_minutes, campaign.retries))
    return needed if own is None else own


def _message(campaign: Campaign, text: str) -> str:
    if campaign.kind != CampaignKind.NOTICE:
        raise UserError("A check-in tells no message.", way_out="Create a notice: zaoan campaign create --kind notice",
                        field="message", value=text[:20])  # fmt: skip
    return message_of(text)


def _next_round(session: Session, campaign: Campaign, zone: ZoneInfo) -> datetime | None:
    """The next time by the new plan; nobody is asked a second time on the day on which they were asked by the old one,
    unless the new one asks them several times a day."""
    planned, now = schedule_of(campaign), clock.now()
    starts = occurrences.next_after(planned, zone, now)
    latest = queries.latest_occurrence(session, campaign.id)
    if starts is None or latest is None or campaign.kind != CampaignKind.CHECK_IN or len(plans.times_of(planned)) > 1:
        return starts
    had_today = latest.astimezone(zone).date() == starts.astimezone(zone).date()
    return occurrences.next_after(planned, zone, starts) if had_today else starts


def _told(session: Session, actor: Actor, campaign: Campaign, changes: Sequence[Changed]) -> Edited:
    session.flush()
    if changes:
        campaign.version += 1
        if campaign.state == CampaignState.CHECKED:
            campaign.state = CampaignState.DRAFT
    for each in changes:
        events.append(session, actor, "campaign.changed", campaign.id, name=campaign.name, version=campaign.version,
                      **each.facts)  # fmt: skip
    starts = campaign.next_round_at if campaign.state == CampaignState.ACTIVE else None
    return Edited(changes, starts, bool(queries.open_rounds_of(session, campaign.id)))
