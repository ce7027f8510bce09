"""Enlisting: brings the responders of the database to what the rows of a spreadsheet say."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from contacts import pins, places, queries
from contacts.files.sheets import Spot
from contacts.importing.enrolment import Change
from contacts.importing.import_report import EmptyArea
from contacts.models import Area, AreaKind, Community, Responder
from contacts.people import pin_guesses
from contacts.people.community import area, grid
from contacts.profiles import chain
from contacts.rows.entries import ResponderEntry
from contacts.rows.responsibilities import AreaName
from core.i18n import InWords, Language
from core.ids import new_id


def known_responders(
    session: Session, community: Community, entries: Sequence[ResponderEntry]
) -> dict[Spot, Responder]:
    """The responders that rows speak of: same telephone, or else same name and role with a new one."""
    existing = queries.all_responders(session, community.id)
    by_number = {each.number: each for each in existing}
    written = {entry.number for entry in entries}
    by_name = {(each.name, each.role): each for each in existing if each.number not in written}
    found = {}
    for entry in entries:
        known = by_number.get(entry.number) or by_name.pop((entry.name, entry.role), None)
        if known is not None:
            found[entry.row] = known
    return found


def enlist(session: Session, community: Community, entry: ResponderEntry, known: Responder | None) -> Change:
    """Stores what a row says; a missing column leaves what it would tell as it is, and so does an empty PIN."""
    responder = known or Responder(
        id=new_id(), community_id=community.id, language=community.language, areas=[], email="", chat_address=""
    )
    before = _told(responder)
    responder.name, responder.role, responder.number = entry.name, entry.role, entry.number
    if entry.second_number is not None or responder.second_number == entry.number:
        responder.second_number = entry.second_number or None
    responder.language = entry.language or responder.language
    responder.email = responder.email if entry.email is None else entry.email
    responder.chat_address = responder.chat_address if entry.chat_address is None else entry.chat_address
    if entry.pin is not None and not (responder.pin and pins.matches(entry.pin, responder.pin)):
        responder.pin = pins.hashed(entry.pin)
        pin_guesses.forget(responder)
    if entry.areas is not None:
        _make_responsible(session, community, responder, entry.areas)
    session.add(responder)
    if known is None:
        return Change.ADDED
    return Change.UNCHANGED if before == _told(responder) else Change.CHANGED


def in_empty_areas(session: Session, community: Community, entries: Sequence[ResponderEntry]) -> list[EmptyArea]:
    """The areas of these rows in which there is no home, each with who looks after it: perhaps it is written otherwise
    there."""
    tree = queries.areas(session, community.id)
    lived_in = {around.id for home in queries.households(session, community.id) for around in chain(home.area_id, tree)}
    areas = {each.number: each.areas for each in queries.all_responders(session, community.id)}
    return [
        EmptyArea(entry.row, entry.name, area_written(area, tree), _likely(area, tree, lived_in))
        for entry in entries
        for area in areas.get(entry.number, ())
        if area.id not in lived_in
    ]


def _likely(empty: Area, tree: Mapping[UUID, Area], lived_in: Collection[UUID]) -> tuple[InWords, ...]:
    """The buildings with homes that may be meant by one without: 3号楼 by 幸福家园3栋, and the other way round."""
    building = next((each for each in chain(empty.id, tree) if each.kind == AreaKind.BUILDING), None)
    number = places.house_number(building.name) if building else ""
    return tuple(
        area_written(each, tree)
        for each in tree.values()
        if each.kind == AreaKind.BUILDING and each.id in lived_in and each is not building and number
        and places.house_number(each.name) == number
    )  # fmt: skip


def area_written(area: Area, tree: Mapping[UUID, Area]) -> InWords:
    """An area as people write it: ``3号楼2单元`` (``building 3, unit 2``), ``第二网格``; ``tree`` holds its parents."""
    above = tree.get(area.parent_id) if area.parent_id else None
    if area.kind == AreaKind.UNIT and above is not None:
        parts = above.name, area.name, ""
        return InWords(*(places.spoken_place(language, *parts) for language in (Language.CHINESE, Language.ENGLISH)))
    if area.kind == AreaKind.BUILDING:
        return InWords(*(places.spoken_building(each, area.name) for each in (Language.CHINESE, Language.ENGLISH)))
    return InWords(area.name, area.name)


def _make_responsible(session: Session, community: Community, responder: Responder, named: Sequence[AreaName]) -> None:
    """The areas that are named, made where they are missing; the community's own name means all of it."""
    if any(each.building == community.name for each in named):
        named = ()
    after = {each.id: each for each in (_area(session, community, name) for name in named)}
    if responder.area_ids != after.keys():
        responder.areas = list(after.values())


def _area(session: Session, community: Community, named: AreaName) -> Area:
    if named.grid:
        return grid(session, community, named.grid)
    return area(session, community, named.building, named.unit)


def _told(responder: Responder) -> tuple[object, ...]:
    return (
        responder.name,
        responder.role,
        responder.numbers,
        responder.language,
        responder.area_ids,
        responder.email,
        responder.chat_address,
        responder.pin,
    )
