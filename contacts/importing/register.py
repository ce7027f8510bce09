"""The register: who is known and which homes there are before an import, as few words of each as recognise them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from contacts import queries
from contacts.files.sheets import Spot
from contacts.models import Community, Removal
from contacts.people.households import Home, Homes
from contacts.profiles import Address, WayIn, chain, named
from contacts.queries import register as queries_register
from contacts.rows import names
from contacts.rows.entries import ResidentEntry
from core.actors import Actor


@dataclass(frozen=True)
class Gone:
    """Somebody who has been removed: when, and why."""

    at: datetime
    because: Removal


@dataclass(frozen=True)
class Register:
    """The residents and homes of a community as they were before the import, and homes as they come to be.

    ``gone`` are those who have been removed, by name and home and by name and first telephone. ``actor`` imports.
    """

    session: Session
    community: Community
    actor: Actor
    homes: Homes
    by_home: dict[tuple[str, Address], UUID] = field(default_factory=dict)
    by_phone: dict[tuple[str, str], UUID] = field(default_factory=dict)
    home_of: dict[UUID, tuple[str, Address]] = field(default_factory=dict)
    gone: dict[tuple[str, Address | str], Gone] = field(default_factory=dict)


def open_register(session: Session, community: Community, actor: Actor) -> Register:
    """The register of a community; a fixed number of statements, however many they are."""
    register = Register(session, community, actor, Homes(session, actor, community, {}))
    tree = queries.areas(session, community.id)
    spelt = {area_id: named(chain(area_id, tree)) for area_id in tree}
    for home in queries_register.homes(session, community.id):
        register.homes.known[Address(*spelt[home.area_id], home.room)] = Home(
            home.household_id, WayIn(home.access_notes, home.key_holder, home.key_holder_number or "")
        )
    for each in queries_register.people(session, community.id):
        name, address = names.tidy(each.name), Address(*spelt[each.area_id], each.room)
        if each.removed_at is not None:
            gone = Gone(each.removed_at, Removal(each.removed_because or Removal.OTHER))
            register.gone[name, address] = gone
            if each.number:
                register.gone[name, each.number] = gone
            continue
        register.by_home.setdefault((name, address), each.resident_id)
        register.home_of[each.resident_id] = name, address
        if each.number:
            register.by_phone.setdefault((name, each.number), each.resident_id)
    return register


def recognised(register: Register, entries: Sequence[ResidentEntry]) -> dict[Spot, UUID]:
    """The residents that rows speak of: same name and home, or else same name and first telephone.

    Whoever is named with their home by one row is never taken for somebody in another.
    """
    told = {(entry.name, entry.address) for entry in entries}
    found = {}
    for entry in entries:
        known = register.by_home.get((entry.name, entry.address))
        moved = register.by_phone.get((entry.name, entry.numbers[0]))
        if known is None and moved is not None and register.home_of[moved] not in told:
            known = moved
        if known is not None:
            found[entry.row] = known
    return found
