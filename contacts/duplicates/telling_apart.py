"""Telling apart: two files that look like one person's are two people's, and staff say so once."""

from uuid import UUID

from sqlalchemy.orm import Session

from contacts.duplicates.joining import held_both
from contacts.models import Resident, ResidentsToldApart
from core import clock
from core.actors import Actor
from core.running import events


def tell_apart(session: Session, actor: Actor, one_id: UUID, other_id: UUID) -> tuple[Resident, Resident]:
    """From now on the two are no longer offered as one person; saying it again changes nothing.

    They can be made one file all the same (``joining``), where it turns out to have been wrong. Raises as
    ``held_both`` does.
    """
    held = held_both(session, one_id, other_id)
    first, second = sorted(held, key=lambda each: each.id)
    if session.get(ResidentsToldApart, (first.id, second.id)) is None:
        session.add(ResidentsToldApart(first_id=first.id, second_id=second.id, at=clock.now()))
        events.append(session, actor, "resident.told_apart", first.id, other=str(second.id))
        events.append(session, actor, "resident.told_apart", second.id, other=str(first.id))
    return held
