"""What is sent about campaigns, rounds and cases."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from api.people.bodies import Body, Text, Words
from campaigns.audiences.rules import Rule
from campaigns.models import CampaignKind
from campaigns.schedules.plans import Schedule
from escalation.findings import Finding

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
    spread_minutes: int | None = Field(None, description="Over how long first calls are spread.", examples=[60])
    flags: list[Words] | None = Field(
        None, max_length=50, description="For whoever carries one of these; null: for everybody. Short for a `rule`.",
        examples=[["独居", "80岁以上"]],
    )  # fmt: skip
    rule: Rule | None = Field(None, description="Whom it is for, instead of `flags`.",
                              examples=[{"kind": "age", "least": 80}])  # fmt: skip
    at: TimeOfDay | None = Field(None, description="Every day at this time of the community. Short for a `schedule`.",
                                 examples=["08:00"])  # fmt: skip
    schedule: Schedule | None = Field(
        None, description="When rounds begin, instead of `at`.",
        examples=[{"kind": "weekly", "times": ["08:00"], "days": [1, 3, 5]}],
    )  # fmt: skip

    @model_validator(mode="after")
    def _says_each_once(self) -> Self:
        for short, long in (("flags", "rule"), ("at", "schedule")):
            if {short, long} <= self.model_fields_set and None not in (getattr(self, short), getattr(self, long)):
                raise ValueError(f"{short} and {long} say the same: tell one of them")
        return self


class NewCampaign(PlanFields):
    """A campaign that there is not yet."""

    name: Words = Field(examples=["早安问候"])
    kind: CampaignKind = CampaignKind.CHECK_IN
    deadline_minutes: int | None = Field(None, description="How long a round may take.", examples=[None])
    draft: bool = Field(False, description="It starts no round before it is activated.")


class CampaignChange(PlanFields):
    """What is different from the next round on; what is not told stays."""

    name: Words | None = Field(None, examples=["早安问候"])
    deadline_minutes: int | None = Field(None, examples=[None])


class NoteBody(Body):
    """Why, for whoever looks at it later."""

    note: Text = Field("", examples=["停电"])


class NewRound(Body):
    """`again`: also whoever another round is asking, or has asked a short time ago; `only`: some of its audience."""

    again: bool = False
    only: Rule | None = Field(None, description="Of the audience only those whom this rule means.")


class ActivateBody(Body):
    """`anyway`: a person knows what stands in the way, and it is meant so."""

    anyway: bool = False


class AcceptBody(Body):
    """Which responder takes the case."""

    responder_id: UUID


class CaseNoteBody(Body):
    """What somebody has to say about a case that goes on; it stays in the office."""

    note: Text = Field(examples=["下午再去一次"])


class HandOverBody(Body):
    """Who is to have the case; `agreed`: they have said so, else their telephone rings and they have to accept."""

    responder_id: UUID
    agreed: bool = False


class ReopenBody(Body):
    """Why a closed case is open again; it stays in the office."""

    reason: Text = Field(examples=["找错了人家"])


class MergeBody(Body):
    """The other case about the same resident."""

    case_id: UUID


class CloseBody(Body):
    """What was found; `other` needs a `note`, which stays in the office."""

    finding: Finding = Field(examples=["fine"])
    note: Text = Field("", examples=["上门看过，一切都好"])
