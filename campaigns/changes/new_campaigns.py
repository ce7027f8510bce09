"""A new campaign: what it says, to whom, when, and how often it rings."""

from collections.abc import Sequence
from datetime import time
from typing import TypedDict
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from campaigns.audience import rule_for
from campaigns.audiences.rules import Rule, document
from campaigns.changes.plan_bounds import check_bounds, check_name, check_plan, deadline_minutes
from campaigns.changes.typed_schedules import usual_schedule
from campaigns.dialogues.notice_for import message_of
from campaigns.models import Campaign, CampaignKind, CampaignState
from campaigns.planning.retries import Retries, longest, usual
from campaigns.schedules import occurrences, plans
from campaigns.schedules.plans import Schedule
from contacts.community.community import the_community
from core import clock
from core.actors import Actor
from core.errors import UserError
from core.ids import new_id
from core.running import events


class PlanFields(TypedDict, total=False):
    """What a campaign says and how often it rings: chosen when it is created (``new_campaigns``), and
    changed by ``campaign_changes``; what each may be is in ``plan_bounds``."""

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


def _told(kind: CampaignKind, message: str) -> str:
    """What a notice tells; a check-in asks, and tells nothing."""
    if kind is CampaignKind.NOTICE:
        return message_of(message)
    if message:
        raise UserError(
            "A check-in tells no message.", way_out="Choose --kind notice.", field="message", value=message[:20]
        )
    return ""
