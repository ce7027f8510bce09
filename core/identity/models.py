"""The tables of users, sessions, invitations, passkeys, API tokens and the audit log.

Instants are real time: neither a session nor a token lasts longer because a rehearsal's clock runs faster. Secrets are
kept as their SHA-256, which is enough for what is random (see ``secrets``); passwords as a slow hash.
"""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.actors import ActorKind
from core.identity.roles import AccessRole
from core.ids import new_id
from core.storage.database import Base
from core.storage.encrypted import EncryptedText
from core.storage.partial_indexes import partial_index


class User(Base):
    """Somebody who signs in: ``name`` is what they type, ``name_key`` its one spelling for all.

    ``password`` is None until an invitation was accepted. ``totp_secret`` is there as soon as they have begun to turn
    codes on, ``totp_since`` once they have typed one; ``totp_step`` is the last step (30 s since 1970) that was used.
    ``disabled_at`` ends all they may do.
    """

    __tablename__ = "users"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    community_id: Mapped[UUID] = mapped_column(index=True)
    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(unique=True)
    shown: Mapped[str] = mapped_column(default="")
    role: Mapped[AccessRole]
    password: Mapped[str | None]
    totp_secret: Mapped[str | None] = mapped_column(EncryptedText)
    totp_since: Mapped[datetime | None]
    totp_step: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]

    @property
    def called(self) -> str:
        """How pages name them."""
        return self.shown or self.name

    @property
    def state(self) -> str:
        """``active``, ``invited`` (no password chosen yet) or ``disabled``."""
        if self.disabled_at is not None:
            return "disabled"
        return "active" if self.password else "invited"


class UserSession(Base):
    """One browser in which a user has signed in; ``seen_at`` is kept to the minute or so."""

    __tablename__ = "user_sessions"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    secret: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    address: Mapped[str] = mapped_column(default="")
    browser: Mapped[str] = mapped_column(default="")

    user: Mapped[User] = relationship()


class Invitation(Base):
    """A link that works once: whoever opens it chooses the password of this user. A later one replaces it."""

    __tablename__ = "invitations"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    secret: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()


class SignInAttempt(Base):
    """One attempt to sign in that has not succeeded (yet): by which account (SHA-256) and from which address."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (
        Index("ix_sign_in_attempts_account_at", "account", "at"),
        Index("ix_sign_in_attempts_address_at", "address", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account: Mapped[str]
    address: Mapped[str]
    at: Mapped[datetime]


class Passkey(Base):
    """A key pair in a device of a user's, of which we keep the public half: with it they sign in without a password.

    ``credential_id`` and ``public_key`` (COSE, RFC 9052) are base64url. ``sign_count`` is what the device last counted;
    0 for one that does not count, as those do that are synchronised between devices.
    """

    __tablename__ = "passkeys"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    name: Mapped[str]
    credential_id: Mapped[str] = mapped_column(unique=True)
    public_key: Mapped[str]
    sign_count: Mapped[int] = mapped_column(BigInteger)
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()


class PasskeyPurpose(StrEnum):
    """What a challenge was handed out for."""

    ADD = "add"
    SIGN_IN = "sign_in"


class PasskeyChallenge(Base):
    """What a passkey is asked to sign, once, until ``expires_at``; it is deleted when an answer to it comes.

    ``bound_to`` is the SHA-256 of what only the browser has for which it was made; ``challenge`` is base64url.
    """

    __tablename__ = "passkey_challenges"
    __table_args__ = (UniqueConstraint("purpose", "bound_to"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    purpose: Mapped[PasskeyPurpose]
    bound_to: Mapped[str]
    challenge: Mapped[str]
    address: Mapped[str] = mapped_column(index=True)
    expires_at: Mapped[datetime]


class ApiToken(Base):
    """What a program shows to use the API: its scopes, in one community, until ``expires_at``."""

    __tablename__ = "api_tokens"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    community_id: Mapped[UUID] = mapped_column(index=True)
    name: Mapped[str]
    secret: Mapped[str] = mapped_column(unique=True)
    scopes: Mapped[list[str]]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]


class Deed(StrEnum):
    """What an entry of the audit log tells that no route names."""

    SIGNED_IN = "signed in"
    SIGNED_IN_BY_PASSKEY = "signed in with a passkey"
    SIGN_IN_REFUSED = "sign-in refused"
    PASSKEY_COUNTED_BACK = "the counter of a passkey went back; it may have been copied"
    PASSWORD_CHOSEN = "password chosen"


class AuditEntry(Base):
    """One read or one change by somebody who had signed in, or by a token.

    The database refuses to change it, and to delete it before it is 180 days old.

    ``deed`` is a route (``GET /cases/{case_id}``) or a ``Deed``, ``subject`` what its address named, and ``status`` the
    HTTP status that was answered. What a change has changed stands in the event log under the same actor.
    """

    __tablename__ = "audit_log"
    __table_args__ = (
        Index("ix_audit_log_community_id_id", "community_id", "id"),
        partial_index("ix_audit_log_subject", "subject", where="subject != ''"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)
    at: Mapped[datetime]
    community_id: Mapped[UUID | None]
    actor_kind: Mapped[ActorKind]
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str] = mapped_column(default="")
    deed: Mapped[str]
    subject: Mapped[str] = mapped_column(default="")
    status: Mapped[int]
    address: Mapped[str] = mapped_column(default="")
