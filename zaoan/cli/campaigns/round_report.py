"""``zaoan round report|verify``: what a round has come to, and the proof that nobody was forgotten."""

import csv
import io
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from campaigns.reports import round_report, verification
from campaigns.reports.round_report import FullReport, Share
from campaigns.reports.verification import Certificate, Rule
from console.sheets.round_sheet import outcome_word, place, round_sheet
from contacts.community.community import the_community
from core import settings
from core.errors import UserError
from core.i18n import listed, translate
from core.storage.database import reading
from zaoan.cli.campaigns.audience import flag_word
from zaoan.cli.campaigns.round import RoundId, find_round
from zaoan.terminal.common import Json, installation_open, minute, print_json, say
from zaoan.terminal.file_reads import note_read
from zaoan.terminal.spoken import complain
from zaoan.terminal.tables import show_table

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet program would take for a formula."""


def report(
    round_id: RoundId,
    html: Annotated[Path | None, typer.Option("--html", help="Writes a page to print.")] = None,
    table: Annotated[Path | None, typer.Option("--csv", help="Writes a table of everybody in the round.")] = None,
    as_json: Json = False,
) -> None:
    """What a round has come to, by building and flag, each exception by name; also as a page or a table."""
    with installation_open(), reading() as session:
        language = settings.current().language
        found = find_round(session, round_id)
        note_read(found)
        full = round_report.full_report(session, found, language)
        certificate = verification.verify_round(session, found)
        community = the_community(session)
        zone = ZoneInfo(community.timezone)
        if html:
            _write(html, round_sheet(full, certificate, zone, community.region, language), "utf-8")
        if table:
            _write(table, as_csv(full, zone), "utf-8-sig")
    if as_json:
        print_json(report_document(full, certificate))
        return
    _say(full, zone)
    _tell(certificate)


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


def as_csv(full: FullReport, zone: ZoneInfo) -> str:
    """Everybody in a round, one a line, in community time; what would be a formula is text."""
    language, written = settings.current().language, io.StringIO()
    rows = csv.writer(written)
    rows.writerow([_word(each) for each in ("resident", "place", "flags", "outcome", "attempts", "answered", "case",
                                            "finding", "note")])  # fmt: skip
    for line in full.lines:
        one = line.asked
        rows.writerow(map(_text, (
            one.name, place(line, language), listed(language, map(flag_word, line.flags)),
            outcome_word(full.kind, one.outcome, language), str(one.attempts), minute(one.answered_at, zone),
            _word(one.case_state) if one.case_state else "",
            _word(f"finding:{one.case_finding}") if one.case_finding else "", one.case_note,
        )))  # fmt: skip
    return written.getvalue()


def report_document(full: FullReport, certificate: Certificate) -> dict[str, Any]:
    """The report for programs."""
    return {
        "round": str(full.round_id),
        "campaign": full.campaign,
        "kind": full.kind,
        "due_at": full.due_at.isoformat(),
        "started_at": full.started_at.isoformat(),
        "deadline": full.deadline.isoformat(),
        "completed_at": full.completed_at.isoformat() if full.completed_at else None,
        "version": full.version,
        "terms": full.terms,
        "audience": full.audience.sentence,
        "enrolled": full.enrolled,
        "open": full.open,
        "counts": dict(full.counts),
        "attempts": {str(attempts): people for attempts, people in full.attempts.items()},
        "by_building": [_share(each) for each in full.buildings],
        "by_flag": [_share(each) for each in full.flags],
        "time_line": [{"at": each.at.isoformat(), "calls": each.rung, "answered": each.answered,
                       "decided": each.decided} for each in full.time_line],
        "exceptions": [
            {"resident": line.asked.name, "resident_id": str(line.asked.resident_id),
             "place": place(line, settings.current().language), "outcome": line.asked.outcome,
             "attempts": line.asked.attempts, "case": str(line.asked.case_id) if line.asked.case_id else None,
             "case_state": line.asked.case_state, "finding": line.asked.case_finding}
            for line in full.exceptions
        ],
        "before": [{"due_at": each.due_at.isoformat(), "enrolled": each.enrolled, "counts": dict(each.counts)}
                   for each in full.before],
        "silence_clusters": [
            {"common": each.common, "name": each.name, "silent": each.silent, "rung": each.rung,
             "others_silent": each.others_silent, "others_rung": each.others_rung, "residents": list(each.names),
             "case": str(each.case_id)} for each in full.clusters
        ],
        "remarks": [{"resident": full.names.get(each.resident_id, ""), "resident_id": str(each.resident_id),
                     "kind": each.kind, "facts": dict(each.facts)} for each in full.remarks],
        "certificate": certificate_document(certificate),
    }  # fmt: skip


def certificate_document(certificate: Certificate) -> dict[str, Any]:
    """The certificate for programs."""
    return {
        "round": str(certificate.round_id),
        "holds": certificate.holds,
        "enrolled": certificate.enrolled,
        "open": certificate.open,
        "counts": dict(certificate.counts),
        "violations": {rule.value: list(names) for rule, names in certificate.violations.items()},
        "unchecked": [each.value for each in certificate.unchecked],
        "digest": certificate.digest,
    }


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


def _share(each: Share) -> dict[str, Any]:
    return {"name": each.name, "enrolled": each.enrolled, "answered": each.answered, "silent": each.silent}


def _write(path: Path, text: str, encoding: str) -> None:
    try:
        path.write_text(text, encoding=encoding, newline="")
    except OSError as failure:
        raise UserError("{value} cannot be written.", way_out="Name a file in a folder that exists.", field="file",
                        value=path) from failure  # fmt: skip


def _text(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _word(word: str) -> str:
    return translate(settings.current().language, word)
