"""``zaoan import`` and ``zaoan export``: people from and to a spreadsheet."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from sqlalchemy.orm import Session

from contacts.columns.columns import Kind
from contacts.models import Removal
from core import settings
from core.actors import Actor
from core.errors import UserError
from core.i18n import translate
from core.storage.database import reading
from zaoan.terminal.common import (
    Json,
    acting,
    console,
    installation_made,
    installation_open,
    our_numbers,
    print_json,
    say,
)
from zaoan.terminal.file_reads import note_read
from zaoan.terminal.spoken import complain
from zaoan.terminal.words import Word


class Absent(StrEnum):
    """What becomes of residents whom a list does not name any more."""

    KEEP = "keep"
    REMOVE = "remove"


FILE_KIND = Word(
    Kind,
    {
        Kind.RESIDENTS: ("居民", "老人", "居民名册", "resident"),
        Kind.RESPONDERS: ("帮助的人", "志愿者", "响应人员", "工作人员", "负责人", "responder", "helpers"),
    },
)
MISSING = Word(Absent, {Absent.KEEP: ("保留",), Absent.REMOVE: ("移出", "移除", "删除")})


def import_file(
    file: Annotated[Path, typer.Argument(help="A spreadsheet: xlsx, xls, ods or csv.")],
    kind: Annotated[Kind, typer.Option(parser=FILE_KIND, help="What its rows are.")] = Kind.RESIDENTS,
    consent: Annotated[str | None, typer.Option(help="How everybody in the file agreed, and when.")] = None,
    missing: Annotated[
        Absent, typer.Option(parser=MISSING, help="Residents whom the file does not name: keep them, or remove them.")
    ] = Absent.KEEP,
    with_hidden: Annotated[
        bool, typer.Option("--with-hidden", help="Takes hidden sheets, and rows that a filter hides, as well.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only says what would happen.")] = False,
    as_json: Json = False,
) -> None:
    """Imports residents or responders from a spreadsheet; again, it changes only what differs."""
    from contacts.importing.importing import (
        run_import,  # reading lists and saying names is loaded by whoever has a list
    )
    from zaoan.cli.lists.import_report import import_document, say_import

    with installation_made() as chosen:
        with reading() as session:
            ours = our_numbers(session, chosen)
        note_read()
        who = acting()
        leaving = _remover(who, kind) if missing is Absent.REMOVE else None
        with _progress(as_json) as progress:
            report = run_import(
                kind, file, consent=consent, dry_run=dry_run, actor=who, ours=ours, with_hidden=with_hidden,
                progress=progress, remove=leaving,
            )  # fmt: skip
        if as_json:
            print_json(import_document(report))
        else:
            say_import(report)
            if leaving and report.missing:
                say("Nobody was removed, because rows with mistakes were left out, which may be theirs.")
        for problem in report.problems:
            complain(problem.describe(settings.current().language))
        if report.problems:
            raise typer.Exit(1)


@contextmanager
def _progress(as_json: bool) -> Iterator[Callable[[int, int], None]]:
    """A bar beside the output, where somebody looks at a terminal."""
    from rich.progress import Progress

    err = console(stderr=True)
    with Progress(console=err, transient=True, disable=as_json or not err.is_terminal) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _remover(actor: Actor, kind: Kind) -> Callable[[Session, UUID], object]:
    """Takes a resident out, as ``zaoan resident remove`` does; raises ``UserError`` for a list of responders."""
    if kind is not Kind.RESIDENTS:
        raise UserError("Only residents are removed by a list.", way_out="Leave out --missing.", field="missing",
                        value=Absent.REMOVE)  # fmt: skip
    from campaigns.people import resident_status  # loads the ladders and all that is said, for a few

    note = translate(settings.current().language, "no longer in the list")

    def remove(session: Session, resident_id: UUID) -> None:
        resident_status.remove(session, actor, resident_id, Removal.OTHER, note)

    return remove


def export(
    file: Annotated[
        Path | None, typer.Argument(help="The spreadsheet to write: xlsx, which keeps every cell as it is, or csv.")
    ] = None,
    kind: Annotated[Kind, typer.Option(parser=FILE_KIND, help="Who is written to it.")] = Kind.RESIDENTS,
) -> None:
    """Writes all residents, or all responders, to a spreadsheet that can be imported again."""
    from contacts.importing.exporting import export_residents, export_responders

    named = file or Path(kind)
    chosen = named if named.suffix else named.with_suffix(".xlsx")
    with installation_open():
        note_read()
        if kind is Kind.RESIDENTS:
            say("{residents} residents written to {file}.", residents=export_residents(chosen), file=chosen)
        else:
            say("{responders} responders written to {file}.", responders=export_responders(chosen), file=chosen)
