"""Signatures as https://www.standardwebhooks.com has them: HMAC-SHA256 over id, instant and body.

A secret is derived from the installation's key, so that whoever reads the database alone can sign nothing.
"""

import hmac
from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from core import settings
from core.identity import secrets
from core.subscriptions.models import Subscription

PREFIX = "whsec_"
BOTH_FOR = timedelta(hours=24)
"""So long after a secret was changed everything is signed with the one before, too."""


class SecretLostError(Exception):
    """The installation's key is another one than when the secret was shown: nobody could check the signature."""


def secret_of(subscription_id: UUID, generation: int) -> str:
    """The secret of a subscription, as its receiver is shown it."""
    about = f"webhook {subscription_id} {generation}".encode()
    return PREFIX + b64encode(hmac.digest(settings.current().secret().encode(), about, "sha256")).decode()


def headers(subscription: Subscription, delivery_id: UUID, body: bytes, now: datetime) -> Mapping[str, str]:
    """What proves to the receiver who has sent this body, and when; raises ``SecretLostError``."""
    if secrets.kept(secret_of(subscription.id, subscription.generation)) != subscription.secret_digest:
        raise SecretLostError
    at = str(int(now.timestamp()))
    signed = f"{delivery_id}.{at}.".encode() + body
    both = subscription.rotated_at is not None and now < subscription.rotated_at + BOTH_FOR
    generations = [subscription.generation, *([subscription.generation - 1] if both else [])]
    signatures = [signature(secret_of(subscription.id, each), signed) for each in generations]
    return {"webhook-id": str(delivery_id), "webhook-timestamp": at, "webhook-signature": " ".join(signatures)}


def signature(secret: str, signed: bytes) -> str:
    """The signature of ``id.instant.body``."""
    return "v1," + b64encode(hmac.digest(b64decode(secret.removeprefix(PREFIX)), signed, "sha256")).decode()
