"""``zaoan relative``: who of a resident's family is told how they are."""

from typing import Annotated
from uuid import UUID

import typer
from sqlalchemy.orm import Session

from contacts import relative_links
from contacts.people import relative_changes
from contacts.people.person_lookup import find_resident
from core.changes import Changed
from core.storage.database import reading, unit_of_work
from zaoan.cli.people import resident_words as words
from zaoan.cli.people.resident_changes import Wanted, Who, relative_told
from zaoan.cli.people.shared import changes_document, naming_options, say_changes
from zaoan.cli.resident_documents import resident_document
from zaoan.terminal.common import Json, acting, installation_open, our_numbers, print_json, say
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


def link(
    resident: Who,
    relative: Relative,
    send: Annotated[bool, typer.Option("--send", help="Send it to their telephone as a text.")] = False,
    end: Annotated[bool, typer.Option("--end", help="End every link of theirs instead.")] = False,
    as_json: Json = False,
) -> None:
    """Gives a relative the link to their page: how the resident is, and what they can say to us."""
    with installation_open(), unit_of_work() as session:
        who = find_resident(session, resident)
        known = relative_changes.find(session, who.id, relative)
        if end:
            _say_ended(known.name, relative_links.end(session, acting(), who.id, known.id), as_json=as_json)
            return
        address = _given(session, known.id, send=send)
        name = known.name
    if as_json:
        print_json({"relative": name, "address": address, "sent": send})
    else:
        say("The link has been sent to {name}: {address}" if send else "The link of {name}: {address}", name=name,
            address=address)  # fmt: skip


def _given(session: Session, relative_id: UUID, *, send: bool) -> str:
    from campaigns.family import invitations

    give = invitations.send if send else relative_links.give
    return give(session, acting(), relative_id)


def _say_ended(name: str, ended: int, *, as_json: bool) -> None:
    if as_json:
        print_json({"relative": name, "ended": ended})
    else:
        say("Links of {name} ended: {ended}.", name=name, ended=ended)


def _tell(name: str, resident_id: str, changes: list[Changed], *, as_json: bool) -> None:
    if as_json:
        print_json({"resident": name, "id": resident_id, "changes": changes_document(changes)})
    else:
        say_changes(name, changes)
