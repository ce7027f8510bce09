"""The report of a round: a page that prints well, a PDF of the same, and a table for spreadsheet programs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from campaigns.models import Campaign, CampaignState, Round
from campaigns.queries.audiences import NEITHER
from campaigns.reports.round_table import round_table
from campaigns.reports.verification import SAID
from console.sheets.pdf import pdf
from console.sheets.round_sheet import Printed, printed, round_sheet, round_words
from console.shell import pages
from console.shell.own_files import echarts_address
from contacts.community.community import the_community
from core.errors import NotFoundError, UserError
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
    """The report on the screen, with what can be done about its round; raises ``NotFoundError``."""
    return report_page(request, round_id)


def report_page(
    request: Request, round_id: UUID, mistake: UserError | None = None, *, typed: Mapping[str, str] | None = None
) -> Response:
    """The report, with a mistake that somebody has made on its page and what they had ``typed``; raises
    ``NotFoundError``."""
    language = pages.language_of(request)
    shown = _of_ours(round_id, language)
    return pages.page(
        request, "campaigns/round.html", mistake.status if mistake else 200, mistake=mistake, typed=typed or {},
        deeds=_deeds(round_id), silent=_silent(shown), echarts=echarts_address(),
        **{**round_words(shown, language), "link": address},
    )  # fmt: skip


def _silent(shown: Printed) -> int:
    """How many were asked and have not answered."""
    return sum(line.asked.outcome not in {*SAID, *NEITHER} for line in shown.report.lines)


@dataclass(frozen=True)
class Deeds:
    """What can be done about a round: ``may_stop`` one under way, or begin another for its people; ``campaign_id`` is
    None where its campaign was removed. ``stopped`` says why staff have ended it."""

    campaign_id: UUID | None
    may_stop: bool
    may_begin: bool
    stopped: str


def _deeds(round_id: UUID) -> Deeds:
    with reading() as session:
        round_ = session.get_one(Round, round_id)
        campaign = round_.campaign
    is_kept, is_open = campaign.removed_at is None, round_.completed_at is None
    return Deeds(
        campaign.id if is_kept else None, is_open and round_.stopped_at is None,
        is_kept and not is_open and campaign.state in _RINGING,
        f"stopped:{round_.stopped_because}" if round_.stopped_because else "",
    )  # fmt: skip


@router.get("/report.csv")
def table(request: Request, round_id: UUID) -> Response:
    """Everybody in the round; raises ``NotFoundError``."""
    return _file(request, round_id, "csv", lambda shown, language: round_table(shown.report, shown.zone, language))


@router.get("/report.pdf")
def paper(request: Request, round_id: UUID) -> Response:
    """The page as a file; raises ``NotFoundError``, ``NoPdfError``."""
    return _file(request, round_id, "pdf", lambda shown, language: pdf(round_sheet(shown, language)))


_RINGING = frozenset({CampaignState.ACTIVE, CampaignState.PAUSED})
"""A campaign that has rung people and may do so again."""
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
