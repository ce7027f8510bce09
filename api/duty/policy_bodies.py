"""Escalation policies as they are sent and told."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from api.people.bodies import Body
from contacts.models import Role
from escalation.policy_editing.previews import Preview
from escalation.policy_editing.rehearsed_ladder import Means
from escalation.policy_editing.written import WrittenPolicy
from escalation.policy_terms import LONGEST_MINUTES, MOST_AHEAD, MOST_HOURS, NO_TEXT, UNLIMITED

Count = Annotated[int, Field(ge=1, le=1000, strict=True)]
Minutes = Annotated[int, Field(ge=0, le=LONGEST_MINUTES, strict=True)]
SomeMinutes = Annotated[int, Field(ge=1, le=LONGEST_MINUTES, strict=True)]
Clock = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Step = Annotated[list[Role], Field(min_length=1, max_length=len(Role))]


class PolicyTermsBody(Body):
    """Terms of a policy; null: as it is beneath (a campaign's community, then the shipped policy)."""

    urgency: Annotated[int, Field(ge=0, le=9, strict=True)] | None = Field(None, examples=[None])
    steps: Annotated[list[Step], Field(max_length=len(Role))] | None = Field(
        None, description="Whom to ask, one step after the other; empty: no telephone rings.",
        examples=[[["nurse"], ["building_head", "volunteer"], ["office"]]],
    )  # fmt: skip
    at_once: Count | None = Field(None, description="How many telephones ring at once.", examples=[2])
    rounds: Count | None = Field(None, description="How often each is asked.", examples=[None])
    pause_minutes: SomeMinutes | None = Field(None, examples=[None])
    longest_pause_minutes: SomeMinutes | None = Field(None, examples=[None])
    calls_per_hour: Count | Literal["unlimited"] | None = Field(None, examples=[None])
    apart_minutes: Minutes | None = Field(None, examples=[None])
    at_any_hour: Annotated[bool, Field(strict=True)] | None = Field(None, examples=[None])
    quiet_from: Clock | None = Field(None, examples=[None])
    quiet_until: Clock | None = Field(None, examples=[None])
    quiet_after_last_call_minutes: Minutes | None = Field(None, examples=[None])
    text_ahead_minutes: Annotated[int, Field(ge=0, le=MOST_AHEAD, strict=True)] | Literal["no_text"] | None = Field(
        None, description="So long a text goes before the call.", examples=[None]
    )
    link_hours: Annotated[int, Field(ge=1, le=MOST_HOURS, strict=True)] | None = Field(None, examples=[None])
    move_within_minutes: SomeMinutes | None = Field(None, examples=[None])
    arrive_within_minutes: SomeMinutes | None = Field(None, examples=[None])
    close_within_minutes: SomeMinutes | None = Field(None, examples=[None])
    return_after_minutes: SomeMinutes | None = Field(None, examples=[None])


class PolicyTermsDocument(BaseModel):
    """Every term that holds; null where nothing is said of it (only of the kind `every`)."""

    model_config = ConfigDict(title="PolicyTerms")

    urgency: int | None
    steps: list[list[Role]] | None
    at_once: int | None
    rounds: int | None
    pause_minutes: int | None
    longest_pause_minutes: int | None
    calls_per_hour: int | str | None = Field(examples=[UNLIMITED])
    apart_minutes: int | None
    at_any_hour: bool | None
    quiet_from: str | None = Field(examples=["22:00"])
    quiet_until: str | None = Field(examples=["07:00"])
    quiet_after_last_call_minutes: int | None
    text_ahead_minutes: int | str | None = Field(examples=[NO_TEXT])
    link_hours: int | None
    move_within_minutes: int | None
    arrive_within_minutes: int | None
    close_within_minutes: int | None
    return_after_minutes: int | None


class PolicyDocument(BaseModel):
    """The policy of a kind of case: what holds, and which `own` terms this community or campaign says itself."""

    model_config = ConfigDict(title="Policy")

    kind: str = Field(examples=["unwell"])
    campaign_id: UUID | None
    terms: PolicyTermsDocument
    own: list[str] = Field(description="The names of its own terms.", examples=[["at_once"]])


class PoliciesDocument(BaseModel):
    """The policies of all kinds of cases, `every` first."""

    model_config = ConfigDict(title="Policies")

    items: list[PolicyDocument]


class PlayedMoment(BaseModel):
    """Who is reached, so long after the case was opened. `for_ever`: from here on it goes on until somebody accepts."""

    after_seconds: int
    means: Means
    responders: list[UUID]
    for_ever: bool


class PolicyPreviewDocument(BaseModel):
    """What would happen if nobody accepted; nobody is rung for it."""

    model_config = ConfigDict(title="PolicyPreview")

    building: str
    begins: AwareDatetime
    sleeps_until: AwareDatetime | None = Field(description="Nobody is rung before, for these are quiet hours.")
    moments: list[PlayedMoment]


def policy_document(known: WrittenPolicy, campaign_id: UUID | None) -> PolicyDocument:
    """One policy."""
    terms = {name: known.terms.get(name) for name in PolicyTermsDocument.model_fields}
    return PolicyDocument(kind=known.kind, campaign_id=campaign_id, own=sorted(known.own),
                          terms=PolicyTermsDocument.model_validate(terms))  # fmt: skip


def preview_document(shown: Preview) -> PolicyPreviewDocument:
    """One preview."""
    moments = [
        PlayedMoment(after_seconds=int(each.after.total_seconds()), means=each.means, responders=list(each.responders),
                     for_ever=each.for_ever)
        for each in shown.played.moments
    ]  # fmt: skip
    return PolicyPreviewDocument(building=shown.building, begins=shown.begins, moments=moments,
                                 sleeps_until=shown.played.sleeps_until)  # fmt: skip
