"""``zaoan resident add``: takes in one resident, as a row of a list would."""

from typing import Annotated

import typer

from contacts.columns import vocabulary
from contacts.community.community import the_community
from contacts.people import new_residents
from contacts.people.households import Written
from contacts.people.new_residents import NewResident
from core.storage.database import unit_of_work
from zaoan.cli.people.resident import next_round_document, say_next_round
from zaoan.cli.people.resident_changes import Address, Building, Room, Unit, Wanted, relative_told, told_of
from zaoan.cli.people.shared import naming_options, say_shared, shared_document, shared_with
from zaoan.cli.resident_documents import resident_document
from zaoan.terminal.common import Json, acting, installation_made, our_numbers, print_json, say


def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Their name.")],
    phone: Annotated[str, typer.Option(help="The telephone that is tried first.")],
    building: Building = "",
    unit: Unit = "",
    room: Room = "",
    address: Address = "",
    consent: Annotated[
        str, typer.Option(help="How and when they have agreed to be called; without it they are never rung.")
    ] = "",
    called: Annotated[str | None, typer.Option(help="How the voice addresses them: 王奶奶.")] = None,
    reading: Annotated[
        str | None, typer.Option(help="How their family reads the name, in pinyin: gě; empty for the usual reading.")
    ] = None,
    second_phone: Annotated[str, typer.Option(help="Another telephone to try.")] = "",
    flags: Annotated[str, typer.Option(help="Flags, separated by commas: 独居,空巢.")] = "",
    birth_year: Annotated[str | None, typer.Option(help="Year of birth; empty for unknown.")] = None,
    language: Annotated[str | None, typer.Option(help="The language they hear.")] = None,
    pace: Annotated[str | None, typer.Option(help="Characters or words a minute; empty for the usual.")] = None,
    voice: Annotated[str | None, typer.Option(help="Which voice they understand best.")] = None,
    call_time: Annotated[str | None, typer.Option(help="When they wish to be rung, 09:30; empty for none.")] = None,
    access_notes: Annotated[str, typer.Option(help="The way into their home, for a helper at the door.")] = "",
    notes: Annotated[str | None, typer.Option(help="What a helper needs to know.")] = None,
    relative_name: Annotated[str | None, typer.Option(help="The relative's name.")] = None,
    relative_phone: Annotated[str | None, typer.Option(help="The relative's telephone.")] = None,
    relation: Annotated[str | None, typer.Option(help="What the relative is to them: daughter.")] = None,
    wants: Wanted = None,
    as_json: Json = False,
) -> None:
    """Takes in a resident; whoever has agreed is rung from the next round on."""
    told = told_of(name=name, called=called, reading=reading, birth_year=birth_year, language=language, pace=pace,
                   timbre=voice, call_time=call_time, notes=notes)  # fmt: skip
    close = relative_told(name=relative_name, number=relative_phone, relation=relation, wants=wants)
    new = NewResident(
        told, Written(building, unit, room, address), phone, second_phone, vocabulary.separated(flags), access_notes,
        consent, [close] if close else [],
    )  # fmt: skip
    with installation_made() as chosen, unit_of_work() as session:
        community = the_community(session)
        with naming_options():
            who = new_residents.create(session, acting(), community, new, our_numbers(session, chosen))
        document = resident_document(session, who)
        shared = shared_with(session, community.id, document["telephones"])
        if as_json:
            print_json(document | next_round_document(session, who) | shared_document(shared))
            return
        say("{name} is enrolled: {place}.", name=who.name, place=document["place"])
        say_next_round(session, who)
        say_shared(*shared)
