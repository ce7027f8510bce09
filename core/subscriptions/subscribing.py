"""Subscriptions: made and changed by whoever may see what they tell, shown their secret once."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import Boolean, Uuid, column, insert, table, update
from sqlalchemy.orm import Session

from core import clock, settings
from core.actors import Actor
from core.errors import ConflictError, NotFoundError, UserError
from core.identity import secrets
from core.ids import new_id
from core.running import events
from core.running.wakeups import wake
from core.short_ids import short
from core.storage.literals import literal_state
from core.subscriptions import outbox, queries, signing
from core.subscriptions.addresses import reach_of, target_of
from core.subscriptions.models import TEST, Delivery, DeliveryState, Kind, Subscription

_communities = table("communities", column("id", Uuid()), column("has_webhooks", Boolean()))
"""Of an upper floor: all that is known of them here is that they are told of."""
MOST = 20
"""In one community: each of them costs a row for whatever happens."""


def subscribe(
    session: Session, actor: Actor, community_id: UUID, url: str, kinds: Collection[Kind]
) -> tuple[Subscription, str]:
    """From now on this address is told of ``kinds``; its secret is not shown again.

    Raises ``UserError`` for an address that nothing may be sent to and where nothing would be told, ``ConflictError``
    for an address that is told already, and where there are too many.
    """
    known = queries.living(session, community_id)
    address = _checked(url, known)
    if len(known) >= MOST:
        raise ConflictError("There are {most} webhooks already.", way_out="Revoke one that nobody needs.", field="url",
                            value=url, most=MOST)  # fmt: skip
    made = Subscription(id=new_id(), community_id=community_id, url=address, kinds=_in_order(kinds), generation=1,
                        made_at=clock.real_now(), failures=0)  # fmt: skip
    secret = _give_secret(made)
    session.add(made)
    _changed(session, community_id)
    events.append(session, actor, "webhook.created", made.id, kinds=made.kinds)
    return made, secret


def change(
    session: Session, actor: Actor, subscription: Subscription, url: str | None, kinds: Collection[Kind] | None
) -> None:
    """What is told, and where to; None stays as it is. What waits goes to the new address. Raises as ``subscribe``."""
    _refuse_revoked(subscription)
    if url is not None and url.strip() != subscription.url:
        subscription.url = _checked(url, queries.living(session, subscription.community_id))
        subscription.failures, subscription.rests_until = 0, None
    if kinds is not None:
        subscription.kinds = _in_order(kinds)
    session.flush()
    outbox.forget_known(session)
    events.append(session, actor, "webhook.changed", subscription.id, kinds=subscription.kinds)


def rotate(session: Session, actor: Actor, subscription: Subscription) -> str:
    """A new secret, not shown again; for a day everything is signed with the one before as well."""
    _refuse_revoked(subscription)
    subscription.generation, subscription.rotated_at = subscription.generation + 1, clock.real_now()
    secret = _give_secret(subscription)
    events.append(session, actor, "webhook.rotated", subscription.id)
    return secret


def revoke(session: Session, actor: Actor, subscription: Subscription) -> None:
    """Nothing more is told there, not even what waits; raises ``ConflictError`` where that is so already."""
    _refuse_revoked(subscription)
    now = clock.real_now()
    subscription.revoked_at = now
    waiting = (Delivery.subscription_id == subscription.id, Delivery.state == literal_state(DeliveryState.WAITING))
    gone = {"state": DeliveryState.WITHDRAWN, "next_try_at": None, "ended_at": now}
    session.execute(update(Delivery).where(*waiting).values(gone))
    _changed(session, subscription.community_id)
    events.append(session, actor, "webhook.revoked", subscription.id)


def send_test(session: Session, actor: Actor, subscription: Subscription) -> Delivery:
    """Something is sent at once by which the receiver can be tried; what came of it stands in the delivery."""
    _refuse_revoked(subscription)
    subscription.rests_until = None
    made = outbox.row(subscription.id, TEST, {"webhook": subscription.id})
    session.execute(insert(Delivery), [made])
    events.append(session, actor, "webhook.tested", subscription.id)
    wake(session, outbox.DELIVERING)
    return session.get_one(Delivery, made["id"])


def find(session: Session, community_id: UUID, named: str) -> Subscription:
    """The one of this address, or whose id begins so; raises ``NotFoundError`` unless it is exactly one."""
    known = queries.living(session, community_id)
    wanted = named.strip()
    found = [each for each in known if wanted and (each.url == wanted or str(each.id).startswith(wanted)
                                                   or short(each.id) == wanted)]  # fmt: skip
    if len(found) != 1:
        raise NotFoundError("There is no webhook {value}.", way_out="There are: {known}.", field="webhook", value=named,
                            known=[f"{short(each.id)} {each.url}" for each in known] or "-")  # fmt: skip
    return found[0]


def _changed(session: Session, community_id: UUID) -> None:
    """What is told next follows the subscriptions as they are now."""
    session.flush()
    outbox.forget_known(session)
    is_told = bool(queries.living(session, community_id))
    session.execute(update(_communities).where(_communities.c.id == community_id).values(has_webhooks=is_told))


def _give_secret(subscription: Subscription) -> str:
    secret = signing.secret_of(subscription.id, subscription.generation)
    subscription.secret_digest = secrets.kept(secret)
    return secret


def _checked(url: str, known: Sequence[Subscription]) -> str:
    address = url.strip()
    target_of(address, reach_of(settings.current()))
    if any(each.url == address for each in known):
        raise ConflictError("{value} is told already.", way_out="Change that one.", field="url", value=address)
    return address


def _in_order(kinds: Collection[Kind]) -> list[str]:
    if not kinds:
        raise UserError("A webhook without an event tells nothing.", way_out="There are: {known}.", field="events",
                        value="", known=list(Kind))  # fmt: skip
    return [each.value for each in Kind if each in kinds]


def _refuse_revoked(subscription: Subscription) -> None:
    if subscription.revoked_at is not None:
        raise ConflictError("{value} has been revoked.", way_out="There is nothing to revoke.", field="webhook",
                            value=short(subscription.id))  # fmt: skip
