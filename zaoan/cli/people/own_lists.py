"""``zaoan list``: lists of residents for purposes of the office's own, which campaigns can be for."""

from typing import Annotated

import typer
from sqlalchemy.orm import Session

from contacts.community.community import the_community
from contacts.models import ResidentList
from contacts.people import resident_lists
from contacts.people.person_lookup import find_resident
from core.storage.database import reading, unit_of_work
from zaoan.terminal.common import Json, acting, installation_open, print_json, say
from zaoan.terminal.file_reads import note_read
from zaoan.terminal.tables import show_table

Name = Annotated[str, typer.Argument(help="The list's name.")]
People = Annotated[list[str], typer.Argument(metavar="RESIDENTS", help="Names, telephone numbers, or short ids.")]


def show(name: Annotated[str, typer.Argument(help="One list; without it, all of them.")] = "",
         as_json: Json = False) -> None:  # fmt: skip
    """All lists, or who is on one."""
    with installation_open(), reading() as session:
        community = the_community(session)
        if name:
            found = resident_lists.find(session, community.id, name)
            note_read(found.id)
            people = [each.name for each in resident_lists.members(session, found.id)]
        else:
            sizes = resident_lists.sizes(session, community.id)
            known = [(each.name, sizes.get(each.id, 0)) for each in resident_lists.lists(session, community.id)]
    if name and as_json:
        print_json({"list": name, "residents": people})
    elif name:
        show_table(("resident",), [(each,) for each in people], "Nobody is on this list.")
    elif as_json:
        print_json([{"list": each, "people": count} for each, count in known])
    else:
        show_table(("list", "people"), [(each, str(count)) for each, count in known],
                   "There are no lists yet: zaoan list create NAME RESIDENTS")  # fmt: skip


def create(name: Name, people: People, as_json: Json = False) -> None:
    """Makes a list with these residents on it."""
    with installation_open(), unit_of_work() as session:
        made = resident_lists.create(session, acting(), the_community(session).id, name)
        resident_lists.put_on(session, acting(), made, [find_resident(session, each) for each in people])
        _tell(session, made, as_json=as_json)


def add(name: Name, people: People, as_json: Json = False) -> None:
    """Puts residents on a list."""
    with installation_open(), unit_of_work() as session:
        kept = resident_lists.find(session, the_community(session).id, name)
        resident_lists.put_on(session, acting(), kept, [find_resident(session, each) for each in people])
        _tell(session, kept, as_json=as_json)


def remove(name: Name, people: People, as_json: Json = False) -> None:
    """Takes residents off a list."""
    with installation_open(), unit_of_work() as session:
        kept = resident_lists.find(session, the_community(session).id, name)
        resident_lists.take_off(session, acting(), kept, [find_resident(session, each) for each in people])
        _tell(session, kept, as_json=as_json)


def _tell(session: Session, kept: ResidentList, *, as_json: bool) -> None:
    count = len(resident_lists.members(session, kept.id))
    if as_json:
        print_json({"list": kept.name, "people": count})
    else:
        say("{people} residents are on the list {name}.", people=count, name=kept.name)
