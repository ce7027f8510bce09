"""Enlisting: brings the responders of the database to what the rows of a spreadsheet say."""

import re
from collections.abc import Sequence

from sqlalchemy.orm import Session

from contacts import guessing, pins, queries
from contacts.community import area, grid
from contacts.enrolling import Change
from contacts.entries import ResponderEntry
from contacts.import_report import EmptyArea
from contacts.models import Area, Community, Responder
from contacts.profiles import chain
from contacts.sheets import Spot
from core.ids import new_id

_WHOLE = {"全部", "全社区", "整个社区", "all", "everywhere"}
_WITH_UNIT = re.compile(
    r"(?P<building>.+?(?:号楼|栋|幢|座|楼))(?P<unit>.+(?:单元|门))|(?P<b>building .+?),? (?P<u>unit .+)", re.I
)


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
        known = by_number.get(entry.number) or by_name.pop((entry.name, entry.role.value), None)
        if known is not None:
            found[entry.row] = known
    return found


def enlist(session: Session, community: Community, entry: ResponderEntry, known: Responder | None) -> Change:
    """Stores what a row says; a missing column leaves what it would tell as it is, and so does an empty PIN."""
    responder = known or Responder(
        id=new_id(), community_id=community.id, language=community.language, area=None, email="", chat_address=""
    )
    before = _told(responder)
    responder.name, responder.role, responder.number = entry.name, entry.role, entry.number
    responder.language = entry.language or responder.language
    responder.email = responder.email if entry.email is None else entry.email
    responder.chat_address = responder.chat_address if entry.chat_address is None else entry.chat_address
    if entry.pin is not None and not (responder.pin and pins.matches(entry.pin, responder.pin)):
        responder.pin = pins.hashed(entry.pin)
        guessing.forget(responder)
    if entry.area is not None:
        responder.area = responsible_for(session, community, entry.area)
    session.add(responder)
    if known is None:
        return Change.ADDED
    return Change.UNCHANGED if before == _told(responder) else Change.CHANGED


def in_empty_areas(session: Session, community: Community, entries: Sequence[ResponderEntry]) -> list[EmptyArea]:
    """The responders of these rows whose area has no home: perhaps it is written otherwise there."""
    tree = queries.areas(session, community.id)
    lived_in = {around.id for home in queries.households(session, community.id) for around in chain(home.area_id, tree)}
    areas = {each.number: each.area for each in queries.all_responders(session, community.id)}
    mine = [(entry, areas.get(entry.number)) for entry in entries]
    return [
        EmptyArea(entry.row, entry.name, entry.area or area.name)
        for entry, area in mine
        if area is not None and area.parent_id is not None and area.id not in lived_in
    ]


def responsible_for(session: Session, community: Community, text: str) -> Area | None:
    """The area that a cell names — a building, a unit or a grid — made where it is missing; None for the community."""
    name = " ".join(text.split())
    if not name or name.casefold() in _WHOLE or name == community.name:
        return None
    if "网格" in name or "grid" in name.casefold():
        return grid(session, community, name)
    if found := _WITH_UNIT.fullmatch(name):
        return area(session, community, found["building"] or found["b"], found["unit"] or found["u"])
    return area(session, community, name, "")


def _told(responder: Responder) -> tuple[object, ...]:
    return (
        responder.name,
        responder.role,
        responder.number,
        responder.language,
        responder.area.id if responder.area else None,
        responder.email,
        responder.chat_address,
        responder.pin,
    )
