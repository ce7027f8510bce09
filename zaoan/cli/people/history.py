"""``zaoan resident history`` and ``zaoan household history``: who changed what of a file, and when."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from contacts.community.community import the_community
from contacts.history import histories
from contacts.history.moments import Moment
from contacts.homes.area_lookup import find_household
from contacts.people.person_lookup import find_resident
from core import settings
from core.storage.database import reading
from zaoan.cli.homes.household import Which
from zaoan.cli.people.resident_changes import Who
from zaoan.terminal.common import Json, installation_open, minute, print_json
from zaoan.terminal.file_reads import note_read
from zaoan.terminal.tables import show_table


def of_resident(resident: Who, as_json: Json = False) -> None:
    """What was changed of a resident's file and of their home, by whom and when, the newest first."""
    with installation_open(), reading() as session:
        who = find_resident(session, resident)
        note_read(who.id)
        found = histories.of_resident(session, who)
        zone = ZoneInfo(the_community(session).timezone)
    _tell(found, zone, as_json=as_json)


def of_household(household: Which, as_json: Json = False) -> None:
    """What was changed of a home, and of those whose people came from there, the newest first."""
    with installation_open(), reading() as session:
        home = find_household(session, household)
        note_read(home.id)
        found = histories.of_household(session, home.id)
        zone = ZoneInfo(the_community(session).timezone)
    _tell(found, zone, as_json=as_json)


def _tell(found: Sequence[Moment], zone: ZoneInfo, *, as_json: bool) -> None:
    if as_json:
        print_json([_document(each) for each in found])
        return
    language = settings.current().language
    show_table(("at", "who", "what"),
               [(minute(each.at, zone), each.who(language), each.words(language)) for each in found],
               "Nothing has been changed yet.")  # fmt: skip


def _document(moment: Moment) -> dict[str, Any]:
    return {"at": moment.at.isoformat(), "event": moment.event, "subject_id": str(moment.subject_id),
            "what": moment.what, "actor": moment.actor.facts | {"name": moment.name}}  # fmt: skip
