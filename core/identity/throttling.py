"""Throttling: how often somebody may try to sign in, to one account and from one address."""

from datetime import timedelta
from hashlib import sha256
from ipaddress import IPv6Address, ip_address

from sqlalchemy import delete
from sqlalchemy.orm import Session

from core import clock
from core.errors import UserError
from core.identity import queries
from core.identity.models import SignInAttempt
from core.ids import new_id
from core.storage.database import alone

WITHIN = timedelta(minutes=15)
OF_ACCOUNT, FROM_ADDRESS = 10, 50
"""Attempts without success within that time; then nobody's password is looked at until some of them are older."""
KEPT = timedelta(days=1)


class TooManyAttemptsError(UserError):
    """Too many attempts to sign in (HTTP 429)."""

    status = 429


def admit(session: Session, name_key: str, address: str) -> None:
    """Counts one more attempt, before anything is compared; raises ``TooManyAttemptsError`` instead when it is one too
    many. Those who try at the same moment are counted one after the other."""
    now, account, origin = clock.real_now(), account_of(name_key), origin_of(address)
    alone(session, f"sign in {account[:16]}")
    session.execute(delete(SignInAttempt).where(SignInAttempt.at < now - KEPT))
    is_one_too_many = (queries.attempts_of_account(session, account, now - WITHIN) >= OF_ACCOUNT
                       or queries.attempts_from(session, origin, now - WITHIN) >= FROM_ADDRESS)  # fmt: skip
    if is_one_too_many:
        raise too_many()
    session.add(SignInAttempt(id=new_id(), account=account, address=origin, at=now))


def forget(session: Session, name_key: str, address: str) -> None:
    """It was them: their attempts from here count no more. Those to other accounts do."""
    theirs = (SignInAttempt.account == account_of(name_key), SignInAttempt.address == origin_of(address))
    session.execute(delete(SignInAttempt).where(*theirs))


def too_many() -> TooManyAttemptsError:
    """What is said to whoever has tried too often."""
    return TooManyAttemptsError("Too many attempts to sign in.",
                                way_out="Wait {minutes} minutes, or ask an administrator for a new link.",
                                minutes=int(WITHIN.total_seconds() // 60))  # fmt: skip


def account_of(name_key: str) -> str:
    """What is kept of the name that was typed, which may have been a password by mistake."""
    return sha256(name_key.encode()).hexdigest()


def origin_of(address: str) -> str:
    """Who counts as one: an IPv4 address, or the /64 network that one home or office has of IPv6."""
    try:
        known = ip_address(address)
    except ValueError:
        return address[:60]
    if isinstance(known, IPv6Address) and known.ipv4_mapped is None:
        return f"{IPv6Address(int(known) >> 64 << 64)}/64"
    return str(known)
