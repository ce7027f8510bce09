"""Sessions: the browsers in which a user has signed in, each of which can be ended."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from core import clock
from core.errors import NotFoundError
from core.identity import queries, secrets
from core.identity.models import User, UserSession
from core.ids import new_id
from core.short_ids import short

LASTS = timedelta(days=14)
IDLE = timedelta(hours=12)
"""Whoever comes back later than that signs in again."""
NOTED_EVERY = timedelta(minutes=5)
LONGEST_BROWSER = 200


def begin(session: Session, user: User, address: str, browser: str) -> str:
    """A new session of this user; returns its secret, which only their browser knows."""
    secret, now = secrets.new_secret(), clock.real_now()
    session.add(UserSession(id=new_id(), user_id=user.id, secret=secrets.kept(secret), made_at=now, seen_at=now,
                            expires_at=now + LASTS, address=address, browser=browser[:LONGEST_BROWSER]))  # fmt: skip
    session.flush()
    return secret


def of_secret(session: Session, secret: str) -> UserSession | None:
    """The session that goes on with this secret, if there is one."""
    now = clock.real_now()
    return queries.session_with(session, secrets.kept(secret), now, now - IDLE)


def of_user(session: Session, user_id: UUID) -> Sequence[UserSession]:
    """Their sessions that go on, the latest seen first."""
    now = clock.real_now()
    return queries.sessions_of(session, user_id, now, now - IDLE)


def counted(session: Session, community_id: UUID) -> dict[UUID, tuple[int, datetime]]:
    """By user of this community: in how many browsers they have signed in, and when they were last seen in one."""
    now = clock.real_now()
    return queries.sessions_counted(session, community_id, now, now - IDLE)


def is_worth_noting(known: UserSession, real_now: datetime) -> bool:
    """Whether it has gone on for so long since it was last noted that it is to be noted again."""
    return known.seen_at + NOTED_EVERY < real_now


def note_seen(session: Session, session_id: UUID) -> None:
    """Somebody is at work in it now."""
    session.execute(update(UserSession).where(UserSession.id == session_id).values(seen_at=clock.real_now()))


def end(session: Session, user_id: UUID, session_id: UUID) -> None:
    """This browser of theirs has to sign in again; raises ``NotFoundError`` for one that is none of theirs."""
    theirs = (UserSession.id == session_id, UserSession.user_id == user_id, UserSession.ended_at.is_(None))
    ended = session.execute(update(UserSession).where(*theirs).values(ended_at=clock.real_now()))
    if ended.rowcount == 0:  # type: ignore[attr-defined]
        raise NotFoundError("There is no such session.", field="session", value=short(session_id))


def end_all(session: Session, user_id: UUID, but: UUID | None = None) -> None:
    """Every browser of theirs, ``but`` one perhaps, has to sign in again."""
    theirs = update(UserSession).where(UserSession.user_id == user_id, UserSession.ended_at.is_(None))
    if but is not None:
        theirs = theirs.where(UserSession.id != but)
    session.execute(theirs.values(ended_at=clock.real_now()))
