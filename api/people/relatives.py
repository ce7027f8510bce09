"""``/api/v1/residents/{id}/relatives`` and ``/api/v1/relatives/{id}``: who of a family is told."""

from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from api import queries
from api.etags import IfMatch, check, tag_of
from api.idempotency import Answer, Key, once
from api.paging import Page
from api.people.bodies import LinkBody, NewRelative, RelativeChange
from api.people.documents import LinksEndedDocument, RelativeDocument, RelativeLinkDocument, relative_document
from api.people.residents import find as find_resident
from api.people.residents import relative_particulars
from api.program import Program, changing, looking
from campaigns.family import invitations
from campaigns.people import resident_status
from contacts import queries as contacts
from contacts import relative_links
from contacts.models import Relative
from contacts.people import relative_changes, residents
from core.errors import NotFoundError
from core.identity.visitor import Visitor
from core.short_ids import short
from ivr import queries as telephone

PATH = "/api/v1/relatives"
router = APIRouter(prefix="/api/v1", tags=["relatives"])


@router.get("/residents/{resident_id}/relatives")
def list_relatives(program: Program, resident_id: UUID) -> Page[RelativeDocument]:
    """Who of a resident's family is told how they are, all on one page."""
    with looking(program) as session:
        find_resident(session, program, resident_id)
        known = [relative_document(each) for each in contacts.relatives_of(session, resident_id)]
    return Page[RelativeDocument](items=known, next=None)


@router.post("/residents/{resident_id}/relatives", status_code=201, response_model=RelativeDocument)
def add_relative(request: Request, program: Program, resident_id: UUID, body: NewRelative, key: Key = None) -> Response:
    """Writes down a relative; they are told from now on what they want to know."""

    def add(session: Session) -> Answer:
        find_resident(session, program, resident_id)
        told = relative_particulars(body.model_dump(exclude_unset=True))
        known = {each.id for each in contacts.relatives_of(session, resident_id)}
        relative_changes.add(session, program.actor, resident_id, told, telephone.our_numbers(session))
        [made] = [each for each in contacts.relatives_of(session, resident_id) if each.id not in known]
        return _answer(made, 201)

    return once(request, program, key, body, add)


@router.get("/relatives/{relative_id}", response_model=RelativeDocument)
def get_relative(program: Program, relative_id: UUID) -> Response:
    """One relative; `ETag` is its version."""
    with looking(program) as session:
        return _answer(_find(session, program, relative_id)).response()


@router.patch("/relatives/{relative_id}", response_model=RelativeDocument)
def change_relative(program: Program, relative_id: UUID, body: RelativeChange, if_match: IfMatch = None) -> Response:
    """Changes what is told; texts that wait do not go to a telephone they had."""

    def change(session: Session) -> Response:
        found = _held(session, program, relative_id)
        check(if_match, relative_document(found))
        told = relative_particulars(body.model_dump(exclude_unset=True))
        resident_status.change_relative(session, program.actor, found.resident_id, found.number, told,
                                        telephone.our_numbers(session))  # fmt: skip
        return _answer(_find(session, program, relative_id)).response()

    return changing(program, change)


@router.delete("/relatives/{relative_id}", status_code=204)
def remove_relative(program: Program, relative_id: UUID, if_match: IfMatch = None) -> Response:
    """The relative is told nothing any more, not even what waits to be sent."""

    def remove(session: Session) -> Response:
        found = _held(session, program, relative_id)
        check(if_match, relative_document(found))
        resident_status.remove_relative(session, program.actor, found.resident_id, found.number)
        return Response(status_code=204)

    return changing(program, remove)


@router.post("/relatives/{relative_id}/link", response_model=RelativeLinkDocument)
def give_link(request: Request, program: Program, relative_id: UUID, body: LinkBody, key: Key = None) -> Response:
    """The link to the page of a relative, on which they see how the resident is and can say what they know."""

    def give(session: Session) -> Answer:
        found = _held(session, program, relative_id)
        gives = invitations.send if body.send else relative_links.give
        return Answer(RelativeLinkDocument(address=gives(session, program.actor, found.id), sent=body.send))

    return once(request, program, key, body, give)


@router.post("/relatives/{relative_id}/link/end", response_model=LinksEndedDocument)
def end_links(request: Request, program: Program, relative_id: UUID, key: Key = None) -> Response:
    """Every link of the relative shows nothing any more."""

    def end(session: Session) -> Answer:
        found = _held(session, program, relative_id)
        return Answer(LinksEndedDocument(ended=relative_links.end(session, program.actor, found.resident_id, found.id)))

    return once(request, program, key, None, end)


def _held(session: Session, program: Visitor, relative_id: UUID) -> Relative:
    """The relative, whose resident is held until the transaction ends."""
    residents.enrolled(session, _find(session, program, relative_id).resident_id)
    return _find(session, program, relative_id)


def _find(session: Session, program: Visitor, relative_id: UUID) -> Relative:
    session.flush()
    found = queries.relative(session, relative_id, program.community_id)
    if found is None:
        raise NotFoundError("There is no relative {value}.", field="relative", value=short(relative_id))
    session.refresh(found)
    return found


def _answer(relative: Relative, status: int = 200) -> Answer:
    document = relative_document(relative)
    made = {"Location": f"{PATH}/{relative.id}"} if status == 201 else {}
    return Answer(document, status, {"ETag": tag_of(document), **made})
