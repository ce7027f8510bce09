"""``zaoan report month``: what a month has come to, for the joint meeting."""

from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from api.work.month_reports import month_document
from campaigns.reports.monthly import month
from campaigns.reports.monthly.case_figures import Wait
from campaigns.reports.monthly.month_table import month_table
from campaigns.reports.monthly.month_words import building_word, kind_word, month_word, took, unknown_words
from campaigns.reports.monthly.monthly_report import MonthlyReport, monthly_report
from campaigns.reports.report_words import outcome_word
from console.sheets.month_sheet import month_sheet
from console.sheets.pdf import pdf
from contacts.community.community import the_community
from core import clock, settings
from core.i18n import Language, translate
from core.storage.database import reading
from zaoan.cli.rounds.round_report_command import ChosenFormat, Format, OutFile, ReadIn, chosen_format, write_report
from zaoan.terminal.common import Json, installation_open, print_json, say
from zaoan.terminal.file_reads import note_read
from zaoan.terminal.tables import show_table


def report(
    written: Annotated[str | None, typer.Argument(metavar="MONTH", help="As 2026-11; without it this month.")] = None,
    names: Annotated[bool, typer.Option("--names", help="Name residents; that somebody reads them is noted.")] = False,
    format_: ChosenFormat = None,
    out: OutFile = None,
    language: ReadIn = None,
    as_json: Json = False,
) -> None:
    """What a month has come to: answers, calls, cases, requests, what is not closed; also as a page, PDF or table."""
    chosen = chosen_format(format_, out, as_json=as_json)
    with installation_open():
        spoken = language or settings.current().language
        if names:
            note_read()
        found = _found(written, names)
        if chosen is Format.JSON and not out:
            print_json(month_document(found).model_dump(mode="json"))
        elif chosen:
            write_report(out, _written(chosen, found, spoken))
        else:
            _say(found, spoken)


def _found(written: str | None, names: bool) -> MonthlyReport:
    with reading() as session:
        community = the_community(session)
        zone = ZoneInfo(community.timezone)
        at = clock.now()
        wanted = month.read(written, at, zone) if written else month.month_at(at, zone)
        return monthly_report(session, community.id, wanted, names=names)


def _written(chosen: Format, found: MonthlyReport, language: Language) -> bytes:
    """The file; raises ``NoPdfError``."""
    if chosen is Format.CSV:
        return month_table(found, language)
    if chosen is Format.JSON:
        return month_document(found).model_dump_json(indent=2).encode() + b"\n"
    page = month_sheet(found, language)
    return pdf(page) if chosen is Format.PDF else page.encode()


def _say(found: MonthlyReport, language: Language) -> None:
    now = found.now
    say("Report of {month}", month=month_word(found.month, language))
    counts = [f"{outcome_word('check-in', each or None, language)} {count}"
              for each, count in sorted(now.check_ins.counts.items())]  # fmt: skip
    say("{rounds} {rounds:round|rounds}; asked {asked} = {counts}.", rounds=now.check_ins.rounds,
        asked=now.check_ins.asked, counts=counts or ["0"])  # fmt: skip
    show_table(
        ("case", "number", "the month before", "not closed", "accepted after", "closed after"),
        [(kind_word(each.kind, language), str(each.now.opened), str(each.before), str(each.now.unclosed),
          _half(each.now.accepted, language), _half(each.now.closed, language)) for each in found.kinds],
        "There was no case.",
    )  # fmt: skip
    show_table(
        ("building", "number", "not closed"),
        [(building_word(each.building, language), str(each.opened), str(each.unclosed)) for each in found.buildings],
        "",
    )
    say("Not closed: {count}.", count=found.unresolved)
    for what, count in found.unknown.items():
        say(unknown_words(what, count, language))


def _half(wait: Wait, language: Language) -> str:
    if not wait.count:
        return "–"
    return translate(language, "half in {median}, nine in ten in {ninth}", median=took(wait.median, language),
                     ninth=took(wait.ninth, language))  # fmt: skip
