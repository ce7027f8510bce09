"""``/api/v1/residents/{id}/export`` and ``erase``: what is kept about somebody, and that none of it is."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from api.idempotency import Answer, Key, once
from api.language import language_of
from api.people.bodies import ErasureBody
from api.people.residents import find
from api.program import Program, changing
from campaigns.privacy import erasure, export

ZIP = "application/zip"
_ARCHIVE = {"schema": {"type": "string", "format": "binary"}}
router = APIRouter(prefix="/api/v1/residents/{resident_id}", tags=["residents"])


class ErasedDocument(BaseModel):
    """Since when nothing is known of them; `rows` is how many were deleted or emptied, 0 the second time."""

    model_config = ConfigDict(title="Erased")

    resident_id: UUID
    erased_at: datetime
    rows: int = Field(examples=[143])


@router.get("/export", response_class=Response, responses={200: {"content": {ZIP: _ARCHIVE}}})
def export_resident(request: Request, program: Program, resident_id: UUID) -> Response:
    """Everything that is kept about a resident, for them to read: a ZIP file with `data.json` and their recordings.

    Their health, too. That it was asked for is in the history of their file.
    """

    def written(session: Session) -> Response:
        find(session, program, resident_id)
        done = export.export(session, program.actor, resident_id, language_of(request))
        named = {"Content-Disposition": f'attachment; filename="{resident_id}.zip"', "Cache-Control": "no-store"}
        return Response(done.archive(), media_type=ZIP, headers=named)

    return changing(program, written)


@router.post("/erase", response_model=ErasedDocument)
def erase_resident(
    request: Request, program: Program, resident_id: UUID, body: ErasureBody, key: Key = None
) -> Response:
    """Erases all that is known of a resident who was removed, for good. What rounds are counted by stays, as nobody's.

    Refused (409) while they are looked after, have a case that nobody has closed, or are being rung.
    """

    def carry_out(session: Session) -> Answer:
        find(session, program, resident_id)
        done = erasure.erase(session, program.actor, resident_id, body.reason)
        return Answer(ErasedDocument(resident_id=done.resident_id, erased_at=done.at, rows=done.rows))

    return once(request, program, key, body, carry_out)
