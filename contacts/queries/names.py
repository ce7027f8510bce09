"""Every SELECT of names: what the voice says, and how families read them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, String, cast, literal, null, or_, select, type_coerce, union_all
from sqlalchemy.orm import Session

from contacts.models import Community, Household, Relative, Resident, Responder
from contacts.name_readings import by_character
from contacts.profiles import way_in
from contacts.queries.numbers import helping
from core.storage.encrypted import EncryptedText

_NO_RELATIVE = type_coerce(cast(null(), String), EncryptedText()).label("relative")
"""Names of relatives are encrypted, and so a column of their own."""


@dataclass(frozen=True)
class SpokenWords:
    """Words that the voice says of or to ``whose``, in ``language``; ``reading`` is the family's own, by character."""

    whose: str
    words: str
    language: str
    reading: str = ""


@dataclass(frozen=True)
class NameReading:
    """A resident whose family reads their name in its own way; ``by_character`` is ``盖=ge3 国=guo2``."""

    resident_id: UUID
    name: str
    called: str
    by_character: str


def spoken_words(session: Session) -> Sequence[SpokenWords]:
    """The names of communities; names, forms of address and ways in of residents; names of responders."""
    communities = session.execute(select(Community.name, Community.language).order_by(Community.id))
    residents = session.execute(
        select(Resident.name, Resident.called, Household.access_notes, Household.key_holder,
               Household.key_holder_number, Resident.language, Resident.reading)
        .join(Household, Household.id == Resident.household_id)
        .where(Resident.removed_at.is_(None))
        .order_by(Resident.id)
    )  # fmt: skip
    responders = session.execute(select(Responder.name, Responder.language).where(helping()).order_by(Responder.id))
    return [
        *(SpokenWords(name, name, language) for name, language in communities),
        *(
            SpokenWords(name, words, language, by_character(name, reading))
            for name, called, notes, holder, number, language, reading in residents
            for words in dict.fromkeys((called, name, way_in(notes, holder, number, language)))
        ),
        *(SpokenWords(name, name, language) for name, language in responders),
    ]


def name_readings(session: Session) -> Sequence[NameReading]:
    """Of everybody who has one."""
    found = select(Resident.id, Resident.name, Resident.called, Resident.reading).where(Resident.reading != "")
    return [_reading(*row) for row in session.execute(found.order_by(Resident.id))]


@dataclass(frozen=True)
class NamesAtOnce:
    """The ``readings`` of everybody who has one, the names ``within`` a text, and whether what was asked is ``so``."""

    readings: Sequence[NameReading]
    within: frozenset[str]
    so: bool


def names_at_once(session: Session, text: str, asked: ColumnElement[bool]) -> NamesAtOnce:
    """``name_readings``, ``names_within`` this text, and beside them whether what is ``asked`` is so: one statement."""
    once = select(asked.label("so")).subquery()
    wanted = or_(Resident.reading != "", *(_stand_in(text) if text else ()))
    own = (Resident.id, Resident.name, Resident.called, Resident.reading)
    found = select(once.c.so, *own).select_from(once).join(Resident, wanted, isouter=True)
    rows = session.execute(found.order_by(Resident.id)).all()
    names = [each for row in rows for each in row[2:4]]
    return NamesAtOnce(
        [_reading(*row[1:]) for row in rows if row[4]],
        frozenset(each for each in names if each and each in text),
        bool(rows[0][0]),
    )


def _stand_in(text: str) -> Sequence[ColumnElement[bool]]:
    return [literal(text).contains(each) for each in (Resident.name, Resident.called)]


def _reading(resident_id: UUID, name: str, called: str, said: str) -> NameReading:
    return NameReading(resident_id, name, called, by_character(name, said))


def names_within(session: Session, text: str) -> frozenset[str]:
    """What residents are called, and their names, where that stands in ``text``."""
    rows = session.execute(select(Resident.name, Resident.called).where(or_(*_stand_in(text))))
    return frozenset(each for row in rows for each in row if each and each in text)


def called(session: Session, ids: Collection[UUID]) -> dict[UUID, str]:
    """How each of these people is called, in one statement; whoever is not known any more is left out."""
    if not ids:
        return {}
    everybody = union_all(
        select(Resident.id, Resident.called.label("name"), _NO_RELATIVE).where(Resident.id.in_(ids)),
        select(Responder.id, Responder.name, _NO_RELATIVE).where(Responder.id.in_(ids)),
        select(Relative.id, literal(""), Relative.name).where(Relative.id.in_(ids)),
    )
    return {row.id: row.name or row.relative for row in session.execute(everybody)}
