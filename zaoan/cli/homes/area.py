"""``zaoan area``: the tree of grids, buildings and units in which homes lie."""

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

import typer

from contacts import queries
from contacts.community.community import the_community
from contacts.homes import areas
from contacts.homes.area_lookup import find_area
from contacts.models import Area, AreaKind
from contacts.profiles import area_written, chain
from core import settings
from core.i18n import translate
from core.short_ids import short
from core.storage.database import reading, unit_of_work
from zaoan.terminal.common import Json, acting, installation_open, print_json, say
from zaoan.terminal.tables import show_table
from zaoan.terminal.words import Word

Which = Annotated[str, typer.Argument(metavar="AREA", help="3号楼, 3号楼2单元, 第二网格, or its id.")]
Name = Annotated[str, typer.Argument(help="Its name.")]
Within = Annotated[str, typer.Option("--in", help="In what it lies; the community where it is not told.")]
KIND = Word(AreaKind, prefix="area kind:")


def list_areas(as_json: Json = False) -> None:
    """The whole tree: every area, of which kind it is, and in what it lies."""
    with installation_open() as chosen, reading() as session:
        language = chosen.language
        tree = queries.areas(session, the_community(session).id)
        known = [{"id": str(each.id), "kind": each.kind, "name": area_written(each, tree).said(language),
                  "in": area_written(tree[each.parent_id], tree).said(language) if each.parent_id else "",
                  "depth": len(chain(each.id, tree))}
                 for each in tree.values()]  # fmt: skip
    known.sort(key=lambda each: (each["depth"], str(each["in"]), str(each["name"])))
    if as_json:
        print_json(known)
        return
    show_table(("id", "area", "kind", "in"),
               [(short(str(each["id"])), str(each["name"]), translate(language, f"area kind:{each['kind']}"),
                 str(each["in"])) for each in known], "")  # fmt: skip


def create(
    kind: Annotated[AreaKind, typer.Argument(parser=KIND, help="grid, building or unit.")],
    name: Name,
    within: Within = "",
    as_json: Json = False,
) -> None:
    """Writes down a grid, a building or a unit."""
    with installation_open(), unit_of_work() as session:
        community = the_community(session)
        parent = find_area(session, within).id if within else None
        made = areas.create(session, acting(), community, kind, name, parent)
        _tell(made, queries.areas(session, community.id), as_json=as_json)


def rename(area: Which, name: Name, as_json: Json = False) -> None:
    """Another name for an area; homes and responders stay with it."""
    with installation_open(), unit_of_work() as session:
        known = find_area(session, area)
        areas.rename(session, acting(), known.id, name)
        _tell(known, queries.areas(session, known.community_id), as_json=as_json)


def move(
    area: Which,
    within: Annotated[str, typer.Option("--in", help="In what it lies from now on.")],
    as_json: Json = False,
) -> None:
    """The area lies in another one from now on, with all that lies in it: a building in a grid."""
    with installation_open(), unit_of_work() as session:
        known, parent = find_area(session, area), find_area(session, within)
        areas.move(session, acting(), known.id, parent.id)
        _tell(known, queries.areas(session, known.community_id), as_json=as_json)


def remove(area: Which, as_json: Json = False) -> None:
    """Takes away an area in which nothing lies, and which nobody looks after."""
    with installation_open(), unit_of_work() as session:
        known = find_area(session, area)
        document = {"removed": known.name, "id": str(known.id)}
        areas.remove(session, acting(), known.id)
    if as_json:
        print_json(document)
    else:
        say("The area {name} has been removed.", name=document["removed"])


def _tell(area: Area, tree: Mapping[UUID, Area], *, as_json: bool) -> None:
    language = settings.current().language
    parent = area_written(tree[area.parent_id], tree).said(language) if area.parent_id else ""
    if as_json:
        print_json({"id": str(area.id), "kind": area.kind, "name": area.name, "in": parent})
        return
    say("{name} lies in {parent}.", name=area_written(area, tree).said(language), parent=parent)
