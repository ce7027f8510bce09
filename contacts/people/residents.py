"""Residents who leave, and come back: they are looked after no more, and what has happened is kept."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from contacts import relative_links
from contacts.models import Removal, Resident
from core import clock
from core.actors import Actor
from core.errors import ConflictError, NotFoundError, UserError
from core.running import events
from core.short_ids import short


def enrolled(session: Session, resident_id: UUID) -> Resident:
    """A resident who is looked after, held until the transaction ends.

    Raises ``NotFoundError``, or ``ConflictError`` for one who has been removed.
    """
    resident = _held(session, resident_id)
    if resident.removed_at is not None:
        raise ConflictError(
            "{value} has been removed.", way_out="If that was a mistake: zaoan resident restore {value}",
            field="resident", value=resident.name,
        )  # fmt: skip
    return resident


def mark_removed(session: Session, actor: Actor, resident_id: UUID, because: Removal, note: str = "") -> datetime:
    """From now on the resident is in no audience, list, text or page of the family; name, answers and cases are kept.

    Returns since when. ``OTHER`` needs a ``note``. Raises as ``enrolled`` does, and ``UserError``.
    """
    resident = enrolled(session, resident_id)
    if because is Removal.OTHER and not note.strip():
        raise UserError("It is not said why {value} is removed.", way_out="Write it with --note.", field="note",
                        value=resident.name)  # fmt: skip
    resident.removed_at, resident.removed_because, resident.removal_note = clock.now(), because, note.strip()
    relative_links.end(session, actor, resident.id)
    session.flush()
    events.append(session, actor, "resident.removed", resident.id, because=because.value)
    return resident.removed_at


def restore(session: Session, actor: Actor, resident_id: UUID) -> Removal:
    """The removal was a mistake, or they have come back: they are looked after as before, with their consent as it was.

    Returns why they had been removed. Raises ``NotFoundError``; ``ConflictError`` for somebody who is not removed.
    """
    resident = _held(session, resident_id)
    if resident.removed_at is None:
        raise ConflictError("{value} has not been removed.", way_out="There is nothing to restore.", field="resident",
                            value=resident.name)  # fmt: skip
    if resident.erased_at is not None:
        raise ConflictError("What was known of {value} has been erased for good.",
                            way_out="Enrol them as a new resident.", field="resident",
                            value=short(resident.id))  # fmt: skip
    if resident.merged_into_id is not None:
        raise ConflictError("{value} is one file with another one.", way_out="Look at that one: {known}.",
                            field="resident", value=resident.name, known=short(resident.merged_into_id))  # fmt: skip
    because = Removal(resident.removed_because or Removal.OTHER)
    resident.removed_at, resident.removed_because, resident.removal_note = None, None, ""
    session.flush()
    events.append(session, actor, "resident.restored", resident.id)
    return because


def _held(session: Session, resident_id: UUID) -> Resident:
    resident = session.get(Resident, resident_id, with_for_update=True)
    if resident is None:
        raise NotFoundError("There is no resident {value}.", field="resident", value=short(resident_id))
    return resident
