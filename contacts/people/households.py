"""Homes: made where somebody moves in, and what is known of the way into them."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from uuid import UUID

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from contacts import places, queries
from contacts.columns.fields import Field
from contacts.community.community import area
from contacts.models import AreaKind, Community, Household, Resident
from contacts.people.residents import enrolled
from contacts.profiles import Address, WayIn, address_of, chain, named
from contacts.rows import addresses, doubts, home_cells
from core.actors import Actor
from core.changes import Changed
from core.errors import UserError
from core.i18n import InWords, Language
from core.ids import new_id
from core.running import events


@dataclass(frozen=True, slots=True)
class Written:
    """A home as a person writes it: its parts, or the whole ``address``; 无 as the unit says that it has none."""

    building: str = ""
    unit: str = ""
    room: str = ""
    address: str = ""


@dataclass(slots=True)
class Home:
    """A home as the database has it."""

    household_id: UUID
    way_in: WayIn


class Homes:
    """The homes of a community by their addresses, made and told of many at a time; ``known`` are those there are."""

    def __init__(self, session: Session, actor: Actor, community: Community, known: dict[Address, Home]) -> None:
        self._session, self._actor, self._community = session, actor, community
        self._areas: dict[tuple[str, str], UUID] = {}
        self.known = known

    def build(self, wanted: Iterable[tuple[Address, WayIn]]) -> None:
        """Stores those homes, with the way into them, that there are not yet, in one statement."""
        rows = []
        for address, told in wanted:
            if address not in self.known:
                way_in = WayIn(told.access_notes or "", told.key_holder or "", told.key_holder_number or "")
                home = self.known[address] = Home(new_id(), way_in)
                rows.append({"id": home.household_id, "community_id": self._community.id, "room": address.room,
                             "area_id": self._area_id(address), **_columns(way_in)})  # fmt: skip
        if rows:
            self._session.execute(insert(Household), rows)

    def opened(self, address: Address) -> UUID:
        """The home at this address, made where there is none."""
        self.build([(address, WayIn())])
        return self.known[address].household_id

    def note(self, address: Address, told: WayIn) -> list[Changed]:
        """Stores what is told of the way into a home; what of it is new."""
        home = self.known[address]
        after = WayIn(
            *(was if new is None else new for new, was in zip(astuple(told), astuple(home.way_in), strict=True))
        )
        if after == home.way_in:
            return []
        before, now = _columns(home.way_in), _columns(after)
        home.way_in = after
        self._session.execute(update(Household).where(Household.id == home.household_id), now)
        changes = [Changed(what, before[what], now[what]) for what in now if now[what] != before[what]]
        for each in changes:
            events.append(self._session, self._actor, "household.changed", home.household_id, what=each.what)
        return changes

    def _area_id(self, address: Address) -> UUID:
        """The unit's area, or the building's; made where it is missing."""
        building, unit = address.building, address.unit
        if (building, unit) not in self._areas:
            self._areas[building, unit] = area(self._session, self._community, building, unit).id
        return self._areas[building, unit]


def move(
    session: Session, actor: Actor, resident_id: UUID, written: Written, access_notes: str | None = None
) -> list[Changed]:
    """The resident lives in another home from now on, alone or with who lives there; what they said before is kept.

    ``access_notes`` tell the way into the new home (None: as it is known). Raises as ``enrolled`` does, and
    ``UserError`` for a home that is not clear.
    """
    resident = enrolled(session, resident_id)
    community = session.get_one(Community, resident.community_id)
    address, before = meant(session, community, written), resident.household
    homes = homes_at(session, actor, community, address)
    changes = []
    if put(session, actor, resident, homes.opened(address)):
        session.flush()
        session.refresh(resident, ["household"])
        changes.append(Changed("home", _place(session, before), _place(session, resident.household)))
    return changes + _noted(homes, address, access_notes)


def set_access_notes(session: Session, actor: Actor, resident_id: UUID, notes: str) -> list[Changed]:
    """Changes what is known of the way into a resident's home, for everybody there; raises as ``enrolled`` does."""
    home = enrolled(session, resident_id).household
    community = session.get_one(Community, home.community_id)
    address = address_of(home, queries.areas(session, community.id))
    homes = Homes(session, actor, community, {address: Home(home.id, _way_into(home))})
    changes = _noted(homes, address, notes)
    session.refresh(home)
    return changes


def put(session: Session, actor: Actor, resident: Resident, household_id: UUID) -> bool:
    """The resident lives in this home; whether they have lived elsewhere until now."""
    if resident.household_id == household_id:
        return False
    before, resident.household_id = resident.household_id, household_id
    events.append(session, actor, "resident.moved", resident.id, household=str(household_id), before=str(before))
    return True


def meant(session: Session, community: Community, written: Written) -> Address:
    """The home that is meant; raises ``UserError`` where building or room are not named, or the unit has to be."""
    if written.address.strip():
        found = addresses.address(written.address, community.name)
    else:
        parts = ((written.building, Field.BUILDING), (written.unit, Field.UNIT), (written.room, Field.ROOM))
        found = home_cells.stated(*(doubts.meant(text.strip(), field) for text, field in parts))
    for field, text in ((Field.BUILDING, found.building), (Field.ROOM, found.room)):
        if not text:
            raise UserError("Nothing is written here.", way_out="Fill it in.", field=field, value="")
    if not found.unit and not written.unit.strip():
        _refuse_unclear(session, community, found)
    return found


def homes_at(session: Session, actor: Actor, community: Community, address: Address) -> Homes:
    """Of the homes of the community the one at this address, if there is one."""
    tree = queries.areas(session, community.id)
    there = {
        address_of(each, tree): Home(each.id, _way_into(each))
        for each in queries.households_by_room(session, community.id, address.room)
    }
    return Homes(session, actor, community, {address: there[address]} if address in there else {})


def unit_wanted(building: str) -> UserError:
    """Others in this building live in units, and for somebody none is written."""
    said = InWords(*(places.spoken_building(language, building) for language in (Language.CHINESE, Language.ENGLISH)))
    return UserError("No unit is written here, although others in {building} live in units.",
                     way_out="Write the unit into every row, or 无 (none) if this home has none.", field=Field.UNIT,
                     value="", building=said)  # fmt: skip


def _refuse_unclear(session: Session, community: Community, found: Address) -> None:
    tree = queries.areas(session, community.id)
    units = (each for each in tree.values() if each.kind == AreaKind.UNIT)
    if any(named(chain(each.id, tree))[0] == found.building for each in units):
        wanted = unit_wanted(found.building)
        wanted.way_out = "Write the unit, or 无 (none) if this home has none."
        raise wanted


def _noted(homes: Homes, address: Address, notes: str | None) -> list[Changed]:
    before = homes.known[address].way_in.access_notes
    after = None if notes is None else notes.strip()
    return [Changed("access_notes", before, after)] if homes.note(address, WayIn(after)) else []


def _way_into(home: Household) -> WayIn:
    return WayIn(home.access_notes, home.key_holder, home.key_holder_number or "")


def _columns(way_in: WayIn) -> dict[str, str | None]:
    return {"access_notes": way_in.access_notes, "key_holder": way_in.key_holder,
            "key_holder_number": way_in.key_holder_number or None}  # fmt: skip


def _place(session: Session, home: Household) -> dict[str, str]:
    address = address_of(home, queries.areas(session, home.community_id))
    return {"building": address.building, "unit": address.unit, "room": address.room}
