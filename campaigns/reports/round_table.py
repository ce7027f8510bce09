"""The table of a round: everybody in it, one a line, as spreadsheet programs open it."""

import csv
import io
from datetime import datetime
from zoneinfo import ZoneInfo

from campaigns.reports.report_words import flag_word, outcome_word, place
from campaigns.reports.round_report import FullReport, ReportLine
from core.i18n import Language, listed, translate

ENCODING = "utf-8-sig"
"""The mark at the beginning is how Excel knows that it is UTF-8."""
_COLUMNS = ("resident", "place", "flags", "outcome", "attempts", "answered", "case", "finding", "note")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet program would take for a formula."""


def round_table(full: FullReport, zone: ZoneInfo, language: Language) -> bytes:
    """CSV with headers in this language and instants in ``zone``; what would be a formula is text."""
    written = io.StringIO()
    rows = csv.writer(written)
    rows.writerow([translate(language, each) for each in _COLUMNS])
    rows.writerows(map(as_text, _cells(full.kind, line, zone, language)) for line in full.lines)
    return written.getvalue().encode(ENCODING)


def _cells(kind: str, line: ReportLine, zone: ZoneInfo, language: Language) -> tuple[str, ...]:
    one = line.asked
    return (
        one.name, place(line, language), listed(language, [flag_word(each, language) for each in line.flags]),
        outcome_word(kind, one.outcome, language), str(one.attempts), _minute(one.answered_at, zone),
        translate(language, one.case_state) if one.case_state else "",
        translate(language, f"finding:{one.case_finding}") if one.case_finding else "", one.case_note,
    )  # fmt: skip


def _minute(at: datetime | None, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M") if at else ""


def as_text(cell: str) -> str:
    """A cell that no spreadsheet program takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
