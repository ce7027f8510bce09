"""``/api/v1/responders``: who can go and help."""

from typing import Annotated, Any, cast
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy.orm import Session

from api import queries
from api.etags import IfMatch, check, tag_of
from api.idempotency import Answer, Key, once
from api.paging import Cursor, Limit, Page, page
from api.people.bodies import NewResponder, ResponderChange
from api.people.documents import ResponderDocument, responder_documents
from api.program import Program, changing, looking, own
from campaigns.people import responder_status
from contacts.community.community import the_community
from contacts.models import Responder
from contacts.people import responder_changes
from contacts.people.responder_changes import ResponderParticulars
from core.identity.visitor import Visitor
from ivr import queries as telephone

PATH = "/api/v1/responders"
router = APIRouter(prefix=PATH, tags=["responders"])
NO_RESPONDER = "There is no responder {value}."


@router.get("")
def list_responders(
    program: Program,
    limit: Limit = 50,
    cursor: Cursor = None,
    removed: Annotated[bool, Query(description="Only those who have been removed.")] = False,
) -> Page[ResponderDocument]:
    """Everybody who can go and help, in the order in which they were written down."""
    with looking(program) as session:
        found = queries.responders(program.community_id, removed=removed)
        return page(session, found, Responder.id, cursor, limit, lambda rows: responder_documents(session, rows))


@router.post("", status_code=201, response_model=ResponderDocument)
def add_responder(request: Request, program: Program, body: NewResponder, key: Key = None) -> Response:
    """Writes down somebody who can go and help; they are asked at once."""

    def add(session: Session) -> Answer:
        who = responder_changes.add(session, program.actor, the_community(session), _told(body.model_dump()),
                                    telephone.our_numbers(session))  # fmt: skip
        return _answer(session, who, 201)

    return once(request, program, key, body, add)


@router.get("/{responder_id}", response_model=ResponderDocument)
def get_responder(program: Program, responder_id: UUID) -> Response:
    """One responder; `ETag` is its version."""
    with looking(program) as session:
        return _answer(session, find(session, program, responder_id)).response()


@router.patch("/{responder_id}", response_model=ResponderDocument)
def change_responder(program: Program, responder_id: UUID, body: ResponderChange, if_match: IfMatch = None) -> Response:
    """Changes what is told; a telephone that is theirs no more stops ringing."""

    def change(session: Session) -> Response:
        find(session, program, responder_id)
        who = responder_changes.helping(session, responder_id)
        check(if_match, responder_documents(session, [who])[0])
        told = _told(body.model_dump(exclude_unset=True))
        responder_status.change(session, program.actor, responder_id, told, telephone.our_numbers(session))
        return _answer(session, find(session, program, responder_id)).response()

    return changing(program, change)


@router.post("/{responder_id}/remove", response_model=ResponderDocument)
def remove_responder(request: Request, program: Program, responder_id: UUID, key: Key = None) -> Response:
    """The responder is asked about nothing any more; what they have in hand goes to others at once."""

    def remove(session: Session) -> Answer:
        find(session, program, responder_id)
        responder_status.remove(session, program.actor, responder_id)
        return _answer(session, find(session, program, responder_id))

    return once(request, program, key, None, remove)


@router.post("/{responder_id}/restore", response_model=ResponderDocument)
def restore_responder(request: Request, program: Program, responder_id: UUID, key: Key = None) -> Response:
    """Takes a removal back: the responder is asked as before, and needs a new PIN."""

    def restore(session: Session) -> Answer:
        find(session, program, responder_id)
        return _answer(session, responder_changes.restore(session, program.actor, responder_id))

    return once(request, program, key, None, restore)


def find(session: Session, program: Visitor, responder_id: UUID) -> Responder:
    """A responder of the program's community; raises ``NotFoundError``."""
    return own(session, program, Responder, responder_id, NO_RESPONDER)


def _answer(session: Session, responder: Responder, status: int = 200) -> Answer:
    session.flush()
    [document] = responder_documents(session, [responder])
    made = {"Location": f"{PATH}/{responder.id}"} if status == 201 else {}
    return Answer(document, status, {"ETag": tag_of(document), **made})


def _told(told: dict[str, Any]) -> ResponderParticulars:
    """What is told; null tells nothing."""
    names = {"phone": "number", "second_phone": "second_number"}
    values = {names.get(what, what): value for what, value in told.items() if value is not None}
    return cast("ResponderParticulars", values)
