"""Every SELECT of subscriptions and deliveries."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, contains_eager

from core.storage.literals import literal_state
from core.subscriptions.models import Delivery, DeliveryState, Subscription


def living(session: Session, community_id: UUID) -> Sequence[Subscription]:
    """Those of a community that were not revoked, the oldest first."""
    return session.scalars(living_of(community_id).order_by(Subscription.id)).all()


def living_of(community_id: UUID) -> Select[Subscription]:
    """The same, to be paged."""
    return select(Subscription).where(Subscription.community_id == community_id, Subscription.revoked_at.is_(None))


def held(session: Session, subscription_id: UUID) -> Subscription:
    """The subscription as it stands, held until the transaction ends."""
    wanted = select(Subscription).where(Subscription.id == subscription_id)
    return session.scalars(wanted.with_for_update().execution_options(populate_existing=True)).one()


def of_subscription(subscription_id: UUID) -> Select[Delivery]:
    """Its deliveries."""
    return select(Delivery).where(Delivery.subscription_id == subscription_id)


def latest(session: Session, subscription_id: UUID, limit: int) -> Sequence[Delivery]:
    """Its latest deliveries, the newest first."""
    return session.scalars(of_subscription(subscription_id).order_by(Delivery.id.desc()).limit(limit)).all()


def is_any_due(session: Session, now: datetime) -> bool:
    """Whether there is anything to send."""
    return session.scalar(_due(now).with_only_columns(Delivery.id).limit(1)) is not None


def claimable(session: Session, now: datetime) -> Delivery | None:
    """The delivery that has waited longest and may be sent now, with its subscription; no other worker gets it too."""
    first = _due(now).options(contains_eager(Delivery.subscription)).order_by(Delivery.next_try_at).limit(1)
    return session.scalars(first.with_for_update(skip_locked=True, of=Delivery)).one_or_none()


def of_this_try(session: Session, delivery_id: UUID, tries: int) -> Delivery | None:
    """The delivery, held, while nobody has sent it again since this try."""
    wanted = select(Delivery).where(Delivery.id == delivery_id, Delivery.tries == tries,
                                    Delivery.state == literal_state(DeliveryState.WAITING))  # fmt: skip
    return session.scalars(wanted.with_for_update()).one_or_none()


def given_up_since(session: Session, subscription_id: UUID, since: datetime) -> int:
    """How many of its deliveries were given up."""
    given_up = select(func.count()).where(
        Delivery.subscription_id == subscription_id,
        Delivery.state == literal_state(DeliveryState.GIVEN_UP),
        Delivery.ended_at > since,
    )
    return session.scalar(given_up) or 0


def is_another_silent(session: Session, but: UUID) -> bool:
    """Whether a subscription other than this one takes nothing at the moment."""
    silent = select(Subscription.id).where(Subscription.revoked_at.is_(None), Subscription.failures > 0)
    return session.scalar(silent.where(Subscription.id != but).limit(1)) is not None


def _due(now: datetime) -> Select[Delivery]:
    awake = or_(Subscription.rests_until.is_(None), Subscription.rests_until <= now)
    return select(Delivery).join(Delivery.subscription).where(Delivery.next_try_at <= now, awake)
