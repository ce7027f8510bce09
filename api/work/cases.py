"""``/api/v1/cases``: what a person has to deal with."""

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel
from sqlalchemy.orm import Session

from api import queries
from api.idempotency import Answer, Key, once
from api.paging import Cursor, Limit, Page, page
from api.program import Program, looking, own
from api.work.bodies import AcceptBody, CaseNoteBody, CloseBody, HandOverBody, MergeBody, ReopenBody
from api.work.documents import CaseFile, CaseLine, case_file, case_lines
from campaigns.people import ring_again as ringing_again
from contacts.models import Responder
from core.errors import ConflictError, NotFoundError, UserError
from core.identity.visitor import Visitor
from escalation.calls.talking import talk_requests
from escalation.cases import cases
from escalation.deeds import giving_back, handing_over, merging, notes, reopening
from escalation.findings import Finding
from escalation.models import Case, CaseKind, CaseState

NO_CASE = "There is no case {value}."
NO_RESPONDER = "There is no responder {value}."
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
        who = own(session, program, Responder, body.responder_id, NO_RESPONDER)
        if who.removed_at is not None:
            raise NotFoundError("Nobody knows this helper any more.", way_out="Choose another one.",
                                field="responder_id", value=who.name)  # fmt: skip
        if not cases.accept(session, program.actor, case_id, who.id):
            raise ConflictError("Somebody else was first, or the case is closed.", way_out="Look at it again.",
                                field="case")  # fmt: skip
        return _answer(session, program, case_id)

    return once(request, program, key, body, accept)


@router.post("/{case_id}/on-the-way", response_model=CaseFile)
def set_out(request: Request, program: Program, case_id: UUID, key: Key = None) -> Response:
    """Whoever accepted is on the way."""
    return _move(request, program, case_id, key, CaseState.ON_THE_WAY)


@router.post("/{case_id}/on-site", response_model=CaseFile)
def arrive(request: Request, program: Program, case_id: UUID, key: Key = None) -> Response:
    """Whoever accepted is at the door."""
    return _move(request, program, case_id, key, CaseState.ON_SITE)


@router.post("/{case_id}/on-phone", response_model=CaseFile)
def talk(request: Request, program: Program, case_id: UUID, key: Key = None) -> Response:
    """Whoever accepted is talking with the resident on the telephone."""
    return _move(request, program, case_id, key, CaseState.ON_PHONE)


@router.post("/{case_id}/notes", response_model=CaseFile)
def note_on_case(request: Request, program: Program, case_id: UUID, body: CaseNoteBody, key: Key = None) -> Response:
    """A note on a case, which goes on as it was."""
    return _do(
        request, program, case_id, key, body, lambda session: notes.note(session, program.actor, case_id, body.note)
    )


@router.post("/{case_id}/hand-over", response_model=CaseFile)
def hand_over(request: Request, program: Program, case_id: UUID, body: HandOverBody, key: Key = None) -> Response:
    """Another responder is asked to take the case over, or has agreed to; until then whoever has it has it."""

    def other(session: Session) -> None:
        own(session, program, Responder, body.responder_id, NO_RESPONDER)
        hands = handing_over.give if body.agreed else handing_over.ask_to_take_over
        hands(session, program.actor, case_id, body.responder_id)

    return _do(request, program, case_id, key, body, other)


@router.post("/{case_id}/give-back", response_model=CaseFile)
def give_back(request: Request, program: Program, case_id: UUID, key: Key = None) -> Response:
    """Whoever has the case cannot look after it: its ladder asks others."""
    return _do(request, program, case_id, key, None,
               lambda session: giving_back.give_back(session, program.actor, case_id))  # fmt: skip


@router.post("/{case_id}/connect", response_model=CaseFile)
def connect(request: Request, program: Program, case_id: UUID, key: Key = None) -> Response:
    """Whoever has the case in hand is rung, and connected with its resident after a key."""
    return _do(request, program, case_id, key, None,
               lambda session: talk_requests.ring_holder(session, program.actor, case_id))  # fmt: skip


@router.post("/{case_id}/ring-again", response_model=CaseFile)
def ring_again(request: Request, program: Program, case_id: UUID, key: Key = None) -> Response:
    """The resident is rung now, in the hours in which residents may be rung."""
    return _do(request, program, case_id, key, None,
               lambda session: ringing_again.ring_again(session, program.actor, case_id))  # fmt: skip


@router.post("/{case_id}/merge", response_model=CaseFile)
def merge_cases(request: Request, program: Program, case_id: UUID, body: MergeBody, key: Key = None) -> Response:
    """Two cases about one resident become one, the more urgent of them, which is answered."""

    def merge(session: Session) -> Answer:
        for each in (case_id, body.case_id):
            own(session, program, Case, each, NO_CASE)
        return _answer(session, program, merging.merge(session, program.actor, case_id, body.case_id).id)

    return once(request, program, key, body, merge)


@router.post("/{case_id}/reopen", response_model=CaseFile)
def reopen(request: Request, program: Program, case_id: UUID, body: ReopenBody, key: Key = None) -> Response:
    """A closed case goes on its ladder again."""
    return _do(request, program, case_id, key, body,
               lambda session: reopening.reopen(session, program.actor, case_id, body.reason))  # fmt: skip


@router.post("/{case_id}/close", response_model=CaseFile)
def close_case(request: Request, program: Program, case_id: UUID, body: CloseBody, key: Key = None) -> Response:
    """A person has dealt with the case and says what they have found."""

    def close(session: Session) -> None:
        if body.finding is Finding.OTHER and not body.note.strip():
            raise UserError("A case is closed with a word about how it went.",
                            way_out="Choose what was found, or write a short note.", field="note")  # fmt: skip
        cases.close(session, program.actor, case_id, body.note.strip(), body.finding)

    return _do(request, program, case_id, key, body, close)


def _move(request: Request, program: Visitor, case_id: UUID, key: str | None, state: CaseState) -> Response:
    return _do(request, program, case_id, key, None, lambda session: cases.move(session, program.actor, case_id, state))


def _do(
    request: Request,
    program: Visitor,
    case_id: UUID,
    key: str | None,
    body: BaseModel | None,
    deed: Callable[[Session], object],
) -> Response:
    """Does it to a case of the program's community, once, and answers with the case as it is then."""

    def work(session: Session) -> Answer:
        own(session, program, Case, case_id, NO_CASE)
        deed(session)
        return _answer(session, program, case_id)

    return once(request, program, key, body, work)


def _answer(session: Session, program: Visitor, case_id: UUID) -> Answer:
    session.flush()
    session.expire_all()
    return Answer(case_file(session, own(session, program, Case, case_id, NO_CASE)))
