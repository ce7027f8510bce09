"""``zaoan resident export`` and ``erase``: what is kept about somebody, for them to read; and that none of it is."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from contacts.people.person_lookup import find_resident
from core import settings
from core.errors import ConflictError, UserError
from core.i18n import Language
from core.short_ids import short
from core.storage.database import reading, unit_of_work
from zaoan.cli.people.resident import Who
from zaoan.terminal.common import Json, acting, installation_open, misused, print_json, say, word
from zaoan.terminal.languages import LANGUAGE


def export(
    resident: Who,
    out: Annotated[Path, typer.Option("--out", help="The ZIP file to write; one that is there is not replaced.")],
    language: Annotated[
        Language | None, typer.Option(parser=LANGUAGE, help="In which language the parts are described.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Everything that is kept about a resident, for them to read: data.json and their recordings in a ZIP file."""
    from campaigns.privacy import export as exporting  # loads half of the service: who only looks starts faster without

    with installation_open(), unit_of_work() as session:
        who = find_resident(session, resident)
        done = exporting.export(session, acting(), who.id, language or settings.current().language)
        _write(out, done.archive())
        counts = {each["part"]: len(each["entries"]) for each in done.document["parts"]}
        if as_json:
            print_json({"resident": who.name, "id": str(who.id), "file": str(out), "parts": counts,
                        "sounds": len(done.sounds)})  # fmt: skip
            return
        say("All that is kept about {name} is in {file} (entries: {count}, recordings: {sounds}). Give it to nobody"
            " else.", name=who.name, file=out, count=sum(counts.values()), sounds=len(done.sounds))  # fmt: skip


def erase(
    resident: Who,
    reason: Annotated[str, typer.Option(help="Why, without their name: it is kept.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether it is really meant.")] = False,
    as_json: Json = False,
) -> None:
    """Erases all that is known of a resident who has left, for good; what rounds are counted by stays, as nobody's."""
    from campaigns.privacy import erasure

    with installation_open():
        with reading() as session:
            who = find_resident(session, resident)
        if not yes and who.erased_at is None:
            _confirm(who.name)
        with unit_of_work() as session:
            done = erasure.erase(session, acting(), who.id, reason)
        if as_json:
            print_json({"id": str(done.resident_id), "erased_at": done.at.isoformat(), "rows": done.rows})
        elif done.rows:
            say("What was known of {id} is erased (rows: {count}). Backups that were made before still have it until"
                " they are replaced.", id=short(done.resident_id), count=done.rows)  # fmt: skip
        else:
            say("What was known of {id} had been erased already.", id=short(done.resident_id))


def _confirm(name: str) -> None:
    if not _is_asked():
        misused(UserError("Erasing {value} cannot be undone.", way_out="Add --yes if it is really meant.", field="yes",
                          value=name))  # fmt: skip
    say("Everything that is known of {name} will be erased, and cannot be had back.", name=name)
    if not typer.confirm(word("Really?")):
        raise typer.Exit(1)


def _is_asked() -> bool:
    """Whether a person sits before this command, who can be asked."""
    return sys.stdin.isatty()


def _write(file: Path, archive: bytes) -> None:
    """Readable by this user alone."""
    try:
        with file.open("xb") as made:
            file.chmod(0o600)
            made.write(archive)
    except FileExistsError:
        raise ConflictError("{value} is there already.", way_out="Choose another name.", field="out",
                            value=str(file)) from None  # fmt: skip
    except OSError as wrong:
        raise UserError("{value} cannot be written.", way_out="Name a file in a folder that exists.", field="out",
                        value=str(file)) from wrong  # fmt: skip
