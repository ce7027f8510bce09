"""Notes of health: what staff know of it, kept apart from the file and shown only to whoever may see it."""

from uuid import UUID

from sqlalchemy.orm import Session

from contacts.models import ResidentHealth
from contacts.people.resident_changes import noted
from contacts.people.residents import enrolled
from core.actors import Actor
from core.changes import Changed


def health_notes(session: Session, resident_id: UUID) -> str:
    """What is known of a resident's health; empty where nothing is."""
    known = session.get(ResidentHealth, resident_id)
    return known.notes if known else ""


def set_health_notes(session: Session, actor: Actor, resident_id: UUID, notes: str) -> list[Changed]:
    """What is told replaces what was; raises as ``enrolled`` does. The change does not repeat what it was."""
    enrolled(session, resident_id)
    known, after = session.get(ResidentHealth, resident_id), notes.strip()
    if (known.notes if known else "") == after:
        return []
    if known is None:
        session.add(ResidentHealth(resident_id=resident_id, notes=after))
    elif after:
        known.notes = after
    else:
        session.delete(known)
    session.flush()
    return noted(session, actor, resident_id, [Changed("health_notes", None, None)])
