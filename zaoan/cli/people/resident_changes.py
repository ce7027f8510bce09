"""``zaoan resident set``: changes what is written down about one resident, and says what it was before."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated
from uuid import UUID

import typer
from sqlalchemy.orm import Session

from contacts import queries_numbers
from contacts.columns import vocabulary
from contacts.people import relative_changes, resident_changes
from contacts.people.finding import find_resident
from contacts.people.particulars import Particulars, RelativeParticulars
from contacts.phones import PhoneError
from contacts.queries_numbers import NumberInHomes, SharedNumber
from contacts.rows import cells
from core import settings
from core.changes import Changed
from core.errors import UserError
from core.i18n import translate
from core.storage.database import unit_of_work
from core.timbre import Timbre
from zaoan.cli.people import resident_words as words
from zaoan.cli.people.shared import say_shared
from zaoan.terminal.common import Json, acting, installation_open, our_numbers, print_json, say

_LABELS = {"telephones": "telephone", "called": "form of address", "timbre": "voice", "call_time": "call time",
           "birth_year": "birth year"}  # fmt: skip


def change(
    resident: Annotated[
        str, typer.Argument(metavar="RESIDENT", help="Their name, a telephone of theirs, or their id.")
    ],
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
    notes: Annotated[str | None, typer.Option(help="What a helper needs to know.")] = None,
    relative: Annotated[str, typer.Option(help="A relative to add or change: their name or telephone.")] = "",
    relative_name: Annotated[str | None, typer.Option(help="The relative's name.")] = None,
    relative_phone: Annotated[str | None, typer.Option(help="The relative's telephone.")] = None,
    relation: Annotated[str | None, typer.Option(help="What the relative is to them: daughter.")] = None,
    wants: Annotated[str | None, typer.Option(help="What the relative wants to be told.")] = None,
    remove_relative: Annotated[str, typer.Option(help="A relative to be told nothing more.")] = "",
    as_json: Json = False,
) -> None:
    """Changes what is written down about a resident; today's calls follow at once."""
    from campaigns import resident_status  # loads half of the service: the list of residents starts faster without

    with installation_open() as chosen, unit_of_work() as session:
        who, actor = find_resident(session, resident), acting()
        ours = our_numbers(session, chosen)
        about_relative = _about_relative(relative, _relative(relative_name, relative_phone, relation, wants))
        told = _particulars(name, called, reading, birth_year, language, pace, voice, call_time, notes)
        changes = resident_changes.set_particulars(session, actor, who.id, told)
        if phone is not None or second_phone is not None:
            with _naming_options():
                changes += resident_status.set_numbers(session, actor, who.id, phone, second_phone, ours)
        if add_flag or remove_flag:
            changes += resident_changes.set_flags(session, actor, who.id, vocabulary.separated(add_flag),
                                                  vocabulary.separated(remove_flag))  # fmt: skip
        if relative:
            with _naming_options():
                changes += relative_changes.put(session, actor, who.id, relative, about_relative, ours)
        if remove_relative:
            changes += relative_changes.remove(session, actor, who.id, remove_relative)
        shared = _shared(session, who.community_id, changes)
        _tell(who.name, str(who.id), changes, shared, as_json=as_json)


def _about_relative(relative: str, told: RelativeParticulars) -> RelativeParticulars:
    """What is told of the relative; a relative has to be meant."""
    if told and not relative:
        raise UserError("It is not said which relative is meant.", way_out="Name them with --relative.",
                        field="relative", value="")  # fmt: skip
    return told


@contextmanager
def _naming_options() -> Iterator[None]:
    """A telephone that is refused names the option in which it was written."""
    try:
        yield
    except PhoneError as wrong:
        said = wrong.describe(settings.current().language)
        option = f"--{wrong.field}".replace("_", "-")
        raise UserError("{option}: {said}", field=wrong.field, value=wrong.value, option=option, said=said) from wrong


def _shared(
    session: Session, community_id: UUID, changes: list[Changed]
) -> tuple[Sequence[SharedNumber], Sequence[NumberInHomes]]:
    """Which of the telephones that are new with this change somebody else has as well."""
    new = {
        number
        for each in changes
        if each.what == "telephones"
        for number in set(_listed(each.after)) - set(_listed(each.before))
    }
    return (
        [each for each in queries_numbers.shared_numbers(session, community_id) if each.number in new],
        [each for each in queries_numbers.numbers_in_several_homes(session, community_id) if each.number in new],
    )


def _listed(known: object) -> Sequence[str]:
    return known if isinstance(known, list) else []


def _particulars(
    name: str | None,
    called: str | None,
    reading: str | None,
    birth_year: str | None,
    language: str | None,
    pace: str | None,
    voice: str | None,
    call_time: str | None,
    notes: str | None,
) -> Particulars:
    """What was given; an empty text empties what may be empty."""
    told = Particulars()
    if name is not None:
        told["name"] = name
    if called is not None:
        told["called"] = called
    if reading is not None:
        told["reading"] = reading
    if birth_year is not None:
        told["birth_year"] = cells.birth_year(birth_year) if birth_year else None
    if language is not None:
        told["language"] = cells.language(language)
    if pace is not None:
        told["pace"] = cells.pace(pace) if pace else None
    if voice is not None:
        told["timbre"] = cells.voice(voice) if voice else Timbre.USUAL
    if call_time is not None:
        told["call_time"] = cells.time_of_day(call_time) if call_time else None
    if notes is not None:
        told["notes"] = notes
    return told


def _relative(name: str | None, number: str | None, relation: str | None, wants: str | None) -> RelativeParticulars:
    told = RelativeParticulars()
    if name is not None:
        told["name"] = name
    if number is not None:
        told["number"] = number
    if relation is not None:
        told["relation"] = relation
    if wants is not None:
        told["wants"] = cells.wants(wants)
    return told


def _tell(
    name: str,
    resident_id: str,
    changes: list[Changed],
    shared: tuple[Sequence[SharedNumber], Sequence[NumberInHomes]],
    *,
    as_json: bool,
) -> None:
    if as_json:
        told = [{"what": each.what, "before": each.before, "after": each.after} for each in changes]
        both, in_homes = ([vars(each) for each in found] for found in shared)
        print_json({"resident": name, "id": resident_id, "changes": told, "shared_telephones": both,
                    "telephones_in_several_homes": in_homes})  # fmt: skip
        return
    if not changes:
        say("{name}: nothing has changed.", name=name)
    for each in changes:
        label = translate(settings.current().language, _LABELS.get(each.what, each.what))
        say("{name}, {what}: {before} → {after}", name=name, what=label, before=words.value(each.what, each.before),
            after=words.value(each.what, each.after))  # fmt: skip
    say_shared(*shared)
