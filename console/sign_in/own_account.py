"""Whose account it is."""

from fastapi import Request
from sqlalchemy.orm import Session

from console.shell.visitors import known_visitor
from core.errors import ConflictError
from core.identity.models import User
from core.storage.database import reading


def own(session: Session, request: Request) -> User:
    """Whoever looks; raises ``ConflictError`` for the visitor of a demo, who has no account."""
    user_id = known_visitor(request).user_id
    user = session.get(User, user_id) if user_id else None
    if user is None:
        raise ConflictError("The visitor of a demo has no account.", way_out="Start the service itself: zaoan up")
    return user


def own_user(request: Request) -> User:
    """The same, read now."""
    with reading() as session:
        return own(session, request)
