"""What is sent about campaigns, rounds and cases."""

from datetime import time
from uuid import UUID

from pydantic import Field

from api.people.bodies import Body, Text, Words
from campaigns.models import CampaignKind
from escalation.models import Finding


class PlanFields(Body):
    """How often a campaign rings, and what it says; what is not told has its usual value, or stays."""

    message: Text | None = Field(None, description="What a notice tells.", examples=[None])
    attempts: int | None = Field(None, examples=[3])
    retry_minutes: int | None = Field(None, examples=[10])
    ring_seconds: int | None = Field(None, examples=[60])
    early_minutes: int | None = Field(None, examples=[120])
    late: Words | None = Field(
        None, description="Until when a round that was missed is rung: `ring-until 12:00`, or `never`.",
        examples=["ring-until 12:00"],
    )  # fmt: skip
    machine_detection: bool | None = Field(None, examples=[True])


class NewCampaign(PlanFields):
    """A campaign that there is not yet."""

    name: Words = Field(examples=["早安问候"])
    kind: CampaignKind = CampaignKind.CHECK_IN
    flags: list[Words] | None = Field(
        None, max_length=50, description="For whoever carries one of these; null: for everybody.",
        examples=[["独居", "80岁以上"]],
    )  # fmt: skip
    at: time | None = Field(None, description="Community time.", examples=["08:00:00"])


class CampaignChange(PlanFields):
    """What is different from the next round on; what is not told stays."""

    name: Words | None = Field(None, examples=["早安问候"])
    flags: list[Words] | None = Field(None, max_length=50, examples=[["独居"]])
    at: time | None = Field(None, examples=["08:30:00"])


class NoteBody(Body):
    """Why, for whoever looks at it later."""

    note: Text = Field("", examples=["停电"])


class NewRound(Body):
    """`again`: also whoever another round is asking, or has asked a short time ago."""

    again: bool = False


class AcceptBody(Body):
    """Which responder takes the case."""

    responder_id: UUID


class CloseBody(Body):
    """What was found; `other` needs a `note`, which stays in the office."""

    finding: Finding = Field(examples=["fine"])
    note: Text = Field("", examples=["上门看过，一切都好"])
