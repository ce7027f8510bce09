"""``zaoan responder list`` and ``show``: who can go and help, and which areas each of them looks after."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

import typer

from contacts import phones, queries
from contacts.community.community import the_community
from contacts.models import Area, Responder
from contacts.people.person_lookup import find_responder
from contacts.profiles import area_written
from core import settings
from core.i18n import Language, listed, translate
from core.short_ids import short
from core.storage.database import reading
from zaoan.terminal.common import Json, installation_open, minute, print_fields, print_json
from zaoan.terminal.file_reads import note_read
from zaoan.terminal.tables import show_table

WHOLE = "the whole community"
Who = Annotated[str, typer.Argument(metavar="RESPONDER", help="Their name, their telephone number, or their id.")]


def list_responders(
    removed: Annotated[bool, typer.Option("--removed", help="Only those who have been removed.")] = False,
    as_json: Json = False,
) -> None:
    """Everybody who can go and help: their role, all areas that they look after, and their telephone."""
    with installation_open(), reading() as session:
        community = the_community(session)
        note_read()
        tree = queries.areas(session, community.id)
        find = queries.removed_responders if removed else queries.all_responders
        known = [document_of(each, tree) for each in find(session, community.id)]
    if as_json:
        print_json(known)
        return
    show_table(
        ("id", "full name", "role", "looks after", "telephone", "also speaks", "can do"),
        [(short(each["id"]), each["name"], _word(f"role:{each['role']}"), _areas(each),
          " / ".join(phones.formatted(number, community.region) for number in _telephones(each)),
          _named("speaks", each["languages"]), _named("skill", each["skills"])) for each in known],
        "Nobody has been removed." if removed else "No responder is known yet: zaoan import FILE --kind responders",
    )  # fmt: skip


def show(responder: Who, as_json: Json = False) -> None:
    """Everything that is known of one responder."""
    with installation_open(), reading() as session:
        community = the_community(session)
        who = find_responder(session, responder)
        note_read(who.id)
        document = document_of(who, queries.areas(session, community.id))
    if as_json:
        print_json(document)
        return
    print_fields(
        {
            "id": short(document["id"]),
            "name": document["name"],
            "role": _word(f"role:{document['role']}"),
            "looks after": _areas(document),
            "telephone": phones.formatted(document["telephone"], community.region),
            **(
                {"second telephone": phones.formatted(document["second_telephone"], community.region)}
                if document["second_telephone"]
                else {}
            ),
            "language": document["language"],
            "e-mail": document["e_mail"],
            "chat address": document["chat_address"],
            "also speaks": _named("speaks", document["languages"]),
            "can do": _named("skill", document["skills"]),
            "PIN": _word("has one" if document["has_pin"] else "has none"),
            "removed": minute(document["removed_at"], ZoneInfo(community.timezone)),
        }
    )


def document_of(responder: Responder, tree: Mapping[UUID, Area]) -> dict[str, Any]:
    """For programs; areas are Chinese as in a spreadsheet, and none is the whole community."""
    areas = [area_written(each, tree) for each in responder.areas]
    return {
        "id": responder.id,
        "name": responder.name,
        "role": responder.role,
        "areas": [each.chinese for each in areas],
        "areas_in_english": [each.english for each in areas],
        "whole_community": not areas,
        "telephone": responder.number,
        "second_telephone": responder.second_number,
        "language": responder.language,
        "e_mail": responder.email,
        "chat_address": responder.chat_address,
        "languages": list(responder.languages),
        "skills": list(responder.skills),
        "has_pin": responder.pin is not None,
        "removed_at": responder.removed_at.isoformat() if responder.removed_at else None,
    }


def _telephones(document: Mapping[str, Any]) -> list[str]:
    return [number for number in (document["telephone"], document["second_telephone"]) if number]


def _areas(document: Mapping[str, Any]) -> str:
    if document["whole_community"]:
        return _word(WHOLE)
    named = document["areas"] if settings.current().language is Language.CHINESE else document["areas_in_english"]
    return listed(settings.current().language, named)


def _named(kind: str, words: Sequence[str]) -> str:
    return listed(settings.current().language, [_word(f"{kind}:{each}") for each in words])


def _word(key: str) -> str:
    return translate(settings.current().language, key)
