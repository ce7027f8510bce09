"""``/api/v1/cases``: what a person has to deal with."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy.orm import Session

from api import queries
from api.idempotency import Answer, Key, once
from api.paging import Cursor, Limit, Page, page
from api.program import Program, looking, own
from api.work.bodies import AcceptBody, CloseBody
from api.work.documents import CaseFile, CaseLine, case_file, case_lines
from contacts.models import Responder
from core.errors import ConflictError, NotFoundError, UserError
from core.identity.visitor import Visitor
from escalation.cases import cases
from escalation.models import Case, CaseKind, CaseState, Finding

NO_CASE = "There is no case {value}."
router = APIRouter(prefix="/api/v1/cases", tags=["cases"])


@router.get("")
def list_cases(
    program: Program,
    limit: Limit = 50,
    cursor: Cursor = None,
    state: Annotated[CaseState | None, Query(description="Only cases in this state.")] = None,
    kind: Annotated[CaseKind | None, Query(description="Only cases of this kind.")] = None,
) -> Page[CaseLine]:
    """Cases, the newest first."""
    with looking(program) as session:
        found = queries.cases(program.community_id, state, kind)
        return page(session, found, Case.id, cursor, limit, case_lines, newest_first=True)


@router.get("/{case_id}")
def get_case(program: Program, case_id: UUID) -> CaseFile:
    """One case and what happened to it."""
    with looking(program) as session:
        return case_file(session, own(session, program, Case, case_id, NO_CASE))


@router.post("/{case_id}/accept", response_model=CaseFile)
def accept_case(request: Request, program: Program, case_id: UUID, body: AcceptBody, key: Key = None) -> Response:
    """A responder takes the case; everybody else's telephone stops ringing."""

    def accept(session: Session) -> Answer:
        own(session, program, Case, case_id, NO_CASE)
        who = own(session, program, Responder, body.responder_id, "There is no responder {value}.")
        if who.removed_at is not None:
            raise NotFoundError("Nobody knows this helper any more.", way_out="Choose another one.",
                                field="responder_id", value=who.name)  # fmt: skip
        if not cases.accept(session, program.actor, case_id, who.id):
            raise ConflictError("Somebody else was first, or the case is closed.", way_out="Look at it again.",
                                field="case")  # fmt: skip
        return _answer(session, program, case_id)

    return once(request, program, key, body, accept)


@router.post("/{case_id}/on-site", response_model=CaseFile)
def arrive(request: Request, program: Program, case_id: UUID, key: Key = None) -> Response:
    """Whoever accepted is at the door."""

    def at_the_door(session: Session) -> Answer:
        own(session, program, Case, case_id, NO_CASE)
        cases.arrive(session, program.actor, case_id)
        return _answer(session, program, case_id)

    return once(request, program, key, None, at_the_door)


@router.post("/{case_id}/close", response_model=CaseFile)
def close_case(request: Request, program: Program, case_id: UUID, body: CloseBody, key: Key = None) -> Response:
    """A person has dealt with the case and says what they have found."""

    def close(session: Session) -> Answer:
        own(session, program, Case, case_id, NO_CASE)
        if body.finding is Finding.OTHER and not body.note.strip():
            raise UserError("A case is closed with a word about how it went.",
                            way_out="Choose what was found, or write a short note.", field="note")  # fmt: skip
        cases.close(session, program.actor, case_id, body.note.strip(), body.finding)
        return _answer(session, program, case_id)

    return once(request, program, key, body, close)


def _answer(session: Session, program: Visitor, case_id: UUID) -> Answer:
    session.flush()
    session.expire_all()
    return Answer(case_file(session, own(session, program, Case, case_id, NO_CASE)))
