"""``zaoan resident set`` and ``move``: changes what is written down about one resident, and says what it was before."""

from collections.abc import Sequence
from typing import Annotated, Any, cast

import typer

from contacts.columns import vocabulary
from contacts.people import households, resident_changes
from contacts.people.health_notes import set_health_notes
from contacts.people.households import Written
from contacts.people.particulars import Particulars, RelativeParticulars
from contacts.people.person_lookup import find_resident
from core.changes import Changed
from core.errors import UserError
from core.storage.database import unit_of_work
from zaoan.cli.people.shared import (
    changes_document,
    naming_options,
    say_changes,
    say_shared,
    shared_document,
    shared_with,
)
from zaoan.terminal.common import Json, acting, installation_open, our_numbers, print_json

Who = Annotated[str, typer.Argument(metavar="RESIDENT", help="Their name, a telephone of theirs, or their id.")]
Building = Annotated[str, typer.Option(help="Their building: 3号楼.")]
Unit = Annotated[str, typer.Option(help="Their unit: 2单元; 无 if the home has none.")]
Room = Annotated[str, typer.Option(help="Their room: 301.")]
Wanted = Annotated[
    str | None, typer.Option(help="What the relative wants to be told: everything, problems, daily, weekly or nothing.")
]
Address = Annotated[str, typer.Option(help="The whole address instead: 3号楼2单元301室.")]


def change(
    resident: Who,
    name: Annotated[str | None, typer.Option(help="Their name.")] = None,
    called: Annotated[str | None, typer.Option(help="How the voice addresses them: 王奶奶.")] = None,
    reading: Annotated[
        str | None, typer.Option(help="How their family reads the name, in pinyin: gě; empty for the usual reading.")
    ] = None,
    phone: Annotated[str | None, typer.Option(help="The telephone that is tried first.")] = None,
    second_phone: Annotated[str | None, typer.Option(help="Another telephone; empty to take it away.")] = None,
    add_flag: Annotated[str, typer.Option(help="Flags to add, separated by commas.")] = "",
    remove_flag: Annotated[str, typer.Option(help="Flags to take away, separated by commas.")] = "",
    birth_year: Annotated[str | None, typer.Option(help="Year of birth; empty for unknown.")] = None,
    language: Annotated[str | None, typer.Option(help="The language they hear.")] = None,
    pace: Annotated[str | None, typer.Option(help="Characters or words a minute; empty for the usual.")] = None,
    voice: Annotated[str | None, typer.Option(help="Which voice they understand best.")] = None,
    call_time: Annotated[str | None, typer.Option(help="When they wish to be rung, 09:30; empty for none.")] = None,
    access_notes: Annotated[str | None, typer.Option(help="The way into their home, for a helper at the door.")] = None,
    notes: Annotated[str | None, typer.Option(help="What a helper needs to know.")] = None,
    health: Annotated[
        str | None, typer.Option(help="What is known of their health, kept apart; empty to forget it.")
    ] = None,
    relative: Annotated[str, typer.Option(help="A relative to add or change: their name or telephone.")] = "",
    relative_name: Annotated[str | None, typer.Option(help="The relative's name.")] = None,
    relative_phone: Annotated[str | None, typer.Option(help="The relative's telephone.")] = None,
    relation: Annotated[str | None, typer.Option(help="What the relative is to them: daughter.")] = None,
    wants: Wanted = None,
    relative_email: Annotated[str | None, typer.Option(help="The relative's e-mail address; empty for none.")] = None,
    remove_relative: Annotated[str, typer.Option(help="A relative to be told nothing more.")] = "",
    as_json: Json = False,
) -> None:
    """Changes what is written down about a resident; today's calls follow at once."""
    from campaigns.people import (
        resident_status,  # loads half of the service: the list of residents starts faster without
    )

    with installation_open() as chosen, unit_of_work() as session:
        who, actor = find_resident(session, resident), acting()
        ours = our_numbers(session, chosen)
        about_relative = _about_relative(
            relative,
            relative_told(name=relative_name, number=relative_phone, relation=relation, wants=wants,
                          email=relative_email),
        )  # fmt: skip
        told = told_of(name=name, called=called, reading=reading, birth_year=birth_year, language=language, pace=pace,
                       timbre=voice, call_time=call_time, notes=notes)  # fmt: skip
        changes = resident_changes.set_particulars(session, actor, who.id, told)
        if phone is not None or second_phone is not None:
            with naming_options():
                changes += resident_status.set_numbers(session, actor, who.id, phone, second_phone, ours)
        if add_flag or remove_flag:
            changes += resident_changes.set_flags(session, actor, who.id, vocabulary.separated(add_flag),
                                                  vocabulary.separated(remove_flag))  # fmt: skip
        if access_notes is not None:
            changes += households.set_access_notes(session, actor, who.id, access_notes)
        if health is not None:
            changes += set_health_notes(session, actor, who.id, health)
        if relative:
            with naming_options():
                changes += resident_status.put_relative(session, actor, who.id, relative, about_relative, ours)
        if remove_relative:
            changes += resident_status.remove_relative(session, actor, who.id, remove_relative)
        shared = shared_with(session, who.community_id, _new_numbers(changes))
        if as_json:
            print_json({"resident": who.name, "id": who.id, "changes": changes_document(changes)}
                       | shared_document(shared))  # fmt: skip
            return
        say_changes(who.name, changes)
        say_shared(*shared)


def move(
    resident: Who,
    building: Building = "",
    unit: Unit = "",
    room: Room = "",
    address: Address = "",
    access_notes: Annotated[str | None, typer.Option(help="The way into their home, for a helper at the door.")] = None,
    as_json: Json = False,
) -> None:
    """The resident lives in another home here from now on; consent, history and telephones stay as they are."""
    with installation_open(), unit_of_work() as session:
        who = find_resident(session, resident)
        home = Written(building, unit, room, address)
        changes = households.move(session, acting(), who.id, home, access_notes)
        if as_json:
            print_json({"resident": who.name, "id": who.id, "changes": changes_document(changes)})
        else:
            say_changes(who.name, changes)


def told_of(**given: Any) -> Particulars:
    """What was given of a person; an empty text empties what may be empty."""
    return cast("Particulars", {what: value for what, value in given.items() if value is not None})


def relative_told(**given: Any) -> RelativeParticulars:
    """What was given of a relative."""
    return cast("RelativeParticulars", {what: value for what, value in given.items() if value is not None})


def _about_relative(relative: str, told: RelativeParticulars) -> RelativeParticulars:
    """What is told of the relative; a relative has to be meant."""
    if told and not relative:
        raise UserError("It is not said which relative is meant.", way_out="Name them with --relative.",
                        field="relative", value="")  # fmt: skip
    return told


def _new_numbers(changes: Sequence[Changed]) -> set[str]:
    """The telephones that are new with these changes."""
    return {
        number
        for each in changes
        if each.what == "telephones"
        for number in set(_listed(each.after)) - set(_listed(each.before))
    }


def _listed(known: object) -> Sequence[str]:
    return known if isinstance(known, list) else []
