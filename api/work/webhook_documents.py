"""Webhooks as documents, and what is sent about them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints

from api.people.bodies import Body
from core.subscriptions.addresses import LONGEST
from core.subscriptions.models import Delivery, DeliveryState, Kind, Subscription

Url = Annotated[str, StringConstraints(max_length=LONGEST, pattern=r"^[\x21-\x7e]+$")]
Kinds = Annotated[list[Kind], Field(min_length=1, max_length=len(Kind), description="What is told.",
                                    examples=[["case.opened", "case.closed"]])]  # fmt: skip
_URL = "https://city.example/zaoan"


class NewWebhook(Body):
    """An address that is to be told what happens."""

    url: Url = Field(description="Where it is sent by POST; https.", examples=[_URL])
    events: Kinds


class WebhookChange(Body):
    """What is different from now on; what is not told stays."""

    url: Url | None = Field(None, examples=[_URL])
    events: Kinds | None = None


class WebhookDocument(Body):
    """An address that is told what happens."""

    model_config = ConfigDict(title="Webhook")

    id: UUID
    url: str = Field(examples=[_URL])
    events: list[Kind]
    made_at: datetime
    rotated_at: datetime | None = Field(description="When its secret was last changed.")
    delivered_at: datetime | None = Field(description="When something was last taken there.")
    failures: int = Field(description="How often in a row nothing was taken there.")


class WebhookWithSecret(WebhookDocument):
    """The same with its secret, which is shown this once: null where the same POST is answered again."""

    model_config = ConfigDict(title="WebhookWithSecret")

    secret: str | None = Field(examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])


class DeliveryDocument(Body):
    """One thing that was told, or waits to be; `id` is the header `webhook-id`, however often it is sent."""

    model_config = ConfigDict(title="WebhookDelivery")

    id: UUID
    event: str = Field(examples=["case.opened"])
    state: DeliveryState
    tries: int
    made_at: datetime
    next_try_at: datetime | None
    ended_at: datetime | None
    status: int | None = Field(description="What HTTP said to the last try.", examples=[503])
    reason: str = Field(description="Why the last try was not taken; empty where it was.", examples=["refused"])


def webhook_documents(found: Sequence[Subscription]) -> list[WebhookDocument]:
    """A page of webhooks."""
    return [webhook_document(each) for each in found]


def webhook_document(found: Subscription) -> WebhookDocument:
    """One webhook."""
    return WebhookDocument(id=found.id, url=found.url, events=[Kind(each) for each in found.kinds],
                           made_at=found.made_at, rotated_at=found.rotated_at, delivered_at=found.delivered_at,
                           failures=found.failures)  # fmt: skip


def with_secret(found: Subscription, secret: str | None) -> WebhookWithSecret:
    """One webhook with its secret."""
    return WebhookWithSecret(**webhook_document(found).model_dump(), secret=secret)


def version(found: Subscription) -> WebhookDocument:
    """What a change is about: what has been delivered meanwhile makes it no other one."""
    return webhook_document(found).model_copy(update={"delivered_at": None, "failures": 0})


def delivery_documents(found: Sequence[Delivery]) -> list[DeliveryDocument]:
    """A page of deliveries."""
    return [delivery_document(each) for each in found]


def delivery_document(found: Delivery) -> DeliveryDocument:
    """One delivery; its body is told to its receiver alone."""
    return DeliveryDocument(id=found.id, event=found.kind, state=found.state, tries=found.tries, made_at=found.made_at,
                            next_try_at=found.next_try_at, ended_at=found.ended_at, status=found.status,
                            reason=found.reason)  # fmt: skip
