"""``/api/v1/shifts``: when responders are on duty, and swaps of it."""

from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy.orm import Session

from api.duty.bodies import NewShift, ShiftChange, SwapBody, SwapDay
from api.duty.documents import ShiftDocument, SwapDocument, shift_document, swap_document
from api.etags import IfMatch, check, tag_of
from api.idempotency import Answer, Key, once
from api.paging import Cursor, Limit, Page, page
from api.people.responders import find as find_responder
from api.program import Program, changing, looking, own
from core.errors import UserError
from core.identity.visitor import Visitor
from escalation.queries import roster as queries
from escalation.roster import shift_changes, swaps
from escalation.roster.shift_changes import ShiftTimes
from escalation.roster.swaps import Turn
from escalation.roster.written import time_of_day
from escalation.shifts import Shift

PATH = "/api/v1/shifts"
router = APIRouter(prefix=PATH, tags=["roster"])
NO_SHIFT = "There is no shift {value}."
Whose = Annotated[UUID | None, Query(description="Only those of one responder.")]


@router.get("")
def list_shifts(
    program: Program, limit: Limit = 50, cursor: Cursor = None, responder_id: Whose = None
) -> Page[ShiftDocument]:
    """Every shift of those who help, in the order in which they were written down."""
    with looking(program) as session:
        found = queries.all_shifts(program.community_id, responder_id)
        return page(session, found, Shift.id, cursor, limit, lambda rows: [shift_document(each) for each in rows])


@router.post("", status_code=201, response_model=ShiftDocument)
def add_shift(request: Request, program: Program, body: NewShift, key: Key = None) -> Response:
    """Puts a responder on duty."""

    def add(session: Session) -> Answer:
        find_responder(session, program, body.responder_id)
        hours = time_of_day(body.begins, "begins"), time_of_day(body.ends, "ends")
        times = ShiftTimes(*hours, weekday=body.weekday, day=body.day, holidays=body.holidays)
        return _answer(shift_changes.add_shift(session, program.actor, body.responder_id, times), 201)

    return once(request, program, key, body, add)


@router.get("/{shift_id}", response_model=ShiftDocument)
def get_shift(program: Program, shift_id: UUID) -> Response:
    """One shift; `ETag` is its version."""
    with looking(program) as session:
        return _answer(_find(session, program, shift_id)).response()


@router.patch("/{shift_id}", response_model=ShiftDocument)
def change_shift(program: Program, shift_id: UUID, body: ShiftChange, if_match: IfMatch = None) -> Response:
    """Changes what is told."""

    def change(session: Session) -> Response:
        shift = _held(session, program, shift_id)
        check(if_match, shift_document(shift))
        told = body.model_dump(exclude_none=True)
        shift_changes.change_shift(session, program.actor, shift_id, lambda before: _changed(before, told))
        return _answer(shift).response()

    return changing(program, change)


@router.delete("/{shift_id}", status_code=204)
def remove_shift(program: Program, shift_id: UUID, if_match: IfMatch = None) -> Response:
    """The responder is not on duty then any more; swaps of the shift go with it."""

    def remove(session: Session) -> Response:
        check(if_match, shift_document(_held(session, program, shift_id)))
        shift_changes.remove_shift(session, program.actor, shift_id)
        return Response(status_code=204)

    return changing(program, remove)


@router.post("/{shift_id}/swap", response_model=SwapDocument)
def swap_shift(request: Request, program: Program, shift_id: UUID, body: SwapBody, key: Key = None) -> Response:
    """Another responder takes the shift on that day, and gives one of their own for it where one is named."""

    def swap(session: Session) -> Answer:
        _find(session, program, shift_id)
        find_responder(session, program, body.responder_id)
        taken = _taken(session, program, body)
        made = swaps.swap(session, program.actor, Turn(shift_id, body.day), body.responder_id, taken)
        return Answer(swap_document(made))

    return once(request, program, key, body, swap)


@router.post("/{shift_id}/undo-swap", response_model=SwapDocument)
def undo_swap(request: Request, program: Program, shift_id: UUID, body: SwapDay, key: Key = None) -> Response:
    """Each has their own shifts again, on that day and on the one for which it was swapped."""

    def undo(session: Session) -> Answer:
        _find(session, program, shift_id)
        return Answer(swap_document(swaps.undo(session, program.actor, Turn(shift_id, body.day))))

    return once(request, program, key, body, undo)


def _taken(session: Session, program: Visitor, body: SwapBody) -> Turn | None:
    if (body.for_shift_id is None) != (body.for_day is None):
        raise UserError("A shift that is taken for another needs its day, and a day its shift.",
                        way_out="Give both or neither.", field="for_day", value=body.for_day)  # fmt: skip
    if body.for_shift_id is None or body.for_day is None:
        return None
    return Turn(_find(session, program, body.for_shift_id).id, body.for_day)


def _changed(before: ShiftTimes, told: dict[str, Any]) -> ShiftTimes:
    """A day of the week takes the place of a day, and the other way round."""
    values: dict[str, Any] = {"weekday": None, "day": None} if told.keys() & {"weekday", "day"} else {}
    values |= told
    values |= {what: time_of_day(told[what], what) for what in ("begins", "ends") if what in told}
    return replace(before, **values)


def _held(session: Session, program: Visitor, shift_id: UUID) -> Shift:
    _find(session, program, shift_id)
    return shift_changes.held(session, shift_id)


def _find(session: Session, program: Visitor, shift_id: UUID) -> Shift:
    return own(session, program, Shift, shift_id, NO_SHIFT)


def _answer(shift: Shift, status: int = 200) -> Answer:
    document = shift_document(shift)
    made = {"Location": f"{PATH}/{shift.id}"} if status == 201 else {}
    return Answer(document, status, {"ETag": tag_of(document), **made})
