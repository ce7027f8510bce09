"""``zaoan household``: homes, who lives in them, and the way in."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

import typer
from sqlalchemy.orm import Session

from contacts import phones, places, queries
from contacts.community.community import the_community
from contacts.homes import household_changes, household_moves
from contacts.homes.area_lookup import find_household
from contacts.homes.household_changes import Door
from contacts.homes.household_moves import Moved
from contacts.models import Area, Household
from contacts.people.households import Written
from contacts.people.person_lookup import find_resident
from contacts.profiles import address_of
from contacts.queries import dwellings
from core import settings
from core.i18n import listed
from core.short_ids import short
from core.storage.database import reading, unit_of_work
from zaoan.cli.people.resident_changes import Address, Building, Room, Unit
from zaoan.cli.people.shared import changes_document, naming_options, say_changes
from zaoan.terminal.common import Json, acting, installation_open, our_numbers, print_fields, print_json, say
from zaoan.terminal.file_reads import note_read
from zaoan.terminal.tables import show_table

Which = Annotated[str, typer.Argument(metavar="HOUSEHOLD", help="Its address (3号楼2单元501室), or its id.")]
Notes = Annotated[str | None, typer.Option("--access-notes", help="The way in, for a helper at the door.")]
Holder = Annotated[str | None, typer.Option("--key-holder", help="Who else has a key; empty for nobody.")]
HolderPhone = Annotated[str | None, typer.Option("--key-holder-phone", help="Their telephone; empty for none.")]


def list_households(
    with_empty: Annotated[bool, typer.Option("--with-empty", help="Also homes in which nobody lives.")] = False,
    as_json: Json = False,
) -> None:
    """Every home in which somebody lives, and how many do."""
    with installation_open(), reading() as session:
        community = the_community(session)
        note_read()
        homes = queries.households(session, community.id)
        people = dwellings.counts_of_people(session, [each.id for each in homes])
        tree = queries.areas(session, community.id)
        known = [{"id": str(each.id), "place": _place(each, tree), "people": people.get(each.id, 0)}
                 for each in homes if with_empty or each.id in people]  # fmt: skip
    if as_json:
        print_json(known)
        return
    show_table(("id", "place", "people"),
               [(short(str(each["id"])), str(each["place"]), str(each["people"])) for each in known],
               "Nobody is enrolled yet: zaoan import FILE")  # fmt: skip


def show(household: Which, as_json: Json = False) -> None:
    """One home: who lives there, and the way in."""
    with installation_open(), reading() as session:
        home = find_household(session, household)
        note_read(home.id)
        document = household_document(session, home)
    if as_json:
        print_json(document)
        return
    number = document["key_holder_telephone"]
    print_fields({
        "id": short(document["id"]), "place": document["place"],
        "residents": listed(settings.current().language, [each["name"] for each in document["residents"]]),
        "way in": document["access_notes"],
        "key holder": f"{document['key_holder']} {phones.formatted(number) if number else ''}".strip(),
    })  # fmt: skip


def add(
    building: Building = "",
    unit: Unit = "",
    room: Room = "",
    address: Address = "",
    access_notes: Notes = None,
    key_holder: Holder = None,
    key_holder_phone: HolderPhone = None,
    as_json: Json = False,
) -> None:
    """Writes down a home in which nobody lives yet; whoever moves in by any way finds it."""
    with installation_open() as chosen, unit_of_work() as session:
        door = _door(access_notes, key_holder, key_holder_phone)
        with naming_options():
            made = household_changes.create(session, acting(), the_community(session),
                                            Written(building, unit, room, address), door,
                                            our_numbers(session, chosen))  # fmt: skip
        document = household_document(session, made)
    if as_json:
        print_json(document)
    else:
        say("{place} is written down.", place=document["place"])


def change(
    household: Which,
    access_notes: Notes = None,
    key_holder: Holder = None,
    key_holder_phone: HolderPhone = None,
    as_json: Json = False,
) -> None:
    """Changes what is known of the way into a home, for everybody who lives there."""
    with installation_open() as chosen, unit_of_work() as session:
        home = find_household(session, household)
        door = _door(access_notes, key_holder, key_holder_phone)
        with naming_options():
            changes = household_changes.set_door(session, acting(), home.id, door, our_numbers(session, chosen))
        place = str(household_document(session, home)["place"])
        if as_json:
            print_json({"household": place, "id": home.id, "changes": changes_document(changes)})
        else:
            say_changes(place, changes)


def move(
    household: Which,
    building: Building = "",
    unit: Unit = "",
    room: Room = "",
    address: Address = "",
    access_notes: Notes = None,
    key_holder: Holder = None,
    key_holder_phone: HolderPhone = None,
    as_json: Json = False,
) -> None:
    """Everybody who lives in a home lives at another address from now on, in which nobody lives yet."""
    with installation_open() as chosen, unit_of_work() as session:
        home, written = find_household(session, household), Written(building, unit, room, address)
        door = _door(access_notes, key_holder, key_holder_phone)
        with naming_options():
            done = household_moves.move(session, acting(), home.id, written, door, our_numbers(session, chosen))
        _tell(session, done, as_json=as_json)


def split(
    household: Which,
    people: Annotated[list[str], typer.Argument(metavar="RESIDENTS", help="Who moves out: names, or ids.")],
    building: Building = "",
    unit: Unit = "",
    room: Room = "",
    address: Address = "",
    access_notes: Notes = None,
    key_holder: Holder = None,
    key_holder_phone: HolderPhone = None,
    as_json: Json = False,
) -> None:
    """Some of those who live in a home live at another address from now on; at least one of them stays."""
    with installation_open() as chosen, unit_of_work() as session:
        home, written = find_household(session, household), Written(building, unit, room, address)
        leaving = [find_resident(session, each).id for each in people]
        door = _door(access_notes, key_holder, key_holder_phone)
        with naming_options():
            done = household_moves.split(session, acting(), home.id, leaving, written, door,
                                         our_numbers(session, chosen))  # fmt: skip
        _tell(session, done, as_json=as_json)


def merge(
    household: Which,
    other: Annotated[str, typer.Argument(metavar="OTHER", help="The household whose people live there as well.")],
    as_json: Json = False,
) -> None:
    """Everybody who lives in the other home lives in this one from now on, with who lives here."""
    with installation_open(), unit_of_work() as session:
        into, home = find_household(session, household), find_household(session, other)
        _tell(session, household_moves.merge(session, acting(), into.id, home.id), as_json=as_json)


def household_document(session: Session, home: Household) -> dict[str, Any]:
    """One home, for programs."""
    return {
        "id": str(home.id),
        "place": _place(home, queries.areas(session, home.community_id)),
        "residents": [{"id": str(each.id), "name": each.name} for each in dwellings.people_at(session, home.id)],
        "access_notes": home.access_notes,
        "key_holder": home.key_holder,
        "key_holder_telephone": home.key_holder_number,
    }


def _door(access_notes: str | None, key_holder: str | None, key_holder_phone: str | None) -> Door:
    found = Door()
    if access_notes is not None:
        found["access_notes"] = access_notes
    if key_holder is not None:
        found["key_holder"] = key_holder
    if key_holder_phone is not None:
        found["key_holder_number"] = key_holder_phone
    return found


def _tell(session: Session, done: Moved, *, as_json: bool) -> None:
    document = household_document(session, done.household)
    if as_json:
        print_json(document | {"moved": [str(each.id) for each in done.people]})
        return
    names = listed(settings.current().language, [each.name for each in done.people])
    say("{people} live at {place} from now on.", people=names, place=document["place"])


def _place(home: Household, tree: Mapping[UUID, Area]) -> str:
    address = address_of(home, tree)
    return places.spelled_place(settings.current().language, address.building, address.unit, address.room)
