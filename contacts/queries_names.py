"""Questions about how families read their names."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import literal, or_, select, union_all
from sqlalchemy.orm import Session

from contacts.models import Relative, Resident, Responder
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


def names_within(session: Session, text: str) -> frozenset[str]:
    """What residents are called, and their names, where that stands in ``text``."""
    stands = (literal(text).contains(each) for each in (Resident.name, Resident.called))
    rows = session.execute(select(Resident.name, Resident.called).where(or_(*stands)))
    return frozenset(each for row in rows for each in row if each and each in text)


def called(session: Session, ids: Collection[UUID]) -> dict[UUID, str]:
    """How each of these people is called, in one statement; whoever is not known any more is left out."""
    if not ids:
        return {}
    everybody = union_all(
        select(Resident.id, Resident.called.label("name")).where(Resident.id.in_(ids)),
        select(Responder.id, Responder.name).where(Responder.id.in_(ids)),
        select(Relative.id, Relative.name).where(Relative.id.in_(ids)),
    )
    return {row.id: row.name for row in session.execute(everybody)}
