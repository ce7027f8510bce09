"""The form of a campaign: its fields as a browser sends them, and as they stand for a campaign that there is."""

from collections.abc import Mapping
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from campaigns.audience import rule_of
from campaigns.audiences.rules import Everyone, Rule
from campaigns.changes.typed_schedules import schedule_of
from campaigns.models import Campaign, CampaignKind, Outcome
from campaigns.planning import retries
from campaigns.planning.retries import OTHER_NUMBER, RETRIED
from campaigns.rounds import lateness
from campaigns.schedules.plans import ByHand, Monthly, Once, Schedule, Weekly
from console.campaigns.choices import Choices, choices_of

Text = Annotated[str, StringConstraints(max_length=400)]
Ids = Annotated[list[Annotated[str, StringConstraints(max_length=60)]], Field(max_length=500)]
EVERYONE, CHOSEN, WRITTEN, KEPT = "everyone", "chosen", "written", "kept"
WHOM: Final = (EVERYONE, CHOSEN, WRITTEN)
"""By what people are chosen; ``KEPT`` is offered besides for a rule that says more than can be ticked."""
OFTEN: Final = ("daily", "weekly", "monthly", "once", "by_hand")
LATE: Final = ("usual", "until", "never")
PAUSED_AFTER: Final = (*(each.value for each in RETRIED), OTHER_NUMBER)
AS_USUAL, NEVER = "", "never"


class CampaignForm(BaseModel):
    """What somebody has chosen and typed; nothing of it has been looked at. Numbers, times and dates are as typed.

    Every default is empty: FastAPI takes a field that was sent empty for one that was not sent.
    """

    model_config = ConfigDict(extra="ignore")

    campaign: Text = ""
    version: Text = ""
    name: Text = ""
    kind: Text = ""
    message: Annotated[str, StringConstraints(max_length=4000)] = ""
    whom: Text = ""
    flag: Ids = []
    every_flag: Text = ""
    least: Text = ""
    most: Text = ""
    area: Ids = []
    speaks: Ids = []
    on_list: Text = ""
    in_campaign: Text = ""
    answered: Text = ""
    but_flag: Ids = []
    but_list: Text = ""
    rule: Annotated[str, StringConstraints(max_length=4000)] = ""
    often: Text = ""
    at: Text = ""
    day: Ids = []
    month_days: Text = ""
    on: Text = ""
    first: Text = ""
    last: Text = ""
    but: Annotated[str, StringConstraints(max_length=6000)] = ""
    every: Text = ""
    attempts: Text = ""
    retry_minutes: Text = ""
    busy: Text = ""
    no_answer: Text = ""
    voicemail: Text = ""
    hung_up: Text = ""
    unreachable: Text = ""
    other_number: Text = ""
    ring_seconds: Text = ""
    spread_minutes: Text = ""
    deadline_minutes: Text = ""
    early_minutes: Text = ""
    late: Text = ""
    late_at: Text = ""
    machine_detection: Text = ""


def blank() -> CampaignForm:
    """A campaign that nobody has thought of yet: every day at eight, everybody."""
    return CampaignForm(
        kind=CampaignKind.CHECK_IN, whom=EVERYONE, often="daily", at="08:00", every="1", attempts="3",
        retry_minutes="10",
        busy=str(retries.usual(10)[Outcome.BUSY.value]), ring_seconds="60", spread_minutes="0", early_minutes="120",
        late="usual", machine_detection="yes",
    )  # fmt: skip


def form_of(campaign: Campaign, rule_written: str, own_deadline: int | None) -> CampaignForm:
    """A campaign as it is; ``rule_written`` as people type it, ``own_deadline`` None where its attempts decide."""
    kept: dict[str, Any] = {
        "campaign": str(campaign.id), "version": str(campaign.version), "name": campaign.name, "kind": campaign.kind,
        "message": campaign.message,
        "rule": rule_written, "attempts": str(campaign.attempts), "retry_minutes": str(campaign.retry_minutes),
        "ring_seconds": str(campaign.ring_seconds), "spread_minutes": str(campaign.spread_minutes),
        "deadline_minutes": "" if own_deadline is None else str(own_deadline),
        "early_minutes": str(campaign.early_minutes), "machine_detection": "yes" if campaign.machine_detection else "",
    }  # fmt: skip
    return CampaignForm(**kept, **_whom(rule_of(campaign)), **_when(schedule_of(campaign)),
                        **_pauses(campaign.retries), **_late(campaign))  # fmt: skip


def _whom(rule: Rule) -> Mapping[str, Any]:
    if isinstance(rule, Everyone):
        return {"whom": EVERYONE}
    chosen = choices_of(rule)
    return {"whom": KEPT} if chosen is None else {"whom": CHOSEN, **_chosen(chosen)}


def _chosen(chosen: Choices) -> Mapping[str, Any]:
    return {
        "flag": list(chosen.flags), "every_flag": "yes" if chosen.every_flag else "", "least": _text(chosen.least),
        "most": _text(chosen.most), "area": [str(each) for each in chosen.areas], "speaks": list(chosen.languages),
        "on_list": _text(chosen.list_id), "in_campaign": _text(chosen.campaign_id),
        "answered": "yes" if chosen.answered else "", "but_flag": list(chosen.but_flags),
        "but_list": _text(chosen.but_list_id),
    }  # fmt: skip


def _when(planned: Schedule) -> Mapping[str, Any]:
    if isinstance(planned, ByHand):
        return {"often": planned.kind, "at": ""}
    said: dict[str, Any] = {"often": planned.kind, "at": ", ".join(f"{each:%H:%M}" for each in planned.times)}
    if isinstance(planned, Once):
        return said | {"on": planned.on.isoformat()}
    if isinstance(planned, Weekly):
        said["day"] = [str(each) for each in planned.days]
    if isinstance(planned, Monthly):
        said["month_days"] = ", ".join("last" if each == -1 else str(each) for each in planned.days)
    return said | {
        "first": _text(planned.first), "last": _text(planned.last), "every": str(planned.every),
        "but": ", ".join(each.isoformat() for each in planned.but),
    }  # fmt: skip


def _pauses(kept: retries.Retries) -> Mapping[str, Any]:
    own = {result: NEVER if minutes is None else str(minutes) for result, minutes in kept.items()}
    return {result: own.get(result, AS_USUAL) for result in PAUSED_AFTER}


def _late(campaign: Campaign) -> Mapping[str, Any]:
    if campaign.late_until is None:
        return {"late": "usual"}
    if campaign.late_until == lateness.NEVER:
        return {"late": "never"}
    return {"late": "until", "late_at": f"{campaign.late_until:%H:%M}"}


def _text(value: object) -> str:
    return "" if value is None else str(value)
