"""The tables of subscriptions and deliveries. Instants are real time: systems outside know nothing of a rehearsal's."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.ids import new_id
from core.storage.database import Base
from core.storage.partial_indexes import partial_index


class Kind(StrEnum):
    """What can be told."""

    CHECK_IN_DECIDED = "check_in.decided"
    CASE_OPENED = "case.opened"
    CASE_ACCEPTED = "case.accepted"
    CASE_CLOSED = "case.closed"


TEST = "webhook.test"
"""What a subscription is told so that whoever has made it sees whether it arrives; nobody subscribes to it."""


class DeliveryState(StrEnum):
    """``given_up``: the receiver has not taken it for three days. ``withdrawn``: nobody wants it any more."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"
    WITHDRAWN = "withdrawn"


class Subscription(Base):
    """An address that is told of ``kinds`` in one community, until ``revoked_at``.

    Its secret is derived from the installation's key, its id and ``generation``, and stands nowhere; ``secret_digest``
    tells whether it is still the one that was shown. ``failures`` in a row make it rest until ``rests_until``.
    """

    __tablename__ = "webhook_subscriptions"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    community_id: Mapped[UUID] = mapped_column(index=True)
    url: Mapped[str]
    kinds: Mapped[list[str]]
    generation: Mapped[int] = mapped_column(default=1)
    secret_digest: Mapped[str]
    made_at: Mapped[datetime]
    rotated_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    rests_until: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]


class Delivery(Base):
    """One thing that one subscription is told; ``id`` is the same however often it is sent.

    ``next_try_at`` is there while it waits, and is moved ahead before each try: one that died with its process is made
    again. ``status`` and ``reason`` are those of the last try: what HTTP said, and why it was not taken.
    """

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        Index("ix_webhook_deliveries_subscription_id_id", "subscription_id", "id"),
        partial_index("ix_webhook_deliveries_next_try_at", "next_try_at", where="next_try_at IS NOT NULL"),
        partial_index("ix_webhook_deliveries_ended_at", "ended_at", where="ended_at IS NOT NULL"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    subscription_id: Mapped[UUID] = mapped_column(ForeignKey("webhook_subscriptions.id"))
    kind: Mapped[str]
    body: Mapped[str]
    state: Mapped[DeliveryState]
    tries: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime]
    next_try_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    status: Mapped[int | None]
    reason: Mapped[str] = mapped_column(default="")

    subscription: Mapped[Subscription] = relationship()
