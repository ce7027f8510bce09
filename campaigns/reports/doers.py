"""Who has done what the event log tells: users and tokens by their names, everybody else by what they are."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from core.actors import ActorKind
from core.i18n import Language, translate
from core.identity import queries as identity
from core.running.events import Event


def names_of(session: Session, happened: Sequence[Event]) -> Mapping[UUID, str]:
    """By id, how the users and tokens are called whose doing these events were."""
    ids = list({each.actor_id for each in happened if each.actor_id})
    return identity.called(session, ids) | identity.tokens_called(session, ids) if ids else {}


def who(event: Event, known: Mapping[UUID, str], language: Language) -> str:
    """Whose doing it was, in words."""
    actor = event.actor
    named = known.get(actor.id, "") if actor.id else "" if actor.kind is ActorKind.SYSTEM else actor.name
    return named or translate(language, f"actor:{actor.kind}")
