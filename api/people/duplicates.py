"""``/api/v1/residents/duplicates``, ``…/merge`` and ``…/distinct`` (and back): one person written down twice."""

from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from api.etags import tag_of
from api.idempotency import Answer, Key, once
from api.paging import Page
from api.people.bodies import Body
from api.people.documents import ResidentFile, ResidentLine, resident_file, resident_lines
from api.people.residents import find, held
from api.program import Program, changing, looking
from campaigns.people import resident_merging
from contacts.duplicates.candidates import Likeness, candidates
from contacts.duplicates.telling_apart import take_back, tell_apart

router = APIRouter(prefix="/api/v1/residents", tags=["residents"])


class DuplicateDocument(BaseModel):
    """Two residents who may be one person, the one enrolled first in front, and what they have in common."""

    model_config = ConfigDict(title="Duplicate")

    first: ResidentLine
    second: ResidentLine
    likeness: list[Likeness] = Field(examples=[["telephone", "name"]])


class MergeBody(Body):
    """The other file, which is about the same person."""

    resident_id: UUID


class DistinctBody(Body):
    """The other file, which is about somebody else."""

    resident_id: UUID


class DistinctDocument(BaseModel):
    """Two residents who are two people, and are not offered as one again."""

    model_config = ConfigDict(title="Distinct")

    residents: list[ResidentLine]


@router.get("/duplicates")
def list_duplicates(program: Program) -> Page[DuplicateDocument]:
    """Who may have been written down twice, the likeliest first, all on one page. Nothing is done with them."""
    with looking(program) as session:
        pairs = candidates(session, program.community_id)
        people = {each.id: each for pair in pairs for each in (pair.first, pair.second)}
        lines = {each.id: each for each in resident_lines(session, list(people.values()))}
        found = [DuplicateDocument(first=lines[pair.first.id], second=lines[pair.second.id],
                                   likeness=list(pair.likeness)) for pair in pairs]  # fmt: skip
    return Page[DuplicateDocument](items=found, next=None)


@router.post("/{resident_id}/merge", response_model=ResidentFile)
def merge_resident(request: Request, program: Program, resident_id: UUID, body: MergeBody, key: Key = None) -> Response:
    """The other file becomes part of this one: telephones, relatives, consents, absences, open cases. What is over
    stays in the other one's name, and the history of this one tells it. It cannot be undone."""

    def merge(session: Session) -> Answer:
        for each in (resident_id, body.resident_id):
            held(session, program, each)
        resident_merging.merge(session, program.actor, resident_id, body.resident_id)
        document = resident_file(session, find(session, program, resident_id))
        return Answer(document, 200, {"ETag": tag_of(document)})

    return once(request, program, key, body, merge)


@router.post("/{resident_id}/distinct", response_model=DistinctDocument)
def tell_residents_apart(
    request: Request, program: Program, resident_id: UUID, body: DistinctBody, key: Key = None
) -> Response:
    """The two look alike and are two people: they are not offered as duplicates again. Saying it twice is no error."""

    def apart(session: Session) -> Answer:
        for each in (resident_id, body.resident_id):
            held(session, program, each)
        people = tell_apart(session, program.actor, resident_id, body.resident_id)
        return Answer(DistinctDocument(residents=resident_lines(session, list(people))), 200)

    return once(request, program, key, body, apart)


@router.delete("/{resident_id}/distinct/{other_id}", status_code=204)
def offer_residents_again(program: Program, resident_id: UUID, other_id: UUID) -> Response:
    """The two may be one person after all: they are offered as duplicates again. Saying it twice is no error."""

    def again(session: Session) -> Response:
        for each in (resident_id, other_id):
            held(session, program, each)
        take_back(session, program.actor, resident_id, other_id)
        return Response(status_code=204)

    return changing(program, again)
