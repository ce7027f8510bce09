"""Who asks: a user in a session, a program with a token, or the visitor of a demo."""

from dataclasses import dataclass, field
from uuid import UUID

from core.actors import Actor, ActorKind
from core.identity.models import ApiToken, User, UserSession
from core.identity.roles import AccessRole, Scope

VISITOR = "visitor"
"""The name of whoever opens a demo."""


@dataclass(frozen=True)
class Visitor:
    """Whoever asks for something, and what they may do; ``session_id`` None: not a browser in which somebody signed in.

    ``name`` is shown on pages. The visitor of a demo ``signed_in_itself``: nobody was asked who they are.
    """

    actor: Actor
    community_id: UUID
    role: AccessRole
    name: str
    scopes: frozenset[Scope] = field(default_factory=frozenset)
    session_id: UUID | None = None
    signed_in_itself: bool = False

    @property
    def user_id(self) -> UUID | None:
        """The user's row; None for a program and for the visitor of a demo."""
        return self.actor.id if self.actor.kind is ActorKind.USER else None


def of_session(known: UserSession) -> Visitor:
    """A user in their browser."""
    user = known.user
    return Visitor(actor_of(user), user.community_id, AccessRole(user.role), user.called, session_id=known.id)


def of_token(token: ApiToken) -> Visitor:
    """A program; a scope that this version does not know gives it nothing."""
    scopes = frozenset(Scope(each) for each in token.scopes if each in set(Scope))
    return Visitor(Actor(ActorKind.API, token.id, token.name), token.community_id, AccessRole.API_CLIENT, token.name,
                   scopes)  # fmt: skip


def of_demo(community_id: UUID) -> Visitor:
    """Whoever opens the pages of a demo or a rehearsal, in which there is nobody real."""
    return Visitor(Actor(ActorKind.USER, None), community_id, AccessRole.ADMINISTRATOR, VISITOR, signed_in_itself=True)


def actor_of(user: User) -> Actor:
    """A user as the event log names them."""
    return Actor(ActorKind.USER, user.id, user.called)
