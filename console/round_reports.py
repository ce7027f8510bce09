"""The report of a round: a page that prints well, a PDF of the same, and a table for spreadsheet programs."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from campaigns.models import Campaign, Round
from campaigns.reports.round_table import round_table
from console.sheets.pdf import pdf
from console.sheets.round_sheet import Printed, printed, round_sheet, round_words
from console.shell import pages
from contacts.community.community import the_community
from core.errors import NotFoundError
from core.i18n import Language
from core.short_ids import short
from core.storage.database import reading

router = APIRouter(prefix="/rounds/{round_id}", include_in_schema=False)


def address(round_id: UUID) -> str:
    """Where the report of a round is."""
    return f"/rounds/{round_id}"


def report_pdf(round_id: UUID, language: Language) -> bytes:
    """The report as a PDF; raises ``NotFoundError``, ``NoPdfError``."""
    with reading() as session:
        shown = printed(session, round_id, language)
    return pdf(round_sheet(shown, language))


@router.get("")
def show(request: Request, round_id: UUID) -> Response:
    """The report on the screen; raises ``NotFoundError``."""
    language = pages.language_of(request)
    shown = _of_ours(round_id, language)
    return pages.page(request, "round.html", **{**round_words(shown, language), "link": address})


@router.get("/report.csv")
def table(request: Request, round_id: UUID) -> Response:
    """Everybody in the round; raises ``NotFoundError``."""
    return _file(request, round_id, "csv", lambda shown, language: round_table(shown.report, shown.zone, language))


@router.get("/report.pdf")
def paper(request: Request, round_id: UUID) -> Response:
    """The page as a file; raises ``NotFoundError``, ``NoPdfError``."""
    return _file(request, round_id, "pdf", lambda shown, language: pdf(round_sheet(shown, language)))


_TYPES = {"csv": "text/csv; charset=utf-8", "pdf": "application/pdf"}


def _file(request: Request, round_id: UUID, kind: str, made: Callable[[Printed, Language], bytes]) -> Response:
    language = pages.language_of(request)
    shown = _of_ours(round_id, language)
    called = f"round-{_day(shown)}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{called}"', "Cache-Control": "no-store"}
    return Response(made(shown, language), headers=headers | pages.spoken(language), media_type=_TYPES[kind])


def _day(shown: Printed) -> date:
    return shown.report.due_at.astimezone(shown.zone).date()


def _of_ours(round_id: UUID, language: Language) -> Printed:
    with reading() as session:
        if not _is_ours(session, round_id):
            raise NotFoundError("There is no round {value}.", field="round", value=short(round_id))
        return printed(session, round_id, language)


def _is_ours(session: Session, round_id: UUID) -> bool:
    round_ = session.get(Round, round_id)
    campaign = session.get(Campaign, round_.campaign_id) if round_ else None
    return campaign is not None and campaign.community_id == the_community(session).id
