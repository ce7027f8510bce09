"""``/api/v1/rounds``: one morning of a campaign, and the proof that nobody was forgotten."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy.orm import Session

from api import problems, queries
from api.idempotency import Answer, Key, once
from api.language import language_of
from api.paging import Cursor, Limit, Page, page
from api.program import Program, looking
from api.work.bodies import NoteBody
from api.work.documents import CheckInDocument, RoundDocument, check_in_documents, round_documents
from api.work.reports import Printer, RoundReport, report_document, report_table
from campaigns.models import CheckIn, Round
from campaigns.rounds import round_stops
from core.errors import NotFoundError
from core.identity.visitor import Visitor
from core.short_ids import short

Answers = dict[int | str, dict[str, Any]]
router = APIRouter(prefix="/api/v1/rounds", tags=["rounds"])


def _file(media_type: str) -> Answers:
    return {200: {"content": {media_type: {"schema": {"type": "string", "format": "binary"}}}}}


_NO_PDF: Answers = {503: {"description": "No PDF can be made now", "content": {
    problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}}  # fmt: skip


@router.get("")
def list_rounds(
    program: Program,
    limit: Limit = 50,
    cursor: Cursor = None,
    campaign: Annotated[UUID | None, Query(description="Only rounds of this campaign.")] = None,
) -> Page[RoundDocument]:
    """Rounds, the newest first."""
    with looking(program) as session:
        found = queries.rounds(program.community_id, campaign)
        return page(session, found, Round.id, cursor, limit, lambda rows: round_documents(session, rows),
                    newest_first=True)  # fmt: skip


@router.get("/{round_id}")
def get_round(program: Program, round_id: UUID) -> RoundDocument:
    """How a round stands."""
    with looking(program) as session:
        return round_documents(session, [_find(session, program, round_id)])[0]


@router.get("/{round_id}/report")
def get_report(request: Request, program: Program, round_id: UUID) -> RoundReport:
    """What a round has come to: by building and flag, in time, each exception, and what is unusual in it."""
    with looking(program) as session:
        _find(session, program, round_id)
        return report_document(session, round_id, language_of(request))


@router.get("/{round_id}/report.csv", response_class=Response, responses=_file("text/csv"))
def get_report_table(request: Request, program: Program, round_id: UUID) -> Response:
    """Everybody in a round, one a line, in the language of `Accept-Language` and community time."""
    with looking(program) as session:
        _find(session, program, round_id)
        return Response(report_table(session, round_id, language_of(request)), media_type="text/csv")


@router.get("/{round_id}/report.pdf", response_class=Response, responses=_file("application/pdf") | _NO_PDF)
def get_report_pdf(request: Request, program: Program, round_id: UUID) -> Response:
    """The report to print, in the language of `Accept-Language`; 503 where this installation can make no PDF now."""
    printer: Printer = request.app.state.print_report
    with looking(program) as session:
        _find(session, program, round_id)
    return Response(printer(round_id, language_of(request)), media_type="application/pdf")


@router.get("/{round_id}/check-ins")
def list_check_ins(program: Program, round_id: UUID, limit: Limit = 50, cursor: Cursor = None) -> Page[CheckInDocument]:
    """Everybody in a round: what they said, how often they were rung, and the case that came of it."""
    with looking(program) as session:
        _find(session, program, round_id)
        return page(session, queries.check_ins(round_id), CheckIn.id, cursor, limit,
                    lambda rows: check_in_documents(session, round_id, rows))  # fmt: skip


@router.post("/{round_id}/stop", response_model=RoundDocument)
def stop_round(request: Request, program: Program, round_id: UUID, body: NoteBody, key: Key = None) -> Response:
    """Ends a round under way: calls in progress finish, nobody else is rung, and the check-ins say why."""

    def stop(session: Session) -> Answer:
        _find(session, program, round_id)
        round_stops.stop_round(session, program.actor, round_id, body.note)
        session.flush()
        session.expire_all()
        return Answer(round_documents(session, [_find(session, program, round_id)])[0])

    return once(request, program, key, body, stop)


def _find(session: Session, program: Visitor, round_id: UUID) -> Round:
    session.flush()
    found = session.get(Round, round_id)
    if found is None or found.campaign.community_id != program.community_id:
        raise NotFoundError("There is no round {value}.", field="round", value=short(round_id))
    return found
