"""Users: made with an invitation, disabled, let in again by another invitation."""

import re
import unicodedata
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from core import clock
from core.actors import Actor
from core.errors import ConflictError, NotFoundError, UserError
from core.identity import invitations, queries, sessions
from core.identity.models import Passkey, User
from core.identity.roles import AccessRole
from core.ids import new_id
from core.running import events
from core.short_ids import short
from core.storage.database import alone

FIRST = "admin"
"""The name of the first administrator."""
LONGEST_NAME = 60
_NAME = re.compile(r"[\w][\w.@+-]*")


def create(
    session: Session, actor: Actor, community_id: UUID, name: str, role: AccessRole, shown: str = ""
) -> tuple[User, str]:
    """A user who has no password yet, and the secret of the invitation by which they choose one.

    Raises ``UserError`` for a name that is none, ``ConflictError`` for one that somebody has.
    """
    spelled = checked_name(name)
    _refuse_program(role)
    if queries.user_named(session, key_of(spelled)):
        raise ConflictError("There is a user {value} already.", way_out="Choose another name.", field="name",
                            value=spelled)  # fmt: skip
    user = User(id=new_id(), community_id=community_id, name=spelled, name_key=key_of(spelled),
                shown=" ".join(shown.split())[:LONGEST_NAME], role=role, made_at=clock.real_now())  # fmt: skip
    session.add(user)
    session.flush()
    events.append(session, actor, "user.created", user.id, role=role.value)
    return user, invitations.invite(session, actor, user)


def disable(session: Session, actor: Actor, user: User) -> None:
    """The user can do nothing any more, in no browser, by no passkey; what they did stays in their name.

    Raises ``ConflictError`` for oneself, and for the only administrator who can still sign in.
    """
    if user.disabled_at is not None:
        raise ConflictError("{value} is disabled already.", way_out="There is nothing to disable.", field="user",
                            value=user.name)  # fmt: skip
    _refuse_oneself(actor, user)
    _keep_an_administrator(session, user)
    user.disabled_at = clock.real_now()
    sessions.end_all(session, user.id)
    events.append(session, actor, "user.disabled", user.id)


def enable(session: Session, actor: Actor, user: User) -> None:
    """Takes a disabling back: the user signs in as before, with the password and the passkeys that they had.

    Raises ``ConflictError`` for a user who is not disabled.
    """
    if user.disabled_at is None:
        raise ConflictError("{value} is not disabled.", way_out="There is nothing to enable.", field="user",
                            value=user.name)  # fmt: skip
    user.disabled_at = None
    events.append(session, actor, "user.enabled", user.id)


def change_role(session: Session, actor: Actor, user: User, role: AccessRole) -> None:
    """From their next request on the user may do what this role may; where they have it already nothing happens.

    Raises ``UserError`` for a role of programs, ``ConflictError`` for oneself and the only administrator.
    """
    _refuse_program(role)
    if user.role == role:
        return
    _refuse_oneself(actor, user)
    _keep_an_administrator(session, user)
    before, user.role = user.role, role
    events.append(session, actor, "user.role_changed", user.id, role=role.value, before=str(before))


def end_sessions(session: Session, actor: Actor, user: User) -> None:
    """Every browser in which the user has signed in has to sign in again."""
    sessions.end_all(session, user.id)
    events.append(session, actor, "user.sessions_ended", user.id)


def remove_passkeys(session: Session, actor: Actor, user: User) -> None:
    """The user signs in with a password again, until they add another passkey."""
    session.execute(delete(Passkey).where(Passkey.user_id == user.id))
    events.append(session, actor, "user.passkeys_removed", user.id)


def reset(session: Session, actor: Actor, user: User) -> str:
    """A new invitation, also for who was disabled: password, codes, passkeys and sessions are over. Returns its secret.

    Raises ``ConflictError`` for oneself.
    """
    _refuse_oneself(actor, user)
    session.execute(delete(Passkey).where(Passkey.user_id == user.id))
    user.password, user.disabled_at = None, None
    user.totp_secret, user.totp_since, user.totp_step = None, None, 0
    sessions.end_all(session, user.id)
    events.append(session, actor, "user.reset", user.id)
    return invitations.invite(session, actor, user)


def get(session: Session, community_id: UUID, user_id: UUID) -> User:
    """The user with this id in this community; raises ``NotFoundError``."""
    found = session.get(User, user_id)
    if found is None or found.community_id != community_id:
        raise NotFoundError("There is no such user.", field="user", value=short(user_id))
    return found


def find(session: Session, community_id: UUID, name: str) -> User:
    """The user of this name in this community; raises ``NotFoundError``."""
    found = queries.user_named(session, key_of(name))
    if found is None or found.community_id != community_id:
        known = ", ".join(each.name for each in queries.users(session, community_id)) or "-"
        raise NotFoundError("There is no user {value}.", way_out="There are: {known}.", field="user", value=name,
                            known=known)  # fmt: skip
    return found


def invite_first(session: Session, actor: Actor, community_id: UUID) -> str | None:
    """The secret of an invitation for an administrator, where nobody can sign in as one; None where somebody can.

    Earlier invitations of that administrator end with it.
    """
    if queries.has_administrator(session):
        return None
    known = queries.administrators(session, community_id)
    if known:
        return invitations.invite(session, actor, known[0])
    return create(session, actor, community_id, FIRST, AccessRole.ADMINISTRATOR)[1]


def change_password(session: Session, actor: Actor, user_id: UUID, password: str, keep: UUID | None = None) -> None:
    """Another password (hashed); every other browser of theirs but the session ``keep`` has to sign in again."""
    session.execute(update(User).where(User.id == user_id).values(password=password))
    sessions.end_all(session, user_id, but=keep)
    events.append(session, actor, "user.password_changed", user_id)


def checked_name(name: str) -> str:
    """The name as it is kept; raises ``UserError``."""
    spelled = unicodedata.normalize("NFKC", name).strip()
    if not _NAME.fullmatch(spelled) or len(spelled) > LONGEST_NAME:
        raise UserError("“{value}” is no name to sign in with.",
                        way_out="Write letters and digits without blanks, for example wangfang.", field="name",
                        value=name)  # fmt: skip
    return spelled


def _refuse_program(role: AccessRole) -> None:
    if role is AccessRole.API_CLIENT:
        raise UserError("A program does not sign in.", way_out="Make a token for it: zaoan token create", field="role",
                        value=role.value)  # fmt: skip


def _refuse_oneself(actor: Actor, user: User) -> None:
    if actor.id == user.id:
        raise ConflictError("This is you yourself.", way_out="Ask another administrator.", field="user",
                            value=user.name)  # fmt: skip


def _keep_an_administrator(session: Session, user: User) -> None:
    """Raises ``ConflictError`` where nobody else could sign in as administrator; of two who go at once, one stays."""
    alone(session, f"administrators {user.community_id}")
    able = [each for each in queries.administrators(session, user.community_id) if each.password]
    if able == [user]:
        raise ConflictError("{value} is the only administrator.", way_out="Make another one first.", field="user",
                            value=user.name)  # fmt: skip


def key_of(name: str) -> str:
    """The one spelling of a name, however it is typed; PostgreSQL keeps no NUL."""
    return unicodedata.normalize("NFKC", name).replace("\x00", "").strip().casefold()
