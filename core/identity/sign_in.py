"""Signing in: counted, compared, and noted, in this order. The slow comparison holds no transaction."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from core.actors import Actor, ActorKind
from core.errors import UserError
from core.identity import audit, invitations, passwords, queries, sessions, throttling, totp, users
from core.identity.models import Deed, User
from core.identity.visitor import actor_of
from core.storage.database import reading, write


class SignInError(UserError):
    """Name, password or code are wrong, and it is not said which (HTTP 422)."""


@dataclass(frozen=True)
class Browser:
    """From where somebody signs in."""

    address: str
    name: str


def sign_in(name: str, password: str, code: str, browser: Browser) -> str:
    """The secret of a new session. Raises ``TooManyAttemptsError`` and ``SignInError``."""
    key = users.key_of(name)
    write(lambda session: throttling.admit(session, key, browser.address))
    with reading() as session:
        user = queries.user_named(session, key)
    right = passwords.matches(password, user.password if user and user.disabled_at is None else None)
    secret = write(lambda session: _begun(session, user, code, browser)) if user and right else None
    if secret is None:
        write(lambda session: note_refusal(session, user, browser))
        raise SignInError("Name, password or code are wrong.",
                          way_out="Try again, or ask an administrator for a new link.")  # fmt: skip
    return secret


def accept(secret: str, password: str, browser: Browser) -> str:
    """Accepts an invitation with this password, and signs in: the secret of a new session.

    Raises ``InvitationError``, and ``UserError`` for a password that will not do.
    """
    with reading() as session:
        name = invitations.of_secret(session, secret).user.name
    passwords.check(password, name)
    kept = passwords.hashed(password)

    def accepted(session: Session) -> str:
        user = invitations.accept(session, secret, kept)
        sessions.end_all(session, user.id)
        note(session, user, Deed.PASSWORD_CHOSEN, 200, browser)
        return sessions.begin(session, user, browser.address, browser.name)

    return write(accepted)


def confirm(user: User, password: str, browser: Browser) -> None:
    """Makes sure that whoever sits at a browser that was left open is the user; guesses count as at the sign-in.

    Raises ``TooManyAttemptsError`` and ``SignInError``.
    """
    write(lambda session: throttling.admit(session, user.name_key, browser.address))
    if not passwords.matches(password, user.password):
        raise SignInError("The password is wrong.", way_out="Try again.", field="password")
    write(lambda session: throttling.forget(session, user.name_key, browser.address))


def change_password(user: User, new: str, keep: UUID) -> None:
    """Another password; raises ``UserError`` for one that will not do. Other sessions than ``keep`` end."""
    passwords.check(new, user.name)
    kept = passwords.hashed(new)
    write(lambda session: users.change_password(session, actor_of(user), user.id, kept, keep))


def _begun(session: Session, known: User, code: str, browser: Browser) -> str | None:
    """Of what was compared with outside, only what is still so counts."""
    user = session.get(User, known.id)
    if user is None or user.disabled_at is not None or user.password != known.password:
        return None
    if user.totp_since is not None:
        try:
            totp.use(session, user, code)
        except totp.CodeError:
            return None
    throttling.forget(session, user.name_key, browser.address)
    note(session, user, Deed.SIGNED_IN, 200, browser)
    return sessions.begin(session, user, browser.address, browser.name)


def note_refusal(session: Session, user: User | None, browser: Browser) -> None:
    """Notes in the audit log that somebody was not let in; ``user`` is None where nobody goes by what they showed."""
    if user:
        note(session, user, Deed.SIGN_IN_REFUSED, 422, browser)
    else:
        audit.note(session, Actor(ActorKind.USER, None), None, Deed.SIGN_IN_REFUSED, status=422,
                   address=browser.address)  # fmt: skip


def note(session: Session, user: User, deed: Deed, status: int, browser: Browser) -> None:
    """Notes in the audit log what a user did, or what was tried in their name, to sign in."""
    audit.note(session, actor_of(user), user.community_id, deed, status=status, address=browser.address)
