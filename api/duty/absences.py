"""``/api/v1/absences``: which responders are not there, from when until when."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy.orm import Session

from api.duty.bodies import NewAbsence
from api.duty.documents import AbsenceDocument, absence_document
from api.etags import IfMatch, check, tag_of
from api.idempotency import Answer, Key, once
from api.paging import Cursor, Limit, Page, page
from api.people.responders import find as find_responder
from api.program import Program, changing, looking, own
from core import clock
from core.identity.visitor import Visitor
from escalation.queries import roster as queries
from escalation.roster import absences
from escalation.shifts import ResponderAbsence

PATH = "/api/v1/absences"
router = APIRouter(prefix=PATH, tags=["roster"])
NO_ABSENCE = "There is no absence {value}."
Whose = Annotated[UUID | None, Query(description="Only those of one responder.")]


@router.get("")
def list_absences(
    program: Program, limit: Limit = 50, cursor: Cursor = None, responder_id: Whose = None
) -> Page[AbsenceDocument]:
    """Absences of those who help that are not over."""
    with looking(program) as session:
        found = queries.all_absences(program.community_id, clock.now(), responder_id)
        return page(session, found, ResponderAbsence.id, cursor, limit,
                    lambda rows: [absence_document(each) for each in rows])  # fmt: skip


@router.post("", status_code=201, response_model=AbsenceDocument)
def add_absence(request: Request, program: Program, body: NewAbsence, key: Key = None) -> Response:
    """The responder is asked only where nobody else is left."""

    def add(session: Session) -> Answer:
        find_responder(session, program, body.responder_id)
        return _answer(absences.be_absent(session, program.actor, **body.model_dump()), 201)

    return once(request, program, key, body, add)


@router.get("/{absence_id}", response_model=AbsenceDocument)
def get_absence(program: Program, absence_id: UUID) -> Response:
    """One absence; `ETag` is its version."""
    with looking(program) as session:
        return _answer(_find(session, program, absence_id)).response()


@router.delete("/{absence_id}", status_code=204)
def end_absence(program: Program, absence_id: UUID, if_match: IfMatch = None) -> Response:
    """They are there again from now on; of an absence that had not begun nothing is left."""

    def end(session: Session) -> Response:
        check(if_match, absence_document(_find(session, program, absence_id)))
        absences.end_absence(session, program.actor, absence_id)
        return Response(status_code=204)

    return changing(program, end)


def _find(session: Session, program: Visitor, absence_id: UUID) -> ResponderAbsence:
    return own(session, program, ResponderAbsence, absence_id, NO_ABSENCE)


def _answer(absence: ResponderAbsence, status: int = 200) -> Answer:
    document = absence_document(absence)
    made = {"Location": f"{PATH}/{absence.id}"} if status == 201 else {}
    return Answer(document, status, {"ETag": tag_of(document), **made})
