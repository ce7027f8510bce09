"""The report of a month as spreadsheet programs open it: a line for each figure, beside that of the month before."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence

from campaigns.models import CampaignKind
from campaigns.reports.monthly.case_figures import OfKind
from campaigns.reports.monthly.figures import Calls
from campaigns.reports.monthly.month_words import building_word, kind_word, unknown_words
from campaigns.reports.monthly.monthly_report import CaseLine, MonthlyReport
from campaigns.reports.report_words import outcome_word
from campaigns.reports.round_table import ENCODING, as_text
from core.i18n import Language, translate
from escalation.models import CaseState

_WAITS = ("accepted in minutes, median", "accepted in minutes, nine in ten", "closed in minutes, median",
          "closed in minutes, nine in ten")  # fmt: skip
_COLUMNS = ("section", "what", "number", "the month before", "not closed", *_WAITS)
Cells = Sequence[object]


def month_table(report: MonthlyReport, language: Language) -> bytes:
    """CSV with headers in this language and instants of the community; what would be a formula is text."""
    written = io.StringIO()
    rows = csv.writer(written)
    rows.writerow([translate(language, each) for each in _COLUMNS])
    for section, lines in _sections(report, language):
        for line in lines:
            rows.writerow([as_text(str(each)) for each in (translate(language, section), *line)])
    return written.getvalue().encode(ENCODING)


def _sections(report: MonthlyReport, language: Language) -> Iterator[tuple[str, Sequence[Cells]]]:
    now, before = report.now, report.before
    for section, kind, rounds, earlier in (
        ("Answers", CampaignKind.CHECK_IN, now.check_ins, before and before.check_ins),
        ("Notices", CampaignKind.NOTICE, now.notices, before and before.notices),
    ):
        yield section, [(translate(language, "rounds"), rounds.rounds, earlier.rounds if earlier else "")]
        yield section, _outcomes(kind, rounds.counts, earlier.counts if earlier else {}, language)
    for day, counts in now.days.items():
        yield "Answers by day", [(f"{day} {outcome_word(CampaignKind.CHECK_IN, each or None, language)}", count)
                                 for each, count in sorted(counts.items())]  # fmt: skip
    if now.calls:
        yield "Calls", _calls(now.calls, before.calls if before else None, language)
    yield "Cases", [(translate(language, "all"), *_figures(now.cases, before.cases.opened if before else ""))]
    yield "Cases by kind", [(kind_word(each.kind, language), *_figures(each.now, each.before if before else ""))
                            for each in report.kinds]  # fmt: skip
    yield "Cases by building", [(building_word(each.building, language), each.opened, "", each.unclosed)
                                for each in report.buildings]  # fmt: skip
    yield "What was found", [(translate(language, f"finding:{each}"), n) for each, n in report.findings.items()]
    yield "What was needed", [(translate(language, f"need:{each}"), n) for each, n in report.requests.needs.items()]
    yield "The hardest cases", [_case(each, report, language) for each in report.hardest]
    yield "Not closed", [(translate(language, "all"), report.unresolved)]
    yield "Not closed", [_case(each, report, language) for each in report.oldest]
    yield "What this report cannot tell", [(unknown_words(each, n, language), n) for each, n in report.unknown.items()]


def _outcomes(kind: str, now: Mapping[str, int], before: Mapping[str, int], language: Language) -> Sequence[Cells]:
    return [(outcome_word(kind, each or None, language), now.get(each, 0), before.get(each, 0))
            for each in sorted({*now, *before})]  # fmt: skip


def _calls(now: Calls, before: Calls | None, language: Language) -> Sequence[Cells]:
    made = {side: getattr(before, side).made if before else "" for side in ("to_residents", "to_helpers", "to_us")}
    return [(translate(language, f"calls:{side}"), getattr(now, side).made, made[side]) for side in made]


def _figures(of: OfKind, before: object) -> Cells:
    waits = (each for wait in (of.accepted, of.closed) for each in _minutes(wait.count, wait.median, wait.ninth))
    return of.opened, before, of.unclosed, *waits


def _minutes(count: int, *seconds: int) -> Sequence[object]:
    return [round(each / 60, 1) if count else "" for each in seconds]


def _case(line: CaseLine, report: MonthlyReport, language: Language) -> Cells:
    """Its second and third figures are how long it was until it was accepted and closed."""
    case = line.case
    opened = case.opened_at.astimezone(report.zone).strftime("%Y-%m-%d %H:%M")
    words = [opened, kind_word(case.kind, language), building_word(line.building, language), line.resident or ""]
    ends = [case.first_accepted_at, case.closed_at]
    accepted, closed = (_minutes(1, round((at - case.opened_at).total_seconds()))[0] if at else "" for at in ends)
    return " ".join(filter(None, words)), 1, "", int(case.state != CaseState.CLOSED), accepted, "", closed, ""
