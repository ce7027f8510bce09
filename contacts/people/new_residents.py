"""A resident whom nobody knew is taken in by a person: checked in full, then stored as a list would store them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from contacts import queries
from contacts.models import Community, Resident
from contacts.people import households
from contacts.people.households import Written
from contacts.people.newcomers import Newcomer, Newcomers, NewRelative
from contacts.people.particulars import (
    Particulars,
    RelativeParticulars,
    agreement,
    checked,
    checked_relative,
    number_of,
)
from contacts.people.relative_changes import PHONE
from contacts.people.resident_changes import known_flags
from contacts.profiles import Address, WayIn, address_of
from core.actors import Actor
from core.errors import ConflictError, UserError


@dataclass(frozen=True)
class NewResident:
    """What is told of somebody new, as people write it; ``told`` has at least their name.

    ``agreed`` is how and when they have agreed to be called, empty where they have not; they are not rung then.
    """

    told: Particulars
    home: Written
    phone: str
    second_phone: str = ""
    flags: Sequence[str] = ()
    access_notes: str = ""
    agreed: str = ""
    relatives: Sequence[RelativeParticulars] = ()


def create(
    session: Session, actor: Actor, community: Community, new: NewResident, ours: Collection[str] = ()
) -> Resident:
    """Enrols a resident: one event, whatever comes with them. ``ours`` are our own numbers (E.164), nobody else's.

    Raises ``UserError`` and ``PhoneError`` that name the field; ``ConflictError`` for somebody who is enrolled, or has
    been removed. Nothing is stored then.
    """
    values = checked(Particulars(name="") | new.told)
    numbers, address = _numbers(community, new, ours), households.meant(session, community, new.home)
    _refuse_known(session, community, values["name"], numbers[0], address)
    values["called"] = values.get("called") or values["name"]
    values["language"] = values.get("language") or community.language
    about = {"flags": known_flags(session, community.id, new.flags), "agreed": agreement(new.agreed),
             "relatives": _relatives(community, new, ours)}  # fmt: skip
    homes = households.homes_at(session, actor, community, address)
    way_in = WayIn(new.access_notes.strip() or None)
    homes.build([(address, way_in)])
    homes.note(address, way_in)
    return session.get_one(Resident, _stored(session, actor, community, homes.known[address].household_id,
                                             numbers, values | about))  # fmt: skip


def _stored(
    session: Session,
    actor: Actor,
    community: Community,
    household_id: UUID,
    numbers: tuple[str, ...],
    values: Mapping[str, Any],
) -> UUID:
    newcomers = Newcomers(session, actor, community)
    resident_id = newcomers.add(Newcomer(household_id=household_id, numbers=numbers, **values))
    newcomers.store()
    return resident_id


def _numbers(community: Community, new: NewResident, ours: Collection[str]) -> tuple[str, ...]:
    if not new.phone.strip():
        raise UserError("Nothing is written here.", way_out="Fill it in.", field="phone", value="")
    first = number_of(community, new.phone, ours)
    seconds = [number_of(community, new.second_phone, ours, "second_phone")] if new.second_phone.strip() else []
    return tuple(dict.fromkeys([first, *seconds]))


def _relatives(community: Community, new: NewResident, ours: Collection[str]) -> Sequence[NewRelative]:
    found: dict[str, NewRelative] = {}
    for each in new.relatives:
        values = checked_relative(RelativeParticulars(name="") | each)
        written = each.get("number", "")
        values["number"] = number_of(community, written, ours, PHONE)
        values.pop("language", None)  # theirs is the resident's until somebody says otherwise
        if values["number"] in found:
            raise ConflictError("“{value}” is written for two relatives.", way_out="Keep one of them.",
                                field="relative", value=written)  # fmt: skip
        found[values["number"]] = NewRelative(**values)
    return list(found.values())


def _refuse_known(session: Session, community: Community, name: str, number: str, address: Address) -> None:
    """Whoever has the same name and home, or the same name and first telephone, is the same person, as in a list."""
    tree = queries.areas(session, community.id)
    for each in queries.residents_named(session, community.id, name):
        first = each.phones[0].number if each.phones else ""
        if each.name != name or (first != number and address_of(each.household, tree) != address):
            continue
        if each.removed_at is not None:
            raise ConflictError(
                "{value} has been removed.", way_out="If that was a mistake: zaoan resident restore {value}",
                field="resident", value=name,
            )  # fmt: skip
        raise ConflictError("{value} is enrolled already.", field="resident", value=name,
                            way_out="To change what is written down: zaoan resident set")  # fmt: skip
