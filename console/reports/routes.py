"""``/reports``: the months, and the report of each as a page, a PDF and a table for spreadsheet programs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy.orm import Session

from campaigns.queries import overviews
from campaigns.reports.monthly import month as months
from campaigns.reports.monthly.month import Month
from campaigns.reports.monthly.month_table import month_table
from campaigns.reports.monthly.month_words import month_word
from campaigns.reports.monthly.monthly_report import MonthlyReport, monthly_report
from console.campaigns.here import Here, here
from console.sheets.month_sheet import month_sheet, sheet_words
from console.sheets.pdf import pdf
from console.shell import pages
from console.shell.own_files import echarts_address
from core import clock
from core.storage.database import reading

PAGE = "/reports"
SHOWN = 12
Names = Annotated[bool, Query()]
router = APIRouter(prefix=PAGE, include_in_schema=False)


@router.get("")
def show_all(request: Request, before: str = "") -> Response:
    """The latest months, or those before one of them."""
    with reading() as session:
        at = here(session, request)
        first, last = _known(session, at)
        latest = min(last, months.read(before, clock.now(), at.zone).before) if before else last
        shown = [each for each in _back_from(latest, SHOWN) if first and each >= first]
        lines = _lines(session, at, shown)
    earlier = shown[-1] if shown and first and shown[-1] > first else None
    return pages.page(request, "reports/months.html", months=lines, earlier=earlier, is_first=not before,
                      month_of=lambda each: month_word(each, at.language))  # fmt: skip


@router.get("/{month}")
def show(request: Request, month: str, names: Names = False) -> Response:
    """One month; raises ``UserError``, ``NotFoundError``."""
    found = _found(request, month, names)
    return pages.page(
        request, "reports/month.html", echarts=echarts_address(), earlier=found.earlier, later=found.later,
        may_name=found.at.may_change, **sheet_words(found.report, found.at.language),
    )  # fmt: skip


@router.get("/{month}/report.csv")
def table(request: Request, month: str, names: Names = False) -> Response:
    """Every figure, one a line."""
    found = _found(request, month, names)
    return _file(found, month_table(found.report, found.at.language), "csv", "text/csv; charset=utf-8")


@router.get("/{month}/report.pdf")
def paper(request: Request, month: str, names: Names = False) -> Response:
    """The page as a file; raises ``NoPdfError``."""
    found = _found(request, month, names)
    return _file(found, pdf(month_sheet(found.report, found.at.language)), "pdf", "application/pdf")


@dataclass(frozen=True)
class _Found:
    """A report with who reads it, and the months beside it of which there are reports."""

    at: Here
    report: MonthlyReport
    earlier: Month | None
    later: Month | None


def _found(request: Request, written: str, names: bool) -> _Found:
    with reading() as session:
        at = here(session, request)
        month = months.read(written, clock.now(), at.zone)
        first, last = _known(session, at)
        report = monthly_report(session, at.community.id, month, names=names)
    earlier = month.before if first and month.before >= first else None
    return _Found(at, report, earlier, month.after if month.after <= last else None)


def _known(session: Session, at: Here) -> tuple[Month | None, Month]:
    """The month of the first round there was, and this month."""
    first = overviews.first_round_at(session, at.community.id)
    return months.month_at(first, at.zone) if first else None, months.month_at(clock.now(), at.zone)


def _back_from(latest: Month, count: int) -> Sequence[Month]:
    found = [latest]
    while len(found) < count:
        found.append(found[-1].before)
    return found


def _lines(session: Session, at: Here, shown: Sequence[Month]) -> Sequence[tuple[Month, int]]:
    """Each with how many rounds it had."""
    if not shown:
        return []
    due = overviews.due_instants(session, at.community.id, shown[-1].begins(at.zone), shown[0].ends(at.zone))
    begun = [months.month_at(each, at.zone) for each in due]
    return [(each, begun.count(each)) for each in shown]


def _file(found: _Found, written: bytes, ending: str, media_type: str) -> Response:
    called = f"report-{found.report.month}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{called}"', "Cache-Control": "no-store"}
    return Response(written, headers=headers | pages.spoken(found.at.language), media_type=media_type)
