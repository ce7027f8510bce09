"""Families in a rehearsal: a relative of everybody, who wants to know of everything, and the roles of responders."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from contacts import queries as contacts
from contacts.community.community import the_community
from contacts.models import Relative, Resident, Wants
from core.i18n import Language
from core.storage.database import reading, unit_of_work
from zaoan.rehearsal.town import Town

TELEPHONES = "+8613700"


def families(town: Town) -> Mapping[str, str]:
    """The telephone of the relative of each resident."""
    names = [name for home in town.homes for name in home.names]
    return {name: f"{TELEPHONES}{index:06d}" for index, name in enumerate(dict.fromkeys(names))}


def add_families(town: Town) -> None:
    """Everybody has a daughter who wants to know of everything."""
    numbers = families(town)
    with unit_of_work() as session:
        for resident in _residents(session):
            session.add(Relative(resident_id=resident.id, name="女儿", number=numbers[resident.name],
                                 language=Language.CHINESE, wants=Wants.EVERYTHING))  # fmt: skip


def roles_of() -> Mapping[str, str]:
    """The role of each responder's telephone."""
    with reading() as session:
        everybody = contacts.all_responders(session, the_community(session).id)
    return {each.number: each.role for each in everybody}


def _residents(session: Session) -> list[Resident]:
    return list(contacts.residents_in_full(session, the_community(session).id))
