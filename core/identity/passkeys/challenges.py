"""Challenges: what a passkey is asked to sign. Each is for one browser, good once, and for a few minutes."""

from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, generate_challenge

from core import clock
from core.identity import queries, secrets, throttling
from core.identity.models import PasskeyChallenge, PasskeyPurpose
from core.ids import new_id
from core.storage.database import alone

LASTS = timedelta(minutes=5)


def issue(session: Session, purpose: PasskeyPurpose, browser_secret: str, address: str) -> bytes:
    """A fresh challenge for whoever has this secret; one that they were given before for the same is over.

    Raises ``TooManyAttemptsError`` where too many wait for an answer from this ``address``.
    """
    now, origin = clock.real_now(), throttling.origin_of(address)
    alone(session, f"passkey challenge {origin}")
    session.execute(delete(PasskeyChallenge).where(PasskeyChallenge.expires_at < now))
    _take(session, purpose, browser_secret)
    if queries.challenges_from(session, origin) >= throttling.FROM_ADDRESS:
        raise throttling.too_many()
    challenge = generate_challenge()
    session.add(PasskeyChallenge(id=new_id(), purpose=purpose, bound_to=secrets.kept(browser_secret), address=origin,
                                 challenge=bytes_to_base64url(challenge), expires_at=now + LASTS))  # fmt: skip
    session.flush()
    return challenge


def take(session: Session, purpose: PasskeyPurpose, browser_secret: str) -> bytes | None:
    """The challenge that waits for an answer of this browser, which is over now; None where none waits (any more).

    Of two who answer at the same moment, one is given it.
    """
    known = _take(session, purpose, browser_secret)
    return base64url_to_bytes(known.challenge) if known and known.expires_at > clock.real_now() else None


def _take(session: Session, purpose: PasskeyPurpose, browser_secret: str) -> PasskeyChallenge | None:
    known = queries.challenge_of(session, purpose, secrets.kept(browser_secret))
    if known is None:
        return None
    session.expunge(known)
    taken = session.execute(delete(PasskeyChallenge).where(PasskeyChallenge.id == known.id))
    return known if taken.rowcount else None  # type: ignore[attr-defined]
