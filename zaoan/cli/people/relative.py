"""``zaoan relative``: who of a resident's family is told how they are."""

from typing import Annotated

import typer

from contacts.people import relative_changes
from contacts.people.finding import find_resident
from core.changes import Changed
from core.storage.database import reading, unit_of_work
from zaoan.cli.people import resident_words as words
from zaoan.cli.people.resident_changes import Wanted, Who, relative_told
from zaoan.cli.people.shared import changes_document, naming_options, say_changes
from zaoan.cli.resident_documents import resident_document
from zaoan.terminal.common import Json, acting, installation_open, our_numbers, print_json
from zaoan.terminal.file_reads import note_read
from zaoan.terminal.tables import show_table

Relative = Annotated[str, typer.Argument(metavar="RELATIVE", help="The relative's name or telephone.")]
Relation = Annotated[str | None, typer.Option(help="What the relative is to them: daughter.")]
Email = Annotated[str | None, typer.Option("--email", help="Their e-mail address; empty for none.")]
Spoken = Annotated[str | None, typer.Option(help="The language of their texts and calls.")]


def list_relatives(resident: Who, as_json: Json = False) -> None:
    """Who of a resident's family is told how they are, and what of."""
    with installation_open(), reading() as session:
        who = find_resident(session, resident)
        note_read(who.id)
        known = resident_document(session, who)["relatives"]
    if as_json:
        print_json(known)
        return
    show_table(
        ("full name", "relation", "telephone", "is told"),
        [(each["name"], each["relation"], words.numbers([each["number"]]), words.wants(each["wants"]))
         for each in known],
        "No relative is written down: zaoan relative add RESIDENT --name NAME --phone NUMBER",
    )  # fmt: skip


def add(
    resident: Who,
    name: Annotated[str, typer.Option(help="The relative's name.")],
    phone: Annotated[str, typer.Option(help="The relative's telephone.")],
    relation: Relation = None,
    wants: Wanted = None,
    language: Spoken = None,
    email: Email = None,
    as_json: Json = False,
) -> None:
    """Writes down a relative; they are told from now on what they want to know."""
    with installation_open() as chosen, unit_of_work() as session:
        who = find_resident(session, resident)
        told = relative_told(name=name, number=phone, relation=relation, wants=wants, language=language,
                             email=email)  # fmt: skip
        with naming_options():
            changes = relative_changes.add(session, acting(), who.id, told, our_numbers(session, chosen))
        _tell(who.name, str(who.id), changes, as_json=as_json)


def change(
    resident: Who,
    relative: Relative,
    name: Annotated[str | None, typer.Option(help="The relative's name.")] = None,
    phone: Annotated[str | None, typer.Option(help="The relative's telephone.")] = None,
    relation: Relation = None,
    wants: Wanted = None,
    language: Spoken = None,
    email: Email = None,
    as_json: Json = False,
) -> None:
    """Changes what is written down about a relative; texts that wait do not go to a telephone they had."""
    from campaigns.people import resident_status

    with installation_open() as chosen, unit_of_work() as session:
        who, ours = find_resident(session, resident), our_numbers(session, chosen)
        told = relative_told(name=name, number=phone, relation=relation, wants=wants, language=language,
                             email=email)  # fmt: skip
        with naming_options():
            changes = resident_status.change_relative(session, acting(), who.id, relative, told, ours)
        _tell(who.name, str(who.id), changes, as_json=as_json)


def remove(resident: Who, relative: Relative, as_json: Json = False) -> None:
    """The relative is told nothing any more, not even what waits to be sent."""
    from campaigns.people import resident_status

    with installation_open(), unit_of_work() as session:
        who = find_resident(session, resident)
        changes = resident_status.remove_relative(session, acting(), who.id, relative)
        _tell(who.name, str(who.id), changes, as_json=as_json)


def _tell(name: str, resident_id: str, changes: list[Changed], *, as_json: bool) -> None:
    if as_json:
        print_json({"resident": name, "id": resident_id, "changes": changes_document(changes)})
    else:
        say_changes(name, changes)
