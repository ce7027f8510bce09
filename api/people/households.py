"""``/api/v1/households``: homes, who lives in them, and the way in."""

from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from api import queries
from api.etags import IfMatch, check, tag_of
from api.idempotency import Answer, Key, once
from api.paging import Cursor, Limit, Page, page
from api.people.home_documents import (
    DoorFields,
    HouseholdDocument,
    HouseholdMerge,
    HouseholdMove,
    HouseholdSplit,
    NewHousehold,
    door,
    household_file,
    household_lines,
)
from api.program import Program, changing, looking, own
from contacts.community.community import the_community
from contacts.homes import household_changes, household_moves
from contacts.models import Household
from contacts.people.households import Written
from core.identity.visitor import Visitor
from ivr import queries as telephone

PATH = "/api/v1/households"
router = APIRouter(prefix=PATH, tags=["households"])
NO_HOUSEHOLD = "There is no household {value}."


@router.get("")
def list_households(program: Program, limit: Limit = 50, cursor: Cursor = None) -> Page[HouseholdDocument]:
    """All homes, in the order in which they were written down."""
    with looking(program) as session:
        found = queries.households(program.community_id)
        return page(session, found, Household.id, cursor, limit, lambda rows: household_lines(session, rows))


@router.post("", status_code=201, response_model=HouseholdDocument)
def create_household(request: Request, program: Program, body: NewHousehold, key: Key = None) -> Response:
    """Writes down a home in which nobody lives yet; whoever moves in by any way finds it."""

    def create(session: Session) -> Answer:
        home = household_changes.create(
            session, program.actor, the_community(session), Written(**body.home.model_dump()), door(body),
            telephone.our_numbers(session),
        )  # fmt: skip
        return _answer(session, home, 201)

    return once(request, program, key, body, create)


@router.get("/{household_id}", response_model=HouseholdDocument)
def get_household(program: Program, household_id: UUID) -> Response:
    """One home: who lives there, and the way in; `ETag` is its version."""
    with looking(program) as session:
        return _answer(session, _find(session, program, household_id)).response()


@router.patch("/{household_id}", response_model=HouseholdDocument)
def change_household(program: Program, household_id: UUID, body: DoorFields, if_match: IfMatch = None) -> Response:
    """Changes what is told of the way in, for everybody who lives there."""

    def change(session: Session) -> Response:
        _find(session, program, household_id)
        home = household_changes.held(session, household_id)
        check(if_match, household_file(session, home))
        household_changes.set_door(session, program.actor, household_id, door(body), telephone.our_numbers(session))
        return _answer(session, home).response()

    return changing(program, change)


@router.post("/{household_id}/move", response_model=HouseholdDocument)
def move_household(
    request: Request, program: Program, household_id: UUID, body: HouseholdMove, key: Key = None
) -> Response:
    """Everybody who lives here lives at another address from now on; the answer is the home there."""

    def move(session: Session) -> Answer:
        _find(session, program, household_id)
        written, ours = Written(**body.home.model_dump()), telephone.our_numbers(session)
        done = household_moves.move(session, program.actor, household_id, written, door(body), ours)
        return _answer(session, done.household)

    return once(request, program, key, body, move)


@router.post("/{household_id}/split", response_model=HouseholdDocument)
def split_household(
    request: Request, program: Program, household_id: UUID, body: HouseholdSplit, key: Key = None
) -> Response:
    """Some of those who live here live at another address from now on; the answer is the home there."""

    def split(session: Session) -> Answer:
        _find(session, program, household_id)
        written, ours = Written(**body.home.model_dump()), telephone.our_numbers(session)
        done = household_moves.split(session, program.actor, household_id, body.residents, written, door(body), ours)
        return _answer(session, done.household)

    return once(request, program, key, body, split)


@router.post("/{household_id}/merge", response_model=HouseholdDocument)
def merge_household(
    request: Request, program: Program, household_id: UUID, body: HouseholdMerge, key: Key = None
) -> Response:
    """Everybody who lives in the other home lives in this one from now on, with who lives here."""

    def merge(session: Session) -> Answer:
        _find(session, program, household_id)
        _find(session, program, body.household_id)
        done = household_moves.merge(session, program.actor, household_id, body.household_id)
        return _answer(session, done.household)

    return once(request, program, key, body, merge)


def _find(session: Session, program: Visitor, household_id: UUID) -> Household:
    return own(session, program, Household, household_id, NO_HOUSEHOLD)


def _answer(session: Session, home: Household, status: int = 200) -> Answer:
    session.flush()
    document = household_file(session, home)
    made = {"Location": f"{PATH}/{home.id}"} if status == 201 else {}
    return Answer(document, status, {"ETag": tag_of(document), **made})
