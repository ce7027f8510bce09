"""What is sent about campaigns, rounds and cases."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from api.people.bodies import Body, Text, Words
from campaigns.models import CampaignKind
from escalation.models import Finding

TimeOfDay = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
"""In community time, to the minute: JSON Schema's own format of times needs an offset, which this has not."""


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
    at: TimeOfDay | None = Field(None, description="Community time.", examples=["08:00"])


class CampaignChange(PlanFields):
    """What is different from the next round on; what is not told stays."""

    name: Words | None = Field(None, examples=["早安问候"])
    flags: list[Words] | None = Field(None, max_length=50, examples=[["独居"]])
    at: TimeOfDay | None = Field(None, examples=["08:30"])


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
