"""``/api/v1/residents``: who is looked after."""

from typing import Annotated, Any, cast
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy.orm import Session

from api import queries
from api.etags import IfMatch, check, tag_of
from api.idempotency import Answer, Key, once
from api.paging import Cursor, Limit, Page, page
from api.people.bodies import NO_NUL, ConsentBody, NewResidentBody, PauseBody, RemovalBody, ResidentChange, ResumeBody
from api.people.documents import ResidentFile, ResidentLine, resident_file, resident_lines
from api.program import Program, changing, looking
from campaigns.people import resident_status
from contacts.community.community import the_community
from contacts.models import Resident
from contacts.people import absences, households, new_residents, resident_changes, residents
from contacts.people.households import Written
from contacts.people.new_residents import NewResident
from contacts.people.particulars import Particulars, RelativeParticulars, number_of
from core.errors import ConflictError, NotFoundError
from core.identity.visitor import Visitor
from core.short_ids import short
from ivr import queries as telephone

PATH = "/api/v1/residents"
router = APIRouter(prefix=PATH, tags=["residents"])
_COLUMNS = ("name", "called", "reading", "birth_year", "language", "pace", "call_time", "notes")


@router.get("")
def list_residents(
    program: Program,
    limit: Limit = 50,
    cursor: Cursor = None,
    removed: Annotated[bool, Query(description="Only those who have been removed.")] = False,
    phone: Annotated[
        str | None, Query(max_length=40, pattern=NO_NUL, description="Only those with this telephone.")
    ] = None,
    name: Annotated[
        str | None, Query(max_length=200, pattern=NO_NUL, description="Only those of this name, or called so.")
    ] = None,
) -> Page[ResidentLine]:
    """Everybody who is looked after, in the order of enrolment."""
    with looking(program) as session:
        number = number_of(the_community(session), phone) if phone else None
        found = queries.residents(program.community_id, removed=removed, phone=number, name=name)
        return page(session, found, Resident.id, cursor, limit, lambda rows: resident_lines(session, rows))


@router.post("", status_code=201, response_model=ResidentFile)
def create_resident(request: Request, program: Program, body: NewResidentBody, key: Key = None) -> Response:
    """Enrols a resident; whoever has agreed is rung from the next round on."""

    def create(session: Session) -> Answer:
        who = new_residents.create(session, program.actor, the_community(session), _new(body),
                                   telephone.our_numbers(session))  # fmt: skip
        return _file(session, program, who.id, 201)

    return once(request, program, key, body, create)


@router.get("/{resident_id}", response_model=ResidentFile)
def get_resident(program: Program, resident_id: UUID) -> Response:
    """Everything that is written down about a resident; `ETag` is its version."""
    with looking(program) as session:
        return _file(session, program, resident_id).response()


@router.patch("/{resident_id}", response_model=ResidentFile)
def change_resident(program: Program, resident_id: UUID, body: ResidentChange, if_match: IfMatch = None) -> Response:
    """Changes what is told, all of it or nothing; today's calls follow at once."""

    def change(session: Session) -> Response:
        who = held(session, program, resident_id)
        check(if_match, resident_file(session, who))
        _carry_out(session, program, resident_id, body)
        return _file(session, program, resident_id).response()

    return changing(program, change)


@router.post("/{resident_id}/pause", response_model=ResidentFile)
def pause_resident(request: Request, program: Program, resident_id: UUID, body: PauseBody, key: Key = None) -> Response:
    """Nobody rings the resident on these days; from today, calls under way end kindly."""

    def pause(session: Session) -> Answer:
        who = held(session, program, resident_id)
        first = body.first_day or absences.local_today(session, who)
        resident_status.pause(session, program.actor, resident_id, first, body.last_day, body.reason)
        return _file(session, program, resident_id)

    return once(request, program, key, body, pause)


@router.post("/{resident_id}/resume", response_model=ResidentFile)
def resume_resident(
    request: Request, program: Program, resident_id: UUID, body: ResumeBody, key: Key = None
) -> Response:
    """The resident is rung again, from the next round on."""

    def resume(session: Session) -> Answer:
        held(session, program, resident_id)
        resident_status.resume(session, program.actor, resident_id, planned_too=body.planned_too)
        return _file(session, program, resident_id)

    return once(request, program, key, body, resume)


@router.post("/{resident_id}/consent", response_model=ResidentFile)
def record_consent(
    request: Request, program: Program, resident_id: UUID, body: ConsentBody, key: Key = None
) -> Response:
    """Records that they agree to be called, or wish no calls; nothing else undoes such a wish."""

    def record(session: Session) -> Answer:
        held(session, program, resident_id)
        if body.given:
            resident_status.agree(session, program.actor, resident_id, by=body.by, how=body.how, at=body.at,
                                  for_what=body.for_what, evidence=body.evidence)  # fmt: skip
        else:
            resident_status.refuse(session, program.actor, resident_id, by=body.by, how=body.how)
        return _file(session, program, resident_id)

    return once(request, program, key, body, record)


