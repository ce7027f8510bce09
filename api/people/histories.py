"""``/api/v1/residents/{id}/history`` and ``/api/v1/households/{id}/history``: who changed what, and when."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from api.language import language_of
from api.paging import Cursor, Limit, Page
from api.people.households import NO_HOUSEHOLD
from api.people.residents import find
from api.program import Program, looking, own
from contacts.history import histories
from contacts.history.moments import Moment
from contacts.models import Household
from core.actors import ActorKind
from core.errors import UserError
from core.i18n import Language

router = APIRouter(prefix="/api/v1")


class Who(BaseModel):
    """Whose doing it was; the `name` is the one by which they are known now."""

    kind: ActorKind
    id: UUID | None
    name: str


class MomentDocument(BaseModel):
    """One change of a file: what was changed, and not what it was, which is about people and is not kept."""

    model_config = ConfigDict(title="Change")

    at: datetime
    event: str = Field(examples=["resident.changed"])
    subject_id: UUID = Field(description="Whose, or which home's, file it was then.")
    what: str = Field(description="Which part of it; empty where it was all of it.", examples=["called"])
    actor: Who
    detail: str = Field(description="What they did, in words.", examples=["修改了：称呼"])


@router.get("/residents/{resident_id}/history", tags=["residents"])
def resident_history(
    request: Request, program: Program, resident_id: UUID, limit: Limit = 50, cursor: Cursor = None
) -> Page[MomentDocument]:
    """What was changed of a resident's file and of their home, by whom and when, the newest first."""
    with looking(program) as session:
        found = histories.of_resident(session, find(session, program, resident_id))
    return _page(found, cursor, limit, language_of(request))


@router.get("/households/{household_id}/history", tags=["households"])
def household_history(
    request: Request, program: Program, household_id: UUID, limit: Limit = 50, cursor: Cursor = None
) -> Page[MomentDocument]:
    """What was changed of a home, and of those whose people came from there, the newest first."""
    with looking(program) as session:
        home = own(session, program, Household, household_id, NO_HOUSEHOLD)
        found = histories.of_household(session, home.id)
    return _page(found, cursor, limit, language_of(request))


def _page(found: Sequence[Moment], cursor: str | None, limit: int, language: Language) -> Page[MomentDocument]:
    before = _meant(cursor)
    rest = [each for each in found if before is None or each.number < before]
    following = str(rest[limit - 1].number) if len(rest) > limit else None
    return Page[MomentDocument](items=[_document(each, language) for each in rest[:limit]], next=following)


def _meant(cursor: str | None) -> int | None:
    if not cursor:
        return None
    if not (cursor.isascii() and cursor.isdigit()):
        raise UserError("“{value}” is no cursor.", way_out="Take the one that the page before has given as next.",
                        field="cursor", value=cursor)  # fmt: skip
    return int(cursor)


def _document(moment: Moment, language: Language) -> MomentDocument:
    who = Who(kind=moment.actor.kind, id=moment.actor.id, name=moment.name)
    return MomentDocument(at=moment.at, event=moment.event, subject_id=moment.subject_id, what=moment.what, actor=who,
                          detail=moment.words(language))  # fmt: skip
