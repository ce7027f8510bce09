"""Actors: who did something. A use case that changes something takes one or knows who it is; its event names it."""

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
    """Who did it. ``id`` is their row's, None for the service itself and for whoever has no row; ``name`` is theirs,
    empty where nobody asked for it."""

    kind: ActorKind
    id: UUID | None
    name: str = ""

    @property
    def facts(self) -> dict[str, str]:
        """The actor as documents tell it: whoever has a row by its id alone, others by the name they go by, if any."""
        by_name = {"name": self.name} if self.name else {}
        return {"kind": self.kind.value} | (by_name if self.id is None else {"id": str(self.id)})


def system() -> Actor:
    """The service itself."""
    return Actor(ActorKind.SYSTEM, None, "Zao'an")


def caller(resident_id: UUID | None = None) -> Actor:
    """Whoever speaks, presses or writes from a telephone: a resident from their own, None where it may be anybody."""
    return Actor(ActorKind.CALLER, resident_id)


def responder(responder_id: UUID) -> Actor:
    """A responder, by a key of their telephone or in what they write."""
    return Actor(ActorKind.RESPONDER, responder_id)


def relative(relative_id: UUID) -> Actor:
    """A relative, from their own telephone."""
    return Actor(ActorKind.RELATIVE, relative_id)


def user(name: str) -> Actor:
    """Somebody of the staff, by the name under which they work; a blank name raises ``ValueError``."""
    if not name.strip():
        raise ValueError("a user has a name")
    return Actor(ActorKind.USER, None, name.strip())
