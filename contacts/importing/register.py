"""The register: who is known and which homes there are before an import, as few words of each as recognise them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from contacts import queries, queries_register
from contacts.files.sheets import Spot
from contacts.models import Community, Household, Removal
from contacts.people.community import area
from contacts.profiles import Address, chain, named
from contacts.rows import names
from contacts.rows.entries import ResidentEntry
from core.actors import Actor
from core.ids import new_id


@dataclass(frozen=True)
class Gone:
    """Somebody who has been removed: when, and why."""

    at: datetime
    because: Removal


@dataclass(slots=True)
class Home:
    """A home as the database has it."""

    household_id: UUID
    access_notes: str


@dataclass(frozen=True)
class Register:
    """The residents and homes of a community as they were before the import, and homes as they come to be.

    ``gone`` are those who have been removed, by name and home and by name and first telephone. ``actor`` imports.
    """

    session: Session
    community: Community
    actor: Actor
    by_home: dict[tuple[str, Address], UUID] = field(default_factory=dict)
    by_phone: dict[tuple[str, str], UUID] = field(default_factory=dict)
    home_of: dict[UUID, tuple[str, Address]] = field(default_factory=dict)
    gone: dict[tuple[str, Address | str], Gone] = field(default_factory=dict)
    homes: dict[Address, Home] = field(default_factory=dict)
    areas: dict[tuple[str, str], UUID] = field(default_factory=dict)

    def build_homes(self, entries: Sequence[ResidentEntry]) -> None:
        """Stores the homes of these rows that there are not yet, in one statement."""
        rows = []
        for entry in entries:
            if entry.address not in self.homes:
                home = self.homes[entry.address] = Home(new_id(), entry.access_notes or "")
                rows.append(
                    {"id": home.household_id, "community_id": self.community.id, "room": entry.address.room,
                     "area_id": self._area_id(entry.address), "access_notes": home.access_notes}
                )  # fmt: skip
        if rows:
            self.session.execute(insert(Household), rows)

    def note_access(self, entry: ResidentEntry) -> bool:
        """Stores what a row tells of the way into its home; whether that is new."""
        home, notes = self.homes[entry.address], entry.access_notes
        if notes is None or notes == home.access_notes:
            return False
        home.access_notes = notes
        self.session.execute(update(Household).where(Household.id == home.household_id), {"access_notes": notes})
        return True

    def _area_id(self, address: Address) -> UUID:
        """The unit's area, or the building's; made where it is missing."""
        building, unit = address.building, address.unit
        if (building, unit) not in self.areas:
            self.areas[building, unit] = area(self.session, self.community, building, unit).id
        return self.areas[building, unit]


def open_register(session: Session, community: Community, actor: Actor) -> Register:
    """The register of a community; a fixed number of statements, however many they are."""
    register = Register(session, community, actor)
    tree = queries.areas(session, community.id)
    spelt = {area_id: named(chain(area_id, tree)) for area_id in tree}
    for home in queries_register.homes(session, community.id):
        register.homes[Address(*spelt[home.area_id], home.room)] = Home(home.household_id, home.access_notes)
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
