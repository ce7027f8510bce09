"""Every SELECT of users, sessions, tokens and the audit log."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from core.identity.models import (
    ApiToken,
    AuditEntry,
    Invitation,
    Passkey,
    PasskeyChallenge,
    PasskeyPurpose,
    SignInAttempt,
    User,
    UserSession,
)
from core.identity.roles import AccessRole


def user_named(session: Session, key: str) -> User | None:
    """The user whose name has this one spelling."""
    return session.scalars(select(User).where(User.name_key == key)).one_or_none()


def users(session: Session, community_id: UUID) -> Sequence[User]:
    """All users of a community, the disabled too, by name."""
    return session.scalars(select(User).where(User.community_id == community_id).order_by(User.name_key)).all()


def called(session: Session, ids: Sequence[UUID]) -> dict[UUID, str]:
    """By id, how these users are called."""
    found = session.scalars(select(User).where(User.id.in_(ids)))
    return {each.id: each.called for each in found}


def tokens_called(session: Session, ids: Sequence[UUID]) -> dict[UUID, str]:
    """By id, how these tokens are called."""
    found = session.execute(select(ApiToken.id, ApiToken.name).where(ApiToken.id.in_(ids)))
    return dict(found.all())


def has_administrator(session: Session) -> bool:
    """Whether somebody can sign in as administrator."""
    able = (User.role == AccessRole.ADMINISTRATOR, User.disabled_at.is_(None), User.password.is_not(None))
    return session.scalars(select(User.id).where(*able).limit(1)).first() is not None


def administrators(session: Session, community_id: UUID) -> Sequence[User]:
    """The administrators of a community who are not disabled, the first one first."""
    able = (User.community_id == community_id, User.role == AccessRole.ADMINISTRATOR, User.disabled_at.is_(None))
    return session.scalars(select(User).where(*able).order_by(User.id)).all()


def session_with(session: Session, secret: str, real_now: datetime, seen_since: datetime) -> UserSession | None:
    """The session with this (hashed) secret, if it goes on and its user may sign in."""
    going_on = (UserSession.ended_at.is_(None), UserSession.expires_at > real_now, UserSession.seen_at > seen_since)
    found = select(UserSession).join(UserSession.user).where(UserSession.secret == secret, *going_on)
    return session.scalars(found.where(User.disabled_at.is_(None)).options(joinedload(UserSession.user))).one_or_none()


def sessions_of(session: Session, user_id: UUID, real_now: datetime, seen_since: datetime) -> Sequence[UserSession]:
    """The sessions of a user that go on, the latest seen first."""
    going_on = (UserSession.ended_at.is_(None), UserSession.expires_at > real_now, UserSession.seen_at > seen_since)
    found = select(UserSession).where(UserSession.user_id == user_id, *going_on)
    return session.scalars(found.order_by(UserSession.seen_at.desc(), UserSession.id)).all()


def sessions_counted(
    session: Session, community_id: UUID, real_now: datetime, seen_since: datetime
) -> dict[UUID, tuple[int, datetime]]:
    """By user of this community with sessions that go on: how many these are, and when the last was seen."""
    going_on = (UserSession.ended_at.is_(None), UserSession.expires_at > real_now, UserSession.seen_at > seen_since)
    counted = select(UserSession.user_id, func.count(), func.max(UserSession.seen_at)).join(UserSession.user)
    found = session.execute(counted.where(User.community_id == community_id, *going_on).group_by(UserSession.user_id))
    return {user_id: (several, seen) for user_id, several, seen in found}


def invitation_with(session: Session, secret: str, real_now: datetime) -> Invitation | None:
    """The invitation with this (hashed) secret, if it can still be accepted."""
    found = select(Invitation).join(Invitation.user)
    valid = (Invitation.secret == secret, Invitation.used_at.is_(None), Invitation.expires_at > real_now)
    return session.scalars(found.where(*valid, User.disabled_at.is_(None)).options(joinedload(Invitation.user))).first()


def passkeys_of(session: Session, user_id: UUID) -> Sequence[Passkey]:
    """The passkeys of a user, in the order in which they were added."""
    return session.scalars(select(Passkey).where(Passkey.user_id == user_id).order_by(Passkey.id)).all()


def passkey_with(session: Session, credential_id: str) -> Passkey | None:
    """The passkey with this id (base64url), whoever has it, with its user."""
    found = select(Passkey).where(Passkey.credential_id == credential_id).options(joinedload(Passkey.user))
    return session.scalars(found).one_or_none()


def passkeys_counted(session: Session, community_id: UUID) -> dict[UUID, int]:
    """By user of this community who has any, how many passkeys they have."""
    counted = select(Passkey.user_id, func.count()).join(Passkey.user).where(User.community_id == community_id)
    return dict(session.execute(counted.group_by(Passkey.user_id)).all())


def challenge_of(session: Session, purpose: PasskeyPurpose, bound_to: str) -> PasskeyChallenge | None:
    """The challenge that was handed out to this (hashed) browser for this purpose, whether or not it is still good."""
    theirs = (PasskeyChallenge.purpose == purpose, PasskeyChallenge.bound_to == bound_to)
    return session.scalars(select(PasskeyChallenge).where(*theirs)).one_or_none()


def challenges_from(session: Session, address: str) -> int:
    """How many challenges wait for an answer from this address."""
    theirs = select(func.count()).select_from(PasskeyChallenge).where(PasskeyChallenge.address == address)
    return session.scalar(theirs) or 0


def attempts_of_account(session: Session, account: str, since: datetime) -> int:
    """How often somebody has tried to sign in to this account since then."""
    tried = (SignInAttempt.account == account, SignInAttempt.at > since)
    return session.scalar(select(func.count()).select_from(SignInAttempt).where(*tried)) or 0


def attempts_from(session: Session, address: str, since: datetime) -> int:
    """How often somebody has tried to sign in from this address since then."""
    tried = (SignInAttempt.address == address, SignInAttempt.at > since)
    return session.scalar(select(func.count()).select_from(SignInAttempt).where(*tried)) or 0


def tokens(session: Session, community_id: UUID) -> Sequence[ApiToken]:
    """All tokens of a community, the revoked too, in the order in which they were made."""
    return session.scalars(select(ApiToken).where(ApiToken.community_id == community_id).order_by(ApiToken.id)).all()


def token_with(session: Session, secret: str, real_now: datetime) -> ApiToken | None:
    """The token with this (hashed) secret, if it is still good."""
    good = (ApiToken.secret == secret, ApiToken.revoked_at.is_(None), ApiToken.expires_at > real_now)
    return session.scalars(select(ApiToken).where(*good)).one_or_none()


def audited(session: Session, community_id: UUID, before: int | None, limit: int) -> Sequence[AuditEntry]:
    """Entries of the audit log, the latest first; only those ``before`` an id if one is given."""
    found = select(AuditEntry).where(AuditEntry.community_id == community_id)
    if before is not None:
        found = found.where(AuditEntry.id < before)
    return session.scalars(found.order_by(AuditEntry.id.desc()).limit(limit)).all()