@router.post("/{resident_id}/remove", response_model=ResidentFile)
def remove_resident(
    request: Request, program: Program, resident_id: UUID, body: RemovalBody, key: Key = None
) -> Response:
    """The resident is looked after no more: calls end, cases are closed with that finding, the history is kept."""

    def remove(session: Session) -> Answer:
        held(session, program, resident_id)
        resident_status.remove(session, program.actor, resident_id, body.because, body.note)
        return _file(session, program, resident_id)

    return once(request, program, key, body, remove)


@router.post("/{resident_id}/restore", response_model=ResidentFile)
def restore_resident(request: Request, program: Program, resident_id: UUID, key: Key = None) -> Response:
    """Takes a removal back: the resident is looked after as before."""

    def restore(session: Session) -> Answer:
        find(session, program, resident_id)
        resident_status.restore(session, program.actor, resident_id)
        return _file(session, program, resident_id)

    return once(request, program, key, None, restore)


def find(session: Session, program: Visitor, resident_id: UUID) -> Resident:
    """A resident of the program's community, in full; raises ``NotFoundError``."""
    session.flush()
    found = queries.resident_in_full(session, resident_id, program.community_id)
    if found is None:
        raise NotFoundError("There is no resident {value}.", field="resident", value=short(resident_id))
    return found


def held(session: Session, program: Visitor, resident_id: UUID) -> Resident:
    """The same, looked after, and held until the transaction ends; raises ``ConflictError`` for who is removed."""
    find(session, program, resident_id)
    residents.enrolled(session, resident_id)
    return find(session, program, resident_id)


def _file(session: Session, program: Visitor, resident_id: UUID, status: int = 200) -> Answer:
    document = resident_file(session, find(session, program, resident_id))
    made = {"Location": f"{PATH}/{resident_id}"} if status == 201 else {}
    return Answer(document, status, {"ETag": tag_of(document), **made})


def _carry_out(session: Session, program: Visitor, resident_id: UUID, body: ResidentChange) -> None:
    told, actor, ours = body.model_dump(exclude_unset=True), program.actor, telephone.our_numbers(session)
    if values := _particulars(told):
        resident_changes.set_particulars(session, actor, resident_id, values)
    if "flags" in told:
        carried = [each.flag for each in find(session, program, resident_id).flags]
        wanted = resident_changes.known_flags(session, program.community_id, told["flags"] or [])
        resident_changes.set_flags(
            session, actor, resident_id, wanted, [each for each in carried if each not in wanted]
        )
    if "phone" in told or "second_phone" in told:
        second = (told["second_phone"] or "") if "second_phone" in told else None
        resident_status.set_numbers(session, actor, resident_id, told.get("phone"), second, ours)
    if body.home is not None:
        households.move(session, actor, resident_id, Written(**body.home.model_dump()), told.get("access_notes"))
    elif "access_notes" in told:
        households.set_access_notes(session, actor, resident_id, told["access_notes"] or "")


def _particulars(told: dict[str, Any]) -> Particulars:
    """What the columns of a resident are told; what must not be empty is left as it is where null is told."""
    values = {each: told[each] for each in _COLUMNS if each in told}
    if "voice" in told:
        values["timbre"] = told["voice"] or ""
    for each in ("name", "called", "language"):
        if each in values and values[each] is None:
            raise ConflictError("{value} cannot be emptied.", way_out="Leave it out, or send what it is to be.",
                                field=each, value=each)  # fmt: skip
    for each in ("reading", "notes"):
        if each in values:
            values[each] = values[each] or ""
    return cast("Particulars", values)


def _new(body: NewResidentBody) -> NewResident:
    told = {what: value for what, value in body.model_dump(exclude_unset=True).items() if value is not None}
    relatives = [relative_particulars(each.model_dump(exclude_unset=True)) for each in body.relatives]
    return NewResident(_particulars(told), Written(**body.home.model_dump()), body.phone, body.second_phone or "",
                       body.flags or (), body.access_notes or "", body.consent, relatives)  # fmt: skip


def relative_particulars(told: dict[str, Any]) -> RelativeParticulars:
    """What is told of a relative; null tells nothing."""
    values = {what: value for what, value in told.items() if value is not None and what != "phone"}
    if told.get("phone") is not None:
        values["number"] = told["phone"]
    return cast("RelativeParticulars", values)
