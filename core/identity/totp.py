"""Codes of six digits that an authenticator makes every 30 seconds (TOTP, RFC 6238), each good once."""

from datetime import datetime
from uuid import UUID

import pyotp
from sqlalchemy import update
from sqlalchemy.orm import Session

from core import clock
from core.actors import Actor
from core.errors import UserError
from core.identity.models import User
from core.running import events

STEP_SECONDS = 30
SPREAD = (0, -1, 1)
"""Steps whose codes are good: this one, and those beside it for a clock that is a little off."""
DIGITS = 6
ISSUER = "Zao'an"


class CodeError(UserError):
    """The code is wrong, old, or was used before (HTTP 422)."""


def begin(session: Session, user: User) -> str:
    """A fresh secret; it counts once a code of it was typed (see ``confirm``)."""
    user.totp_secret, user.totp_since, user.totp_step = pyotp.random_base32(), None, 0
    session.flush()
    return user.totp_secret


def address_of(user: User) -> str:
    """The ``otpauth://`` address with which an authenticator takes the secret in."""
    return pyotp.TOTP(user.totp_secret or "").provisioning_uri(name=user.name, issuer_name=ISSUER)


def confirm(session: Session, actor: Actor, user: User, code: str) -> None:
    """From now on a code is asked for at every sign-in; raises ``CodeError``."""
    use(session, user, code)
    user.totp_since = clock.real_now()
    events.append(session, actor, "user.codes_on", user.id)


def stop(session: Session, actor: Actor, user: User) -> None:
    """No code is asked for any more."""
    user.totp_secret, user.totp_since, user.totp_step = None, None, 0
    events.append(session, actor, "user.codes_off", user.id)


def use(session: Session, user: User, code: str) -> None:
    """Takes a code, which is good once: of two who show it at the same moment, the second is refused.

    Raises ``CodeError``.
    """
    step = step_of(user.totp_secret or "", code, clock.real_now())
    if step is None or not _taken(session, user.id, step):
        raise CodeError("This code is wrong, or has been used.", way_out="Wait for the next one.", field="code")


def step_of(secret: str, code: str, at: datetime) -> int | None:
    """Of which step this is the code; None where it is of none near ``at``. Only plain digits are digits."""
    typed = code.replace(" ", "")
    if not (typed.isascii() and typed.isdigit() and len(typed) == DIGITS and secret):
        return None
    made, now = pyotp.TOTP(secret), int(at.timestamp()) // STEP_SECONDS
    return next((now + each for each in SPREAD if made.verify(typed, for_time=(now + each) * STEP_SECONDS)), None)


def _taken(session: Session, user_id: UUID, step: int) -> bool:
    later = update(User).where(User.id == user_id, User.totp_step < step).values(totp_step=step)
    return bool(session.execute(later).rowcount)  # type: ignore[attr-defined]
