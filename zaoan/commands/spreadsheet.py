"""``zaoan import`` and ``zaoan export``: people from and to a spreadsheet."""

from pathlib import Path
from typing import Annotated

import typer

from contacts.exporting import export_residents
from contacts.importing import Kind, run_import
from core import settings
from zaoan import wiring
from zaoan.commands.common import Json, acting, err, installation_made, installation_open, print_json, say
from zaoan.commands.import_report import import_document, say_import
from zaoan.commands.words import FILE_KINDS, Word

FILE_KIND = Word(Kind, FILE_KINDS)


def import_file(
    file: Annotated[Path, typer.Argument(help="A spreadsheet: csv or xlsx.")],
    kind: Annotated[Kind, typer.Option(parser=FILE_KIND, help="What its rows are.")] = Kind.RESIDENTS,
    consent: Annotated[str | None, typer.Option(help="How everybody in the file agreed, and when.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only says what would happen.")] = False,
    as_json: Json = False,
) -> None:
    """Imports residents or responders from a spreadsheet; again, it changes only what differs."""
    with installation_made() as chosen:
        ours = wiring.account_of(chosen).numbers
        report = run_import(kind, file, consent=consent, dry_run=dry_run, actor=acting(), ours=ours)
        if as_json:
            print_json(import_document(report))
        else:
            say_import(report)
        for problem in report.problems:
            err.print(problem.describe(settings.current().language), style="red", highlight=False, soft_wrap=True)
        if report.problems:
            raise typer.Exit(1)


def export(file: Annotated[Path, typer.Argument(help="The spreadsheet to write: csv or xlsx.")]) -> None:
    """Writes all residents to a spreadsheet that can be imported again."""
    with installation_open():
        say("{residents} residents written to {file}.", residents=export_residents(file), file=file)
