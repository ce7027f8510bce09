"""API tokens: made for a program, shown once, revoked at any time."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from core import clock
from core.actors import Actor
from core.errors import ConflictError, NotFoundError, UserError
from core.identity import queries, secrets
from core.identity.models import ApiToken
from core.identity.roles import Scope
from core.ids import new_id
from core.running import events

PREFIX = "zaoan_"
"""Whoever finds a token in a text sees whose it is; scanners of secrets look for such beginnings."""
LONGEST_DAYS = 3650
NOTED_EVERY = timedelta(minutes=5)


def create(
    session: Session, actor: Actor, community_id: UUID, name: str, scopes: Sequence[Scope], days: int
) -> tuple[ApiToken, str]:
    """A token, and its secret, which nobody can be shown again; raises ``UserError`` and ``ConflictError``."""
    called = " ".join(name.split())
    if not called:
        raise UserError("Nothing is written here.", way_out="Fill it in.", field="name", value="")
    if not scopes:
        raise UserError("A token without a scope may do nothing.", way_out="There are: {known}.", field="scope",
                        value="", known=list(Scope))  # fmt: skip
    if not 1 <= days <= LONGEST_DAYS:
        raise UserError("{field} cannot be {value}.", way_out="Choose a number from {least} to {most}.", field="days",
                        value=days, least=1, most=LONGEST_DAYS)  # fmt: skip
    if any(each.name == called and each.revoked_at is None for each in queries.tokens(session, community_id)):
        raise ConflictError("There is a token {value} already.", way_out="Choose another name.", field="name",
                            value=called)  # fmt: skip
    now, secret = clock.real_now(), secrets.new_secret(PREFIX)
    token = ApiToken(id=new_id(), community_id=community_id, name=called, secret=secrets.kept(secret),
                     scopes=sorted(set(scopes)), made_at=now, expires_at=now + timedelta(days=days))  # fmt: skip
    session.add(token)
    session.flush()
    events.append(session, actor, "token.created", token.id, scopes=token.scopes)
    return token, secret


def revoke(session: Session, actor: Actor, token: ApiToken) -> None:
    """From now on nobody is let in with it; raises ``ConflictError`` where that is so already."""
    if token.revoked_at is not None:
        raise ConflictError("{value} has been revoked.", way_out="There is nothing to revoke.", field="token",
                            value=token.name)  # fmt: skip
    token.revoked_at = clock.real_now()
    events.append(session, actor, "token.revoked", token.id)


def find(session: Session, community_id: UUID, name: str) -> ApiToken:
    """The token of this name, one that is still good before one that is not; raises ``NotFoundError``."""
    known = queries.tokens(session, community_id)
    named = sorted((each for each in known if each.name == name.strip()), key=lambda each: each.revoked_at is not None)
    if not named:
        raise NotFoundError("There is no token {value}.", way_out="There are: {known}.", field="token", value=name,
                            known=[each.name for each in known] or "-")  # fmt: skip
    return named[0]


def of_secret(session: Session, secret: str) -> ApiToken | None:
    """The token that is shown, if it is good."""
    return queries.token_with(session, secrets.kept(secret), clock.real_now())


def is_worth_noting(token: ApiToken) -> bool:
    """Whether it is to be noted that the token is in use."""
    return token.used_at is None or token.used_at + NOTED_EVERY < clock.real_now()


def note_used(session: Session, token_id: UUID) -> None:
    """Somebody uses it now."""
    session.execute(update(ApiToken).where(ApiToken.id == token_id).values(used_at=clock.real_now()))
