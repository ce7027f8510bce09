"""``zaoan resident phone``: whether one of a resident's telephones may be rung."""

from datetime import datetime, time
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from contacts.community.community import the_community
from contacts.days import day
from contacts.models import PhoneState
from contacts.people import absences
from contacts.people.person_lookup import find_resident
from core.storage.database import unit_of_work
from zaoan.cli.people.resident_changes import Who
from zaoan.cli.people.shared import changes_document, naming_options, say_changes
from zaoan.terminal.common import Json, acting, installation_open, print_json
from zaoan.terminal.words import Word

STATE = Word(PhoneState, prefix="phone:")


def phone(
    resident: Who,
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="A telephone of theirs.")],
    state: Annotated[PhoneState, typer.Option(parser=STATE, help="good, wrong or out_of_service.")],
    since: Annotated[str, typer.Option(help="Since which day, 2026-12-01; by default now.")] = "",
    as_json: Json = False,
) -> None:
    """Whether a telephone may be rung; one that may not stops ringing, and the next one is tried."""
    from campaigns.people import (
        resident_status,  # loads half of the service: the list of residents starts faster without
    )

    with installation_open(), unit_of_work() as session:
        who, zone = find_resident(session, resident), ZoneInfo(the_community(session).timezone)
        first = day(since, absences.local_today(session, who), "since") if since else None
        at = datetime.combine(first, time(0), zone) if first else None
        with naming_options():
            changes = resident_status.set_phone_state(session, acting(), who.id, number, state, at)
        if as_json:
            print_json({"resident": who.name, "id": who.id, "changes": changes_document(changes)})
        else:
            say_changes(who.name, changes)
