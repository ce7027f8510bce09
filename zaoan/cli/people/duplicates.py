"""``zaoan resident duplicates``, ``merge`` and ``distinct``: one person who was written down twice."""

from typing import Annotated, Any

import typer

from contacts.community.community import the_community
from contacts.duplicates.candidates import Pair, candidates
from contacts.duplicates.telling_apart import take_back, tell_apart
from contacts.people.person_lookup import find_resident
from core import settings
from core.i18n import listed, translate
from core.short_ids import short
from core.storage.database import reading, unit_of_work
from zaoan.terminal.common import Json, acting, installation_open, print_json, say
from zaoan.terminal.file_reads import note_read
from zaoan.terminal.tables import show_table


def duplicates(as_json: Json = False) -> None:
    """Who may have been written down twice, the likeliest first; nothing is done with them."""
    with installation_open(), reading() as session:
        note_read()
        found = [_document(pair) for pair in candidates(session, the_community(session).id)]
    if as_json:
        print_json(found)
        return
    language = settings.current().language
    show_table(("resident", "also", "in common"),
               [(f"{each['first']} {short(each['first_id'])}", f"{each['second']} {short(each['second_id'])}",
                 listed(language, [translate(language, f"likeness:{one}") for one in each["likeness"]]))
                for each in found],
               "Nobody seems to have been written down twice.")  # fmt: skip


def merge(
    resident: Annotated[str, typer.Argument(metavar="RESIDENT", help="Whose file is kept: a name, or an id.")],
    other: Annotated[str, typer.Argument(metavar="OTHER", help="The other file of the same person: its id.")],
    as_json: Json = False,
) -> None:
    """Two files of one person become one; calls, cases and history of both are kept. It cannot be undone."""
    from campaigns.people import (
        resident_merging,  # loads half of the service: the list of residents starts faster without
    )

    with installation_open(), unit_of_work() as session:
        kept, gone = find_resident(session, resident), find_resident(session, other)
        done = resident_merging.merge(session, acting(), kept.id, gone.id)
        cases = [str(each.id) for each in done.cases]
        if as_json:
            print_json({"resident": done.kept.name, "id": str(done.kept.id), "merged": str(done.other.id),
                        "cases": cases})  # fmt: skip
            return
        say("{name} and {other} are one file now: {id}.", name=done.kept.name, other=done.other.name,
            id=short(done.kept.id))  # fmt: skip
        if cases:
            say("Cases that go on ({count}): {cases}", count=len(cases), cases=[short(each) for each in cases])


def distinct(
    resident: Annotated[str, typer.Argument(metavar="RESIDENT", help="One of the two: a name, or an id.")],
    other: Annotated[str, typer.Argument(metavar="OTHER", help="The other one: a name, or an id.")],
    undo: Annotated[bool, typer.Option("--undo", help="They may be one person after all: offer them again.")] = False,
    as_json: Json = False,
) -> None:
    """Two residents who look alike are two people: they are offered as duplicates no more."""
    with installation_open(), unit_of_work() as session:
        found = find_resident(session, resident), find_resident(session, other)
        said = take_back if undo else tell_apart
        one, two = said(session, acting(), *(each.id for each in found))
        if as_json:
            print_json({"residents": [{"name": each.name, "id": str(each.id)} for each in (one, two)]})
            return
        words = (
            "{name} ({id}) and {other} ({other_id}) may be one person: they are offered as duplicates again."
            if undo
            else "{name} ({id}) and {other} ({other_id}) are two people; they are offered as duplicates no more."
        )
        say(words, name=one.name, id=short(one.id), other=two.name, other_id=short(two.id))


def _document(pair: Pair) -> dict[str, Any]:
    return {"first": pair.first.name, "first_id": str(pair.first.id), "second": pair.second.name,
            "second_id": str(pair.second.id), "likeness": list(pair.likeness)}  # fmt: skip
