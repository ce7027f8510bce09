"""``/api/v1/residents/{id}/remarks``: what is unusual for one resident, as their own rounds show."""

from uuid import UUID

from fastapi import APIRouter

from api.paging import Page
from api.people.residents import find as find_resident
from api.program import Program, looking
from api.work.reports import RemarkDocument, remark_documents
from campaigns.looking import remark_words

router = APIRouter(prefix="/api/v1", tags=["residents"])


@router.get("/residents/{resident_id}/remarks")
def list_remarks(program: Program, resident_id: UUID) -> Page[RemarkDocument]:
    """The latest remarks about a resident, all on one page. Nobody has to do anything about them."""
    with looking(program) as session:
        find_resident(session, program, resident_id)
        known = remark_documents(remark_words.of_resident(session, resident_id))
    return Page[RemarkDocument](items=known, next=None)
