"""``/api/v1/residents/{id}/file``, ``health`` and ``phones``: what belongs to a file beside the resident themselves."""

from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict
from sqlalchemy.orm import Session

from api.etags import IfMatch, check, tag_of
from api.idempotency import Answer, Key, once
from api.people.bodies import HealthBody, PhoneStateBody
from api.people.file_documents import WholeFile, whole_file
from api.people.residents import find, held
from api.program import Program, changing, looking
from campaigns.people import resident_status
from contacts.people.health_notes import health_notes, set_health_notes
from core.identity.roles import Scope
from core.identity.visitor import Visitor

router = APIRouter(prefix="/api/v1/residents/{resident_id}", tags=["residents"])


class HealthDocument(BaseModel):
    """What is known of a resident's health; empty where nothing is."""

    model_config = ConfigDict(title="Health")

    resident_id: UUID
    notes: str


@router.get("/file", response_model=WholeFile)
def get_file(program: Program, resident_id: UUID) -> Response:
    """The whole file in one document. Who has read it is in the audit log."""
    with looking(program) as session:
        return _whole(session, program, resident_id).response()


@router.post("/phones", response_model=WholeFile)
def set_phone_state(
    request: Request, program: Program, resident_id: UUID, body: PhoneStateBody, key: Key = None
) -> Response:
    """Whether a telephone of theirs may be rung; one that may not stops ringing, and the next one is tried."""

    def change(session: Session) -> Answer:
        held(session, program, resident_id)
        resident_status.set_phone_state(session, program.actor, resident_id, body.phone, body.state, body.since)
        return _whole(session, program, resident_id)

    return once(request, program, key, body, change)


@router.get("/health", response_model=HealthDocument)
def get_health(program: Program, resident_id: UUID) -> Response:
    """What is known of their health; `ETag` is its version."""
    with looking(program) as session:
        find(session, program, resident_id)
        return _health(session, resident_id).response()


@router.patch("/health", response_model=HealthDocument)
def change_health(program: Program, resident_id: UUID, body: HealthBody, if_match: IfMatch = None) -> Response:
    """Changes what is known of their health."""

    def change(session: Session) -> Response:
        held(session, program, resident_id)
        check(if_match, _document(session, resident_id))
        set_health_notes(session, program.actor, resident_id, body.notes)
        return _health(session, resident_id).response()

    return changing(program, change)


def _whole(session: Session, program: Visitor, resident_id: UUID) -> Answer:
    who = find(session, program, resident_id)
    document = whole_file(session, who, with_health=Scope.HEALTH_READ in program.scopes)
    return Answer(document, 200, {"ETag": tag_of(document)})


def _document(session: Session, resident_id: UUID) -> HealthDocument:
    return HealthDocument(resident_id=resident_id, notes=health_notes(session, resident_id))


def _health(session: Session, resident_id: UUID) -> Answer:
    document = _document(session, resident_id)
    return Answer(document, 200, {"ETag": tag_of(document)})
