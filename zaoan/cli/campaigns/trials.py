"""``zaoan trial`` and ``zaoan trials``: do the keys of a resident's telephone arrive, and what the calls have shown."""

from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from campaigns.models import Trial
from campaigns.queries import trials as trial_queries
from contacts.community.community import the_community
from contacts.people.person_lookup import find_resident
from core import settings
from core.i18n import translate
from core.storage.database import reading, unit_of_work
from zaoan.terminal.common import Json, acting, installation_open, minute, print_json, say
from zaoan.terminal.file_reads import note_read
from zaoan.terminal.tables import show_table


def trial(
    resident: Annotated[str, typer.Argument(help="The resident's name, or a telephone number of theirs.")],
    as_json: Json = False,
) -> None:
    """Rings a resident who has agreed, to practise the keys.

    What comes of it is told by `zaoan trials`.
    """
    from campaigns.rounds import trials  # loads the ladders too, which whoever only looks at trials does not need

    with installation_open():
        with unit_of_work() as session:
            begun = trials.begin(session, acting(), find_resident(session, resident))
            name = begun.resident.name
        if as_json:
            print_json({"id": str(begun.id), "resident": name})
        else:
            say("{name} is rung for a trial call. What comes of it: zaoan trials", name=name)


def list_trials(as_json: Json = False) -> None:
    """The latest trial call of every resident, and what it has shown."""
    with installation_open(), reading() as session:
        note_read()
        zone = ZoneInfo(the_community(session).timezone)
        known = [_document(each, zone) for each in trial_queries.latest_trials(session)]
    if as_json:
        print_json(known)
        return
    show_table(
        ("resident", "started", "outcome", "attempts", "suggestion"),
        [(each["resident"], minute(each["begun_at"], zone), _word(f"trial:{each['result'] or 'open'}"),
          str(each["attempts"]), _word("trial:suggests_flag") if each["suggests"] else "") for each in known],
        "There have been no trial calls yet: zaoan trial NAME",
    )  # fmt: skip


def _document(each: Trial, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "id": str(each.id),
        "resident": each.resident.name,
        "resident_id": str(each.resident_id),
        "begun_at": each.begun_at.astimezone(zone).isoformat(),
        "result": each.result,
        "keys": list(each.practised),
        "attempts": each.attempts,
        "suggests": "cannot_press_keys" if each.suggests_flag else None,
    }


def _word(word: str) -> str:
    return translate(settings.current().language, word)
