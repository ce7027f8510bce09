"""Actors: who did something. Every use case that changes something takes one and names it in its event."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class ActorKind(StrEnum):
    """What somebody was to the service when they did it."""

    SYSTEM = "system"
    CALLER = "caller"
    RESPONDER = "responder"
    RELATIVE = "relative"
    USER = "user"
    API = "api"


@dataclass(frozen=True)
class Actor:
    """Who did it. ``id`` is their row's, None for the service itself and for whoever has no row; ``name`` is theirs."""

    kind: ActorKind
    id: UUID | None
    name: str

    @property
    def facts(self) -> dict[str, str]:
        """The actor as an event of the log tells it: ``events.append(…, actor=actor.facts)``.

        Whoever has a row is told by its id alone: the log outlives names.
        """
        who = {"name": self.name} if self.id is None else {"id": str(self.id)}
        return {"kind": self.kind.value} | who


def system() -> Actor:
    """The service itself."""
    return Actor(ActorKind.SYSTEM, None, "Zao'an")


def user(name: str) -> Actor:
    """Somebody of the staff, by the name under which they work; a blank name raises ``ValueError``."""
    if not name.strip():
        raise ValueError("a user has a name")
    return Actor(ActorKind.USER, None, name.strip())
