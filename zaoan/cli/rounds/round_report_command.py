"""``zaoan round report|verify``: what a round has come to, and the proof that nobody was forgotten."""

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from campaigns.reports import verification
from campaigns.reports.report_words import outcome_word, place
from campaigns.reports.round_report import FullReport
from campaigns.reports.round_table import round_table
from campaigns.reports.verification import Certificate, Rule
from console.sheets.pdf import pdf
from console.sheets.round_sheet import Printed, printed, round_sheet
from core import settings
from core.errors import UserError
from core.i18n import Language, translate
from core.storage.database import reading
from zaoan.cli.rounds.round import RoundId, find_round
from zaoan.cli.rounds.round_documents import certificate_document, report_document
from zaoan.terminal.common import Json, installation_open, minute, misused, print_json, say
from zaoan.terminal.file_reads import note_read
from zaoan.terminal.languages import LANGUAGE
from zaoan.terminal.spoken import complain
from zaoan.terminal.tables import show_table
from zaoan.terminal.words import Word


class Format(StrEnum):
    """What a report can be written as."""

    JSON = "json"
    CSV = "csv"
    HTML = "html"
    PDF = "pdf"


FORMAT = Word(Format, {Format.CSV: ("表格", "table"), Format.HTML: ("网页", "page")})

ChosenFormat = Annotated[
    Format | None, typer.Option("--format", parser=FORMAT, help="Without it the ending of --out says it.")
]
OutFile = Annotated[
    Path | None, typer.Option("--out", help="The file to write; without it standard output, or the screen.")
]
ReadIn = Annotated[Language | None, typer.Option(parser=LANGUAGE, help="The language of what is written to read.")]


def report(
    round_id: RoundId,
    format_: ChosenFormat = None,
    out: OutFile = None,
    language: ReadIn = None,
    as_json: Json = False,
) -> None:
    """What a round has come to, by area and flag, each exception by name; also as a page, a PDF or a table."""
    chosen = chosen_format(format_, out, as_json=as_json)
    with installation_open():
        spoken = language or settings.current().language
        with reading() as session:
            found = find_round(session, round_id)
            note_read(found)
            shown = printed(session, found, spoken)
        if chosen:
            write_report(out, _written(chosen, shown, spoken))
            return
        _say(shown.report, shown.zone)
        _tell(shown.certificate)


def verify(round_id: RoundId, as_json: Json = False) -> None:
    """The certificate of completeness: every promise, checked from what is stored; exit 1 where one fails."""
    with installation_open():
        with reading() as session:
            found = find_round(session, round_id)
            note_read(found)
            certificate = verification.verify_round(session, found)
        if as_json:
            print_json(certificate_document(certificate))
        else:
            _tell(certificate)
        if not certificate.holds:
            raise typer.Exit(1)


def _say(full: FullReport, zone: ZoneInfo) -> None:
    language = settings.current().language
    say("Round of {campaign}, {at}", campaign=full.campaign, at=minute(full.due_at, zone))
    counts = [f"{outcome_word(full.kind, each, language)} {count}" for each, count in full.counts.items()]
    say("Enrolled {enrolled} = {counts} + open {open}.", enrolled=full.enrolled, counts=counts or ["0"],
        open=full.open)  # fmt: skip
    show_table(
        ("resident", "place", "outcome", "attempts", "case", "finding"),
        [(line.asked.name, place(line, language), outcome_word(full.kind, line.asked.outcome, language),
          str(line.asked.attempts), _word(line.asked.case_state) if line.asked.case_state else "",
          _word(f"finding:{line.asked.case_finding}") if line.asked.case_finding else "") for line in full.exceptions],
        "Nobody has to be looked after.",
    )  # fmt: skip


def _tell(certificate: Certificate) -> None:
    for rule, names in certificate.violations.items():
        if names:
            complain(_word(f"rule:{rule}") + " – " + translate(
                settings.current().language, "does not hold for {names}", names=list(names)))  # fmt: skip
    checked = [each for each in Rule if each not in certificate.unchecked]
    if certificate.holds:
        say("Verified: {count} rules hold for all {enrolled} residents.", count=len(checked),
            enrolled=certificate.enrolled)  # fmt: skip
    if certificate.unchecked:
        say("Its calls are no longer kept: {count} rules could not be checked.", count=len(certificate.unchecked))
    say("Digest: {digest}", digest=certificate.digest)


def chosen_format(format_: Format | None, out: Path | None, *, as_json: bool) -> Format | None:
    """As what a report is written, None where it is said on the screen; may end the command with exit code 2."""
    return Format.JSON if as_json and not out else format_ or (_by_ending(out) if out else None)


def _by_ending(path: Path) -> Format:
    """Ends the command with exit code 2 for an ending that is none of a format."""
    ending = path.suffix.removeprefix(".").lower()
    if ending not in set(Format):
        misused(UserError("{value} does not say what it shall be.", field="out", value=path, known=list(Format),
                          way_out="Give it one of the endings {known}, or name it by --format."))  # fmt: skip
    return Format(ending)


def _written(chosen: Format, shown: Printed, language: Language) -> bytes:
    """The file; raises ``NoPdfError``."""
    if chosen is Format.CSV:
        return round_table(shown.report, shown.zone, language)
    if chosen is Format.JSON:
        document = report_document(shown.report, shown.certificate)
        return json.dumps(document, ensure_ascii=False, indent=2, default=str).encode() + b"\n"
    page = round_sheet(shown, language)
    return pdf(page) if chosen is Format.PDF else page.encode()


def write_report(path: Path | None, written: bytes) -> None:
    """The file, or standard output; raises ``UserError`` where it cannot be written."""
    if path is None:
        sys.stdout.buffer.write(written)
        sys.stdout.buffer.flush()
        return
    try:
        path.write_bytes(written)
    except OSError as failure:
        raise UserError("{value} cannot be written.", way_out="Name a file in a folder that exists.", field="file",
                        value=path) from failure  # fmt: skip


def _word(word: str) -> str:
    return translate(settings.current().language, word)
