"""Deliveries: claimed one at a time, sent outside any transaction, and tried again until they were taken.

A try is written down before it is made, with the instant of the next one. Whatever dies between is made good by that.
A receiver may get a delivery twice, with the same id, and never not at all before it is given up.
"""

import logging
import threading
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from core import actors, clock, settings
from core.errors import UserError
from core.running import events, troubles
from core.storage.database import reading, write_behind
from core.subscriptions import queries, signing
from core.subscriptions.addresses import Target, reach_of, target_of
from core.subscriptions.models import Delivery, DeliveryState, Subscription
from core.subscriptions.sending import NotTakenError, Why, post

log = logging.getLogger(__name__)
TIDYING = "core.subscriptions.tidy"
TIDYING_SECONDS = 3600.0
PAUSES = tuple(timedelta(seconds=each) for each in (5, 30, 120, 600, 1800, 3600, 2 * 3600, 4 * 3600, 8 * 3600))
"""After the first try, the second …; the last one is repeated."""
GIVEN_UP_AFTER = timedelta(days=3)
LEASE = timedelta(seconds=60)
"""When a try is made again whose process has said nothing more of it; longer than any request takes."""
RESTS = timedelta(seconds=5)
LONGEST_REST = timedelta(minutes=5)
RUN_SECONDS = 10.0
TOLD_FOR = timedelta(days=7)
_at_work = threading.Lock()


@dataclass(frozen=True)
class Claimed:
    """One try of one delivery."""

    id: UUID
    tries: int
    body: bytes
    subscription: Subscription


def deliver() -> None:
    """Sends what is due, for some seconds; what is left over then goes on at the next tick.

    One thread of a process does so at a time: a receiver that answers slowly holds up nobody's call.
    """
    if not _at_work.acquire(blocking=False):
        return
    try:
        until = monotonic() + RUN_SECONDS
        while monotonic() < until and (claimed := _claim()):
            _send(claimed)
    finally:
        _at_work.release()


def tidy() -> None:
    """Forgets deliveries that ended long ago, by ``ZAOAN_KEEP_DELIVERIES_DAYS``."""
    over = clock.real_now() - timedelta(days=settings.current().keep_deliveries_days)
    write_behind(lambda session: session.execute(delete(Delivery).where(Delivery.ended_at < over)))


def pause_after(tries: int) -> timedelta:
    """How long a delivery waits after so many tries (at least one)."""
    return PAUSES[min(tries, len(PAUSES)) - 1]


def rest_after(failures: int) -> timedelta:
    """How long a receiver is left alone after so many failures in a row (at least one), whatever waits for it."""
    doubled: int = 2 ** min(failures - 1, 10)
    return min(RESTS * doubled, LONGEST_REST)


def _claim() -> Claimed | None:
    with reading() as session:
        if not queries.is_any_due(session, clock.real_now()):
            return None
    return write_behind(_claim_first)


def _claim_first(session: Session) -> Claimed | None:
    now = clock.real_now()
    found = queries.claimable(session, now)
    if found is None:
        return None
    found.tries, found.next_try_at = found.tries + 1, now + LEASE
    session.flush()
    claimed = Claimed(found.id, found.tries, found.body.encode(), found.subscription)
    session.expunge_all()
    return claimed


def _send(claimed: Claimed) -> None:
    try:
        status = _post(claimed)
    except NotTakenError as failure:
        why, answered = failure.why, failure.status
        log.warning("delivery %s was not taken: %s", claimed.id, why)
        write_behind(lambda session: _not_taken(session, claimed, why, answered))
    else:
        write_behind(lambda session: _taken(session, claimed, status))


def _post(claimed: Claimed) -> int:
    reach = reach_of(settings.current())
    target = _target(claimed.subscription.url)
    try:
        signed = signing.headers(claimed.subscription, claimed.id, claimed.body, clock.real_now())
    except signing.SecretLostError as lost:
        raise NotTakenError(Why.SECRET_LOST) from lost
    sent = {"Content-Type": "application/json", "User-Agent": "Zaoan-Webhooks", **signed}
    return post(target, claimed.body, sent, reach)


def _target(url: str) -> Target:
    """As the settings are now, which may be others than when it was subscribed."""
    try:
        return target_of(url, reach_of(settings.current()))
    except UserError as refused:
        raise NotTakenError(Why.NOT_ALLOWED) from refused


def _taken(session: Session, claimed: Claimed, status: int) -> None:
    subscription = queries.held(session, claimed.subscription.id)
    if found := queries.of_this_try(session, claimed.id, claimed.tries):
        _end(found, DeliveryState.DELIVERED, status, "")
    recovers = subscription.failures > 0
    subscription.failures, subscription.rests_until, subscription.delivered_at = 0, None, clock.real_now()
    if recovers and not queries.is_another_silent(session, subscription.id):
        troubles.over(session, troubles.Kind.RECEIVER_SILENT)


def _not_taken(session: Session, claimed: Claimed, why: Why, status: int | None) -> None:
    now = clock.real_now()
    subscription = queries.held(session, claimed.subscription.id)
    found = queries.of_this_try(session, claimed.id, claimed.tries)
    if found is None:
        return
    subscription.failures += 1
    subscription.rests_until = now + rest_after(subscription.failures)
    if now >= found.made_at + GIVEN_UP_AFTER:
        _end(found, DeliveryState.GIVEN_UP, status, why)
        _tell_office(session, subscription, found)
    else:
        found.status, found.reason = status, why
        found.next_try_at = min(now + pause_after(found.tries), found.made_at + GIVEN_UP_AFTER)


def _end(found: Delivery, state: DeliveryState, status: int | None, reason: str) -> None:
    found.state, found.status, found.reason = state, status, reason
    found.next_try_at, found.ended_at = None, clock.real_now()


def _tell_office(session: Session, subscription: Subscription, given_up: Delivery) -> None:
    """On Today, on /readyz and by doctor; of the address only its host, since the rest may be a secret."""
    session.flush()
    now = clock.real_now()
    count = queries.given_up_since(session, subscription.id, now - TOLD_FOR)
    events.append(session, actors.system(), "webhook.given_up", subscription.id, delivery=str(given_up.id))
    troubles.note(session, troubles.Kind.RECEIVER_SILENT, TOLD_FOR, given_up.made_at,
                  receiver=urlsplit(subscription.url).hostname or "", count=count)  # fmt: skip
