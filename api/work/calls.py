"""``/api/v1/pages`` and ``/api/v1/calls``: who was asked to help, and single telephone attempts."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from api import queries
from api.paging import Cursor, Limit, Page, page
from api.program import Program, looking
from api.work.documents import CallDocument, PageDocument, call_document, page_documents
from core.errors import NotFoundError
from core.short_ids import short
from escalation.models import Page as PageToResponder

router = APIRouter(prefix="/api/v1", tags=["calls"])


@router.get("/pages")
def list_pages(
    program: Program,
    limit: Limit = 50,
    cursor: Cursor = None,
    case: Annotated[UUID | None, Query(description="Only pages about this case.")] = None,
) -> Page[PageDocument]:
    """Attempts to reach a responder about a case, the newest first."""
    with looking(program) as session:
        found = queries.pages(program.community_id, case)
        return page(session, found, PageToResponder.id, cursor, limit, page_documents, newest_first=True)


@router.get("/calls/{call_id}")
def get_call(program: Program, call_id: UUID) -> CallDocument:
    """One telephone attempt, by which a resident was asked or a responder paged."""
    with looking(program) as session:
        found = queries.call(session, call_id, program.community_id)
        if found is None:
            raise NotFoundError("There is no call {value}.", field="call", value=short(call_id))
        return call_document(found)
