"""Questions about how families read their names."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from contacts.models import Resident
from contacts.name_readings import by_character


@dataclass(frozen=True)
class NameReading:
    """A resident whose family reads their name in its own way; ``by_character`` is ``盖=ge3 国=guo2``."""

    resident_id: UUID
    name: str
    called: str
    by_character: str


def name_readings(session: Session) -> Sequence[NameReading]:
    """Of everybody who has one."""
    found = select(Resident.id, Resident.name, Resident.called, Resident.reading).where(Resident.reading != "")
    rows = session.execute(found.order_by(Resident.id))
    return [NameReading(each, name, called, by_character(name, said)) for each, name, called, said in rows]
