"""Keeping a form: a new campaign as a draft, or what is different of one that there is."""

from datetime import date
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from campaigns import queries
from campaigns.audience import rule_of
from campaigns.changes import campaign_changes, new_campaigns, plan_bounds
from campaigns.changes.campaign_changes import Plan
from campaigns.models import Campaign, CampaignKind
from campaigns.planning.retries import longest
from console.campaigns import form_reading
from console.campaigns.choices import choices_of
from console.campaigns.form import CampaignForm
from contacts.models import Community
from core import clock
from core.actors import Actor
from core.errors import ConflictError


def create(session: Session, actor: Actor, community: Community, form: CampaignForm) -> Campaign:
    """A draft that is as the form says; raises ``UserError``."""
    kind = form_reading.kind_in(form)
    rule = form_reading.rule_in(session, community.id, form)
    if rule is None:
        raise form_reading.nobody_said()
    planned = form_reading.schedule_in(form, _today(community))
    return new_campaigns.create_campaign(
        session, actor, form.name.strip(), kind=kind, message=form_reading.message_in(form, kind), audience=rule,
        schedule=planned, draft=True, deadline=form_reading.deadline_in(form), **form_reading.terms_in(form, planned),
    )  # fmt: skip


def change(session: Session, actor: Actor, campaign: Campaign, community: Community, form: CampaignForm) -> bool:
    """What is different in the form holds from the next round on; says whether anything was. Raises ``UserError``, and
    ``ConflictError`` where somebody else has changed it since the form was opened.

    A rule that says more than can be ticked stays as it is unless another one was written or chosen.
    """
    queries.hold(session, campaign)
    if form.version != str(campaign.version):
        raise ConflictError("Somebody else has changed this campaign in the meantime.",
                            way_out="Open it anew, and change it once more.", field="version")  # fmt: skip
    plan = _plan(session, campaign, community, form)
    renamed = form.name.strip() != campaign.name
    if renamed:
        campaign_changes.rename(session, actor, campaign, form.name)
    return bool(campaign_changes.edit(session, actor, campaign, plan).changes) or renamed


def own_deadline(campaign: Campaign) -> int | None:
    """How long its rounds may take, where that is not what its attempts need."""
    needed = plan_bounds.deadline_minutes(campaign.attempts, longest(campaign.retry_minutes, campaign.retries))
    return None if campaign.deadline_minutes == needed else campaign.deadline_minutes


def _plan(session: Session, campaign: Campaign, community: Community, form: CampaignForm) -> Plan:
    planned = form_reading.schedule_in(form, _today(community))
    plan: dict[str, Any] = {"schedule": planned, **form_reading.terms_in(form, planned)}
    if deadline := _deadline(campaign, form, plan):
        plan["deadline_minutes"] = deadline
    if campaign.kind == CampaignKind.NOTICE:
        plan["message"] = form_reading.message_in(form, CampaignKind.NOTICE)
    rule = form_reading.rule_in(session, community.id, form)
    is_other = form_reading.choices_in(form) is None or form_reading.choices_in(form) != choices_of(rule_of(campaign))
    if rule is not None and is_other:
        plan["audience"] = rule
    return cast("Plan", plan)


def _deadline(campaign: Campaign, form: CampaignForm, plan: dict[str, Any]) -> int | None:
    """What was typed; where nothing was, and a deadline of its own is to go, what the attempts need."""
    typed = form_reading.deadline_in(form)
    if typed is None and own_deadline(campaign) is not None:
        return plan_bounds.deadline_minutes(plan["attempts"], longest(plan["retry_minutes"], plan["retries"]))
    return typed


def _today(community: Community) -> date:
    return clock.now().astimezone(ZoneInfo(community.timezone)).date()
