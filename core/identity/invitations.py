"""Invitations: a link that works once, by which a user chooses a password."""

from datetime import timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from core import clock, settings
from core.actors import Actor
from core.errors import NotFoundError
from core.identity import queries, secrets
from core.identity.models import Invitation, User
from core.identity.visitor import actor_of
from core.ids import new_id
from core.running import events

LASTS = timedelta(hours=72)


class InvitationError(NotFoundError):
    """The link was used, has expired, or never was one (HTTP 404)."""


def invite(session: Session, actor: Actor, user: User) -> str:
    """The secret of a new invitation of this user; every earlier one is over."""
    now = clock.real_now()
    earlier = update(Invitation).where(Invitation.user_id == user.id, Invitation.used_at.is_(None))
    session.execute(earlier.values(used_at=now))
    secret = secrets.new_secret()
    session.add(Invitation(id=new_id(), user_id=user.id, secret=secrets.kept(secret), made_at=now,
                           expires_at=now + LASTS))  # fmt: skip
    session.flush()
    events.append(session, actor, "user.invited", user.id)
    return secret


def link_of(secret: str) -> str:
    """The address of the page on which this invitation is accepted."""
    return f"{settings.current().public_url.rstrip('/')}/invitation/{secret}"


def of_secret(session: Session, secret: str) -> Invitation:
    """The invitation that can still be accepted; raises ``InvitationError``."""
    found = queries.invitation_with(session, secrets.kept(secret), clock.real_now())
    if found is None:
        raise _over()
    return found


def accept(session: Session, secret: str, password: str) -> User:
    """The user has this password (hashed) from now on; of two who accept at once, the second is refused.

    Raises ``InvitationError``.
    """
    found = of_secret(session, secret)
    used = update(Invitation).where(Invitation.id == found.id, Invitation.used_at.is_(None))
    if session.execute(used.values(used_at=clock.real_now())).rowcount == 0:  # type: ignore[attr-defined]
        raise _over()
    found.user.password = password
    events.append(session, actor_of(found.user), "user.password_changed", found.user_id)
    return found.user


def _over() -> InvitationError:
    return InvitationError("This link has been used, or its time is over.",
                           way_out="Ask whoever has sent it for another one.")  # fmt: skip
