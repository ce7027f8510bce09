"""The printable page of a month's report."""

from typing import Any

from babel.dates import format_skeleton

from campaigns.reports.monthly import month_words
from campaigns.reports.monthly.monthly_report import MonthlyReport
from campaigns.reports.report_words import outcome_word
from console.sheets import charts
from console.shell.rendering import template
from console.view.times import short_moment
from core.i18n import Language, translate


def month_sheet(report: MonthlyReport, language: Language) -> str:
    """HTML of the whole report, in one file."""
    return template("sheets/sheet_month.html").render(
        language=language.value, t=lambda text, **gaps: translate(language, text, **gaps),
        **sheet_words(report, language),
    )  # fmt: skip


def sheet_words(report: MonthlyReport, language: Language) -> dict[str, Any]:
    """What the body of the report is said with, wherever it stands."""
    locale, zone = language.replace("-", "_"), report.zone
    by_day = charts.answers_by_day(report, language)
    return {
        "report": report,
        "by_day": by_day,
        "by_kind": charts.cases_by_kind(report, language),
        "days": charts.days_shown(by_day, report),
        "month": month_words.month_word(report.month, language),
        "month_of": lambda each: month_words.month_word(each, language),
        "at": lambda instant: short_moment(instant, zone, language) if instant else "–",
        "day_of": lambda day: str(format_skeleton("MMMEd", day, locale=locale)),
        "kind": lambda each: month_words.kind_word(each, language),
        "building": lambda name: month_words.building_word(name, language),
        "outcome": lambda each: outcome_word("check-in", each or None, language),
        "took": lambda seconds: month_words.took(seconds, language),
        "until": lambda case, end: month_words.took(round((end - case.opened_at).total_seconds()), language),
        "unknown": lambda what, count: month_words.unknown_words(what, count, language),
    }
