"""``zaoan responder add``, ``set``, ``remove`` and ``restore``: one responder at a time."""

from collections.abc import Sequence
from typing import Annotated, Any, cast

import typer
from sqlalchemy.orm import Session

from contacts import queries
from contacts.community.community import the_community
from contacts.importing.enlisting import empty_areas
from contacts.models import Responder
from contacts.people import responder_changes
from contacts.people.person_lookup import find_responder
from contacts.people.responder_changes import ResponderParticulars
from core.short_ids import short
from core.storage.database import unit_of_work
from zaoan.cli.people.responder import Who, document_of
from zaoan.cli.people.shared import (
    changes_document,
    naming_options,
    say_changes,
    say_shared,
    shared_document,
    shared_with,
)
from zaoan.terminal.common import Json, acting, installation_made, installation_open, our_numbers, print_json, say

Areas = Annotated[
    str | None, typer.Option(help="What they look after: 3号楼、5号楼2单元、第二网格; empty for the whole community.")
]
Second = Annotated[str | None, typer.Option(help="Another telephone; empty to take it away.")]
Spoken = Annotated[str | None, typer.Option(help="The language they hear.")]
Email = Annotated[str | None, typer.Option(help="Their e-mail address.")]
Chat = Annotated[str | None, typer.Option(help="The address of their chat group.")]
Languages = Annotated[
    str | None, typer.Option(help="What they speak besides that: Cantonese, local dialect; empty for nothing more.")
]
Skills = Annotated[
    str | None,
    typer.Option(
        help="What they can do: first aid, nursing, shopping, lifting, repairs, driving, company, counselling, devices."
    ),
]
Pin = Annotated[
    str | None, typer.Option(help="What they type when they ring in, 6 to 10 digits; empty to take it away.")
]


def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Their name.")],
    role: Annotated[str, typer.Option(help="volunteer, building head, grid worker, office, nurse or police liaison.")],
    phone: Annotated[str, typer.Option(help="The telephone that is tried first.")],
    area: Areas = None,
    second_phone: Second = None,
    language: Spoken = None,
    email: Email = None,
    chat_address: Chat = None,
    languages: Languages = None,
    skills: Skills = None,
    pin: Pin = None,
    as_json: Json = False,
) -> None:
    """Writes down somebody who can go and help; they are asked at once."""
    told = _told(name=name, role=role, number=phone, second_number=second_phone, language=language, email=email,
                 chat_address=chat_address, pin=pin, areas=area, languages=languages, skills=skills)  # fmt: skip
    with installation_made() as chosen, unit_of_work() as session:
        community, ours = the_community(session), our_numbers(session, chosen)
        with naming_options():
            who = responder_changes.add(session, acting(), community, told, ours)
        if as_json:
            print_json(document_of(who, queries.areas(session, community.id)) | _shared_document(session, who))
            return
        say("{name} is written down as one who can go and help.", name=who.name)
        _say_about(session, who)


def change(
    responder: Who,
    name: Annotated[str | None, typer.Option(help="Their name.")] = None,
    role: Annotated[
        str | None, typer.Option(help="volunteer, building head, grid worker, office, nurse or police liaison.")
    ] = None,
    phone: Annotated[str | None, typer.Option(help="The telephone that is tried first.")] = None,
    area: Areas = None,
    second_phone: Second = None,
    language: Spoken = None,
    email: Email = None,
    chat_address: Chat = None,
    languages: Languages = None,
    skills: Skills = None,
    pin: Pin = None,
    as_json: Json = False,
) -> None:
    """Changes what is written down about a responder; a telephone that is theirs no more stops ringing."""
    from campaigns.people import (
        responder_status,  # loads half of the service: the list of responders starts faster without
    )

    told = _told(name=name, role=role, number=phone, second_number=second_phone, language=language, email=email,
                 chat_address=chat_address, pin=pin, areas=area, languages=languages, skills=skills)  # fmt: skip
    with installation_open() as chosen, unit_of_work() as session:
        who, ours = find_responder(session, responder), our_numbers(session, chosen)
        with naming_options():
            changes = responder_status.change(session, acting(), who.id, told, ours)
        if as_json:
            print_json({"responder": who.name, "id": who.id, "changes": changes_document(changes)}
                       | _shared_document(session, who))  # fmt: skip
            return
        say_changes(who.name, changes)
        if changes:
            _say_about(session, who)


def remove(responder: Who, as_json: Json = False) -> None:
    """The responder is asked about nothing any more; what they have in hand goes to others at once."""
    from campaigns.people import responder_status

    with installation_open(), unit_of_work() as session:
        who = find_responder(session, responder)
        done = responder_status.remove(session, acting(), who.id)
        if as_json:
            print_json({"responder": who.name, "id": who.id, "removed_at": done.at.isoformat(),
                        "handed_back": [str(each.id) for each in done.handed_back]})  # fmt: skip
            return
        say("{name} is asked about nothing any more; what they have done is kept.", name=who.name)
        if done.handed_back:
            say("They had cases in hand ({count}), about which others are asked now: {cases}",
                count=len(done.handed_back), cases=[short(each.id) for each in done.handed_back])  # fmt: skip
        if not queries.all_responders(session, who.community_id):
            say("Nobody is left who can be asked: zaoan responder add NAME --role ROLE --phone NUMBER")


def restore(responder: Who, as_json: Json = False) -> None:
    """Takes a removal back: the responder is asked as before."""
    with installation_open(), unit_of_work() as session:
        who = responder_changes.restore(session, acting(), find_responder(session, responder).id)
        if as_json:
            print_json(document_of(who, queries.areas(session, who.community_id)))
        else:
            say(
                "{name} is asked again, and needs a new PIN to ring in: zaoan responder set {name} --pin", name=who.name
            )


def _told(**given: Any) -> ResponderParticulars:
    return cast("ResponderParticulars", {what: value for what, value in given.items() if value is not None})


def _say_about(session: Session, who: Responder) -> None:
    """Who else has their telephone, and areas in which nobody lives."""
    for area, likely in empty_areas(session, who):
        say("There is no home yet in “{area}”. If it is written otherwise in the list of residents, write it the same.",
            area=area)  # fmt: skip
        if likely:
            say("There are homes in {likely}: perhaps that is meant.", likely=list(likely))
    say_shared(*shared_with(session, who.community_id, _numbers(who)))


def _shared_document(session: Session, who: Responder) -> dict[str, object]:
    return shared_document(shared_with(session, who.community_id, _numbers(who)))


def _numbers(who: Responder) -> Sequence[str]:
    return who.numbers
