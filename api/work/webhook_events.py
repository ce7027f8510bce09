"""What systems outside are told, as the section ``webhooks`` of the OpenAPI document has it.

Nothing here is ever called: the signatures are read for the document, and whoever subscribes answers.
"""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Header
from pydantic import BaseModel, ConfigDict, Field

from campaigns.models import CampaignKind, Outcome, Reason
from escalation.findings import Finding
from escalation.models import CaseKind, CaseState

_ID = "019abc12-0000-7000-8000-000000000001"
Id = Annotated[str, Header(alias="webhook-id", description="The same however often it is sent.", examples=[_ID])]
At = Annotated[int, Header(alias="webhook-timestamp", description="When it was sent, seconds since 1970.",
                           examples=[1796000000])]  # fmt: skip
Signed = Annotated[
    str,
    Header(
        alias="webhook-signature",
        description="One or several of `v1,` and the Base64 of the HMAC-SHA256 of `id.timestamp.body`, with the bytes "
        "after `whsec_` of the secret (Base64) as its key: https://www.standardwebhooks.com",
        examples=["v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4="],
    ),
]
router = APIRouter()


class DecidedCheckIn(BaseModel):
    """A check-in and its outcome; told again where the outcome becomes another one."""

    check_in: UUID
    resident: UUID
    round: UUID
    campaign: UUID
    kind: CampaignKind
    outcome: Outcome
    reason: Reason | None
    answered_at: datetime | None


class ToldCase(BaseModel):
    """A case as it stood then."""

    case: UUID
    kind: CaseKind
    state: CaseState
    urgency: int
    resident: UUID | None
    check_in: UUID | None
    round: UUID | None
    opened_at: datetime
    responder: UUID | None
    accepted_at: datetime | None
    closed_at: datetime | None
    finding: Finding | None
    merged_into: UUID | None = Field(description="The case that goes on for this one, which was closed for that alone.")


class ToldTest(BaseModel):
    """Which webhook is tried."""

    webhook: UUID


class CheckInDecided(BaseModel):
    """A check-in has its outcome."""

    type: Literal["check_in.decided"]
    timestamp: datetime = Field(description="When it happened.")
    data: DecidedCheckIn


class CaseEvent(BaseModel):
    """A case was opened, accepted or closed."""

    model_config = ConfigDict(title="CaseEvent")

    type: Literal["case.opened", "case.accepted", "case.closed"]
    timestamp: datetime = Field(description="When it happened.")
    data: ToldCase


class TestEvent(BaseModel):
    """Somebody tries whether it arrives."""

    model_config = ConfigDict(title="WebhookTest")

    type: Literal["webhook.test"]
    timestamp: datetime
    data: ToldTest


@router.post("check_in.decided", status_code=204)
def check_in_decided(body: CheckInDecided, id_: Id, at: At, signed: Signed) -> None:
    """A check-in has its outcome, or another one than before; any 2xx says that it was taken."""


@router.post("case.opened", status_code=204)
def case_opened(body: CaseEvent, id_: Id, at: At, signed: Signed) -> None:
    """A person has to deal with something, for the first time or once more; any 2xx says that it was taken."""


@router.post("case.accepted", status_code=204)
def case_accepted(body: CaseEvent, id_: Id, at: At, signed: Signed) -> None:
    """A responder has taken the case; any 2xx says that it was taken."""


@router.post("case.closed", status_code=204)
def case_closed(body: CaseEvent, id_: Id, at: At, signed: Signed) -> None:
    """A person has dealt with the case; any 2xx says that it was taken."""


@router.post("webhook.test", status_code=204)
def webhook_test(body: TestEvent, id_: Id, at: At, signed: Signed) -> None:
    """Somebody tries whether it arrives; any 2xx says that it does."""
