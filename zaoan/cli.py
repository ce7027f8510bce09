"""The command line ``zaoan``: a command exits 0 when it did its work, 1 when it could not, 2 when it was misused."""

import os
import sys
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer

from contacts.exporting import export_residents
from contacts.importing import Kind, run_import
from core import settings
from core.installation import Purpose
from core.settings import Telephony
from zaoan import __version__, service, wiring
from zaoan.commands import campaign, case, dialogue, processes, prompt, resident, round, trials
from zaoan.commands.common import (
    Json,
    acting,
    chosen_settings,
    err,
    installation_open,
    out,
    print_json,
    refuse_taken_port,
    say,
)
from zaoan.commands.doctor import doctor
from zaoan.commands.import_report import import_document, say_import
from zaoan.commands.words import FILE_KINDS, Word
from zaoan.demo import DEMO_SPEED, run_demo
from zaoan.exchange_process import DEFAULT_PORT, exchange_command
from zaoan.rehearsal.faults import FAULTS, UnknownFaultError, chosen_faults
from zaoan.rehearsal.rehearse import rehearse as run_rehearsal
from zaoan.rehearsal.town import MOST_RESIDENTS
from zaoan.watching import stop_without

FILE_KIND = Word(Kind, FILE_KINDS)
app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
app.add_typer(campaign.app, name="campaign")
app.add_typer(round.app, name="round")
app.add_typer(case.app, name="case")
app.add_typer(resident.app, name="resident")
app.add_typer(dialogue.app, name="dialogue")
app.add_typer(prompt.app, name="prompt")
for command in (processes.web, processes.worker, processes.beat, doctor, trials.trial):
    app.command()(command)
app.command("trials")(trials.list_trials)


@app.callback()
def zaoan() -> None:
    """Zao'an rings older residents every morning and does not let go until a person has dealt with every answer."""


@app.command()
def up(
    purpose: Annotated[Purpose, typer.Option(hidden=True)] = Purpose.SERVICE,
    exchange_log: Annotated[Path | None, typer.Option(hidden=True)] = None,
    parent_pid: Annotated[int | None, typer.Option(hidden=True)] = None,
) -> None:
    """Everything in one process, until it is interrupted."""
    chosen = chosen_settings()
    settings.use(chosen)
    refuse_taken_port(chosen)
    if parent_pid is not None:
        stop_without(parent_pid)

    def announce(page: str, exchange: str) -> None:
        say("Zao'an is at {page}", page=page)
        if chosen.telephony is Telephony.EXCHANGE:
            say("Simulation: nobody is really called.")
        sys.stdout.flush()

    service.run(chosen, purpose, exchange_log, announce)


@app.command()
def exchange(
    log: Annotated[Path | None, typer.Option(help="Where it writes what happened on the wire.")] = None,
) -> None:
    """Only the bundled exchange, at ZAOAN_EXCHANGE_URL; a service started afterwards uses it."""
    chosen = chosen_settings()
    written = log or chosen.data_dir / "exchange.jsonl"
    written.parent.mkdir(parents=True, exist_ok=True)
    command = exchange_command(chosen, urlsplit(chosen.exchange_url).port or DEFAULT_PORT, written, None)
    os.execv(command[0], command)


@app.command()
def rehearse(
    residents: Annotated[int, typer.Option(min=1, max=MOST_RESIDENTS, help="How many residents.")] = 200,
    seed: Annotated[int, typer.Option(help="The same seed draws the same people.")] = 7,
    speed: Annotated[float, typer.Option(min=1, max=1000, help="How much faster than real time.")] = 120,
    faults: Annotated[str, typer.Option(help=f"What goes wrong: all, or some of {', '.join(FAULTS)}.")] = "",
    as_json: Json = False,
) -> None:
    """A whole morning with scripted people, judged by what happened on the wire; exit 1 if a promise was broken."""
    try:
        chosen = chosen_faults(faults)
    except UnknownFaultError as mistake:
        raise typer.BadParameter(str(mistake), param_hint="--faults") from mistake
    report = run_rehearsal(residents, seed, speed, chosen)
    if as_json:
        print_json(report)
    else:
        _say_rehearsal(report)
    if report["violations"]:
        raise typer.Exit(1)


@app.command()
def demo(
    once: Annotated[bool, typer.Option("--once", help="One round, its result, and the end.")] = False,
    port: Annotated[int, typer.Option(help="The port of the web page.")] = 8000,
    speed: Annotated[float, typer.Option(min=1, max=1000, help="How much faster than real time.")] = DEMO_SPEED,
) -> None:
    """A demo neighbourhood lives through its morning, on telephones that are only simulated."""
    raise typer.Exit(run_demo(once=once, port=port, speed=speed))


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="A spreadsheet: csv or xlsx.")],
    kind: Annotated[Kind, typer.Option(parser=FILE_KIND, help="What its rows are.")] = Kind.RESIDENTS,
    consent: Annotated[str | None, typer.Option(help="How everybody in the file agreed, and when.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only says what would happen.")] = False,
    as_json: Json = False,
) -> None:
    """Imports residents or responders from a spreadsheet; importing it again changes only what differs."""
    with installation_open() as chosen:
        ours = wiring.account_of(chosen).numbers
        report = run_import(kind, file, consent=consent, dry_run=dry_run, actor=acting(), ours=ours)
        if as_json:
            print_json(import_document(report))
        else:
            say_import(report)
        for problem in report.problems:
            err.print(problem.describe(chosen.language), style="red", highlight=False, soft_wrap=True)
        if report.problems:
            raise typer.Exit(1)


@app.command()
def export(file: Annotated[Path, typer.Argument(help="The spreadsheet to write: csv or xlsx.")]) -> None:
    """Writes all residents to a spreadsheet that can be imported again."""
    with installation_open():
        say("{residents} residents written to {file}.", residents=export_residents(file), file=file)


@app.command()
def migrate() -> None:
    """Brings the database to the schema of this version."""
    with installation_open():
        say("The database is up to date.")


@app.command()
def version() -> None:
    """The version of Zao'an."""
    out.print(__version__, highlight=False)


def _say_rehearsal(report: dict[str, Any]) -> None:
    counted, alert = report["round"], report["alert_seconds"]
    out.print(f"{counted['enrolled']} enrolled, {counted['open']} open, {report['wall_seconds']} s", highlight=False)
    out.print(" · ".join(f"{outcome} {count}" for outcome, count in counted["counts"].items()), highlight=False)
    out.print(f"alert p50 {alert['p50']} s, p99 {alert['p99']} s", highlight=False)
    if struck := report.get("faults"):
        out.print(" · ".join(f"{fault} {times}" for fault, times in struck.items()), highlight=False)
    for violation in report["violations"]:
        err.print(f"violation: {violation}", style="red", highlight=False, soft_wrap=True)
