"""``/api/v1/areas``: the tree of grids, buildings and units in which homes lie."""

from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from api import queries
from api.etags import IfMatch, check, tag_of
from api.idempotency import Answer, Key, once
from api.paging import Cursor, Limit, Page, page
from api.people.home_documents import AreaChange, AreaDocument, AreaMove, NewArea, area_documents
from api.program import Program, changing, looking, own
from contacts.community.community import the_community
from contacts.homes import areas
from contacts.models import Area
from core.identity.visitor import Visitor

PATH = "/api/v1/areas"
router = APIRouter(prefix=PATH, tags=["areas"])


@router.get("")
def list_areas(program: Program, limit: Limit = 50, cursor: Cursor = None) -> Page[AreaDocument]:
    """The whole tree, in the order in which its parts were written down; the first is the community."""
    with looking(program) as session:
        found = queries.areas(program.community_id)
        return page(session, found, Area.id, cursor, limit, lambda rows: area_documents(session, rows))


@router.post("", status_code=201, response_model=AreaDocument)
def create_area(request: Request, program: Program, body: NewArea, key: Key = None) -> Response:
    """Writes down a grid, a building or a unit."""

    def create(session: Session) -> Answer:
        made = areas.create(
            session, program.actor, the_community(session), body.kind, body.name, body.parent_id
        )  # fmt: skip
        return _answer(session, made, 201)

    return once(request, program, key, body, create)


@router.get("/{area_id}", response_model=AreaDocument)
def get_area(program: Program, area_id: UUID) -> Response:
    """One area; `ETag` is its version."""
    with looking(program) as session:
        return _answer(session, _find(session, program, area_id)).response()


@router.patch("/{area_id}", response_model=AreaDocument)
def change_area(program: Program, area_id: UUID, body: AreaChange, if_match: IfMatch = None) -> Response:
    """Gives it another name; homes and responders stay with it."""

    def change(session: Session) -> Response:
        _held(session, program, area_id, if_match)
        areas.rename(session, program.actor, area_id, body.name)
        return _answer(session, _find(session, program, area_id)).response()

    return changing(program, change)


@router.delete("/{area_id}", status_code=204)
def remove_area(program: Program, area_id: UUID, if_match: IfMatch = None) -> Response:
    """Takes away an area in which nothing lies, and which nobody looks after."""

    def remove(session: Session) -> Response:
        _held(session, program, area_id, if_match)
        areas.remove(session, program.actor, area_id)
        return Response(status_code=204)

    return changing(program, remove)


@router.post("/{area_id}/move", response_model=AreaDocument)
def move_area(request: Request, program: Program, area_id: UUID, body: AreaMove, key: Key = None) -> Response:
    """It lies in another area from now on, with all that lies in it: a building in a grid."""

    def move(session: Session) -> Answer:
        _find(session, program, area_id)
        return _answer(session, areas.move(session, program.actor, area_id, body.parent_id))

    return once(request, program, key, body, move)


def _find(session: Session, program: Visitor, area_id: UUID) -> Area:
    return own(session, program, Area, area_id, "There is no area {value}.")


def _held(session: Session, program: Visitor, area_id: UUID, if_match: str | None) -> None:
    _find(session, program, area_id)
    check(if_match, area_documents(session, [areas.held(session, area_id)])[0])


def _answer(session: Session, area: Area, status: int = 200) -> Answer:
    session.flush()
    [document] = area_documents(session, [area])
    made = {"Location": f"{PATH}/{area.id}"} if status == 201 else {}
    return Answer(document, status, {"ETag": tag_of(document), **made})
