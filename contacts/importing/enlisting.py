"""Enlisting: brings the responders of the database to what the rows of a spreadsheet say."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from contacts import places, queries
from contacts.files.sheets import Spot
from contacts.importing.enrolment import Change
from contacts.importing.import_report import EmptyArea, LeftResponder
from contacts.models import Area, AreaKind, Community, Responder
from contacts.people import responder_changes
from contacts.profiles import area_written, chain
from contacts.rows.entries import ResponderEntry
from core.actors import Actor
from core.changes import Changed
from core.i18n import InWords


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


def who_left(session: Session, community: Community, entries: Sequence[ResponderEntry]) -> dict[Spot, LeftResponder]:
    """The rows of people who have been removed, by name and telephone: a list does not bring them back."""
    gone = {(each.name, each.number): each for each in queries.removed_responders(session, community.id)}
    zone, found = ZoneInfo(community.timezone), {}
    for entry in entries:
        known = gone.get((entry.name, entry.number))
        if known is not None and known.removed_at is not None:
            found[entry.row] = LeftResponder(entry.row, entry.name, known.removed_at.astimezone(zone).date())
    return found


def enlist(
    session: Session, actor: Actor, community: Community, entry: ResponderEntry, known: Responder | None
) -> tuple[Change, Sequence[Changed]]:
    """Stores what a row says; a missing column leaves what it would tell as it is, and so does an empty PIN.

    Returns what that was to them, and of somebody known each change.
    """
    told = {"name": entry.name, "role": entry.role, "number": entry.number, "second_number": entry.second_number,
            "language": entry.language, "email": entry.email, "chat_address": entry.chat_address, "pin": entry.pin,
            "areas": entry.areas, "languages": entry.languages, "skills": entry.skills}  # fmt: skip
    told = {what: value for what, value in told.items() if value is not None}
    _, changes = responder_changes.tell(session, actor, community, known, told)
    if known is None:
        return Change.ADDED, ()
    return (Change.CHANGED if changes else Change.UNCHANGED), changes


def in_empty_areas(session: Session, community: Community, entries: Sequence[ResponderEntry]) -> list[EmptyArea]:
    """The areas of these rows in which there is no home, each with who looks after it: perhaps it is written otherwise
    there."""
    lived = _Lived(session, community.id)
    responders = {each.number: each for each in queries.all_responders(session, community.id)}
    return [
        EmptyArea(entry.row, entry.name, *found)
        for entry in entries
        if entry.number in responders
        for found in lived.without(responders[entry.number])
    ]


def empty_areas(session: Session, responder: Responder) -> list[tuple[InWords, tuple[InWords, ...]]]:
    """The areas of one responder in which there is no home, each with those that may be meant."""
    return _Lived(session, responder.community_id).without(responder)


class _Lived:
    """Where there are homes."""

    def __init__(self, session: Session, community_id: UUID) -> None:
        self._tree = queries.areas(session, community_id)
        homes = queries.households(session, community_id)
        self._areas = {around.id for home in homes for around in chain(home.area_id, self._tree)}

    def without(self, responder: Responder) -> list[tuple[InWords, tuple[InWords, ...]]]:
        """The areas of a responder in which there is no home, each with those that may be meant."""
        return [
            (area_written(area, self._tree), _likely(area, self._tree, self._areas))
            for area in responder.areas
            if area.id not in self._areas
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
