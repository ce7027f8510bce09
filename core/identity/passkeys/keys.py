"""A user's passkeys: added by themselves, named, and removed."""

from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from core import clock
from core.actors import Actor
from core.errors import ConflictError, NotFoundError, UserError
from core.identity import queries
from core.identity.models import Passkey, User
from core.identity.passkeys.ceremonies import NewKey
from core.ids import new_id
from core.running import events
from core.short_ids import short

MOST = 20
"""Passkeys of one user; nobody has so many devices."""
LONGEST_NAME = 60


def add(session: Session, actor: Actor, user: User, name: str, made: NewKey) -> Passkey:
    """From now on the user may sign in with this key, which they know by this ``name``.

    Raises ``UserError`` for no name, ``ConflictError`` for a key that somebody has, and for one too many.
    """
    called = checked_name(name)
    if queries.passkey_with(session, made.credential_id):
        raise ConflictError("This passkey is known already.", way_out="Choose another device.", field="passkey")
    if len(queries.passkeys_of(session, user.id)) >= MOST:
        raise ConflictError("You have {most} passkeys already.", way_out="Remove one of them first.", field="passkey",
                            most=MOST)  # fmt: skip
    added = Passkey(id=new_id(), user_id=user.id, name=called, credential_id=made.credential_id,
                    public_key=made.public_key, sign_count=made.sign_count, made_at=clock.real_now())  # fmt: skip
    session.add(added)
    session.flush()
    events.append(session, actor, "user.passkey_added", user.id)
    return added


def remove(session: Session, actor: Actor, user: User, passkey_id: UUID) -> None:
    """Nobody signs in with it any more; raises ``NotFoundError`` for one that is none of theirs."""
    theirs = delete(Passkey).where(Passkey.id == passkey_id, Passkey.user_id == user.id)
    if session.execute(theirs).rowcount == 0:  # type: ignore[attr-defined]
        raise NotFoundError("There is no such passkey.", field="passkey", value=short(passkey_id))
    events.append(session, actor, "user.passkey_removed", user.id)


def checked_name(name: str) -> str:
    """The name as it is kept; raises ``UserError``."""
    called = " ".join(name.split())
    if not called or len(called) > LONGEST_NAME or not called.isprintable():
        raise UserError("A passkey has a name of 1 to {most} characters.",
                        way_out="Call it as you call the device: office computer.", field="name",
                        value=name[:LONGEST_NAME], most=LONGEST_NAME)  # fmt: skip
    return called
