"""Profiles: what a helper needs to know of a resident, from the bell to the door."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from contacts import places
from contacts.models import Area, AreaKind, Community, Household, Resident
from core.i18n import InWords, Language, translate


@dataclass(frozen=True)
class ResidentProfile:
    """A resident with their home.

    ``building``, ``unit``, ``room`` and ``place`` are spoken words in the resident's language, empty where unknown;
    ``area_ids`` are the home's area and those around it, nearest first; ``access_notes`` are the whole way in, with who
    has a key; ``numbers`` are E.164.
    """

    resident_id: UUID
    name: str
    called: str
    language: str
    building: str
    unit: str
    room: str
    place: str
    building_area_id: UUID | None
    area_ids: tuple[UUID, ...]
    access_notes: str
    notes: str
    flags: tuple[str, ...]
    numbers: tuple[str, ...]
    community_name: str


class Place(Protocol):
    """An area, however it was read."""

    @property
    def id(self) -> UUID:
        """Which it is."""

    @property
    def kind(self) -> str:
        """An ``AreaKind``."""

    @property
    def name(self) -> str:
        """As the database spells it."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a home is, in the spelling of the database; equal for one home however it was written."""

    building: str
    unit: str
    room: str


@dataclass(frozen=True, slots=True)
class WayIn:
    """What is told of the way into a home, and of who has a key to it; None where nothing is.

    ``key_holder_number`` is E.164, empty where there is none.
    """

    access_notes: str | None = None
    key_holder: str | None = None
    key_holder_number: str | None = None


def address_of(household: Household, areas: Mapping[UUID, Area]) -> Address:
    """The address of a home; ``areas`` must hold its area and those around it."""
    return Address(*named(chain(household.area_id, areas)), household.room)


def grid_of(household: Household, areas: Mapping[UUID, Area]) -> str:
    """The grid in which a home lies, empty where there is none; ``areas`` as for ``address_of``."""
    return next((each.name for each in chain(household.area_id, areas) if each.kind == AreaKind.GRID), "")


def named(around: Sequence[Place]) -> tuple[str, str]:
    """The building and the unit among these areas, as the database spells them; empty where there is none."""
    names = {area.kind: area.name for area in around}
    return names.get(AreaKind.BUILDING, ""), names.get(AreaKind.UNIT, "")


def chain(area_id: UUID, areas: Mapping[UUID, Area]) -> Sequence[Area]:
    """An area and those around it, nearest first."""
    found = [areas[area_id]]
    while parent_id := found[-1].parent_id:
        found.append(areas[parent_id])
    return found


def area_written(area: Area, tree: Mapping[UUID, Area]) -> InWords:
    """An area as people write it: ``3号楼2单元`` (``building 3, unit 2``), ``第二网格``; ``tree`` holds its parents."""
    above = tree.get(area.parent_id) if area.parent_id else None
    if area.kind == AreaKind.UNIT and above is not None:
        parts = above.name, area.name, ""
        return InWords(*(places.spoken_place(language, *parts) for language in (Language.CHINESE, Language.ENGLISH)))
    if area.kind == AreaKind.BUILDING:
        return InWords(*(places.spoken_building(each, area.name) for each in (Language.CHINESE, Language.ENGLISH)))
    return InWords(area.name, area.name)


def way_in(access_notes: str, key_holder: str, key_holder_number: str | None, language: str) -> str:
    """What is known of the way into a home, for somebody at the door: the notes, and who has a key.

    ``key_holder_number`` is E.164; the words around it are those of ``language``.
    """
    if not key_holder and not key_holder_number:
        return access_notes
    from contacts import phones  # its tables are large: commands that only look start faster without

    number = phones.formatted(key_holder_number) if key_holder_number else ""
    key = translate(language, "Key: {holder}", holder=f"{key_holder} {number}".strip())
    return ("；" if language == Language.CHINESE else "; ").join(part for part in (access_notes, key) if part)


def profile_of(resident: Resident, areas: Mapping[UUID, Area], community: Community) -> ResidentProfile:
    """The profile of a resident whose telephones, flags and home are loaded."""
    around = chain(resident.household.area_id, areas)
    flags = sorted(flag.flag for flag in resident.flags)
    return profile_at(resident, resident.household, community, around, flags, resident.numbers)


def profile_at(
    resident: Resident,
    household: Household,
    community: Community,
    around: Sequence[Place],
    flags: Sequence[str],
    numbers: Sequence[str],
) -> ResidentProfile:
    """The profile of a resident; ``around`` are the home's area and those around it, nearest first."""
    address = Address(*named(around), household.room)
    language = resident.language
    return ResidentProfile(
        resident_id=resident.id,
        name=resident.name,
        called=resident.called,
        language=language,
        building=places.spoken_building(language, address.building),
        unit=places.spoken_unit(language, address.unit),
        room=address.room,
        place=places.spoken_place(language, address.building, address.unit, address.room),
        building_area_id=next((area.id for area in around if area.kind == AreaKind.BUILDING), None),
        area_ids=tuple(area.id for area in around),
        access_notes=way_in(household.access_notes, household.key_holder, household.key_holder_number, language),
        notes=resident.notes,
        flags=tuple(flags),
        numbers=tuple(numbers),
        community_name=community.name,
    )
