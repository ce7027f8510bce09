"""What staff do on the page of a case: each form is one use case, and leads back to the case as it is then."""

from collections.abc import Callable, Mapping
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from campaigns.people import resident_status, ring_again
from console.cases.showing import NOTHING, page_of
from console.shell.origin import same_site
from console.shell.visitors import acting
from contacts import queries as contacts
from contacts.models import PhoneState, Removal
from core.actors import Actor
from core.errors import ConflictError, NotFoundError, UserError
from core.storage.database import write
from escalation import findings
from escalation.calls.talking import talk_requests
from escalation.cases import cases
from escalation.deeds import giving_back, handing_over, merging, notes, reopening
from escalation.holding import MOVES
from escalation.models import CaseState

ONE = "/cases/{case_id}"
Typed = Annotated[str, Form(max_length=4000)]
Deed = Callable[[Session, Actor], object]
router = APIRouter(include_in_schema=False, dependencies=[Depends(same_site)])


@router.post(f"{ONE}/accept")
def accept(request: Request, case_id: UUID, responder: Typed = "") -> Response:
    """A responder takes the case."""

    def take(session: Session, actor: Actor) -> None:
        cases.find(session, case_id)
        if not cases.accept(session, actor, case_id, _helper(session, responder)):
            raise ConflictError("Somebody else was first, or the case is closed.", way_out="The page shows who.")

    return _done(request, case_id, "accept", take, {"responder": responder})


@router.post(f"{ONE}/move")
def move(request: Request, case_id: UUID, state: Typed = "") -> Response:
    """Whoever has the case is on the way, at the door, or on the telephone."""

    def go_on(session: Session, actor: Actor) -> None:
        if state not in MOVES:
            raise UserError("Nobody knows the state {value}.", way_out="Look at it again.", field="state", value=state)
        cases.move(session, actor, case_id, CaseState(state))

    return _done(request, case_id, "move", go_on)


@router.post(f"{ONE}/notes")
def note(request: Request, case_id: UUID, note: Typed = "") -> Response:
    """A note on the case, which goes on as it was."""
    return _done(request, case_id, "note", lambda session, actor: notes.note(session, actor, case_id, note),
                 {"note": note})  # fmt: skip


@router.post(f"{ONE}/hand-over")
def hand_over(request: Request, case_id: UUID, responder: Typed = "", agreed: Typed = "") -> Response:
    """Another helper is asked to take it over, or has agreed to."""

    def hand(session: Session, actor: Actor) -> None:
        hands = handing_over.give if agreed else handing_over.ask_to_take_over
        hands(session, actor, case_id, _helper(session, responder))

    return _done(request, case_id, "hand-over", hand, {"responder": responder, "agreed": agreed})


@router.post(f"{ONE}/give-back")
def give_back(request: Request, case_id: UUID) -> Response:
    """Whoever has the case cannot look after it."""
    return _done(request, case_id, "give-back", lambda session, actor: giving_back.give_back(session, actor, case_id))


@router.post(f"{ONE}/connect")
def connect(request: Request, case_id: UUID) -> Response:
    """Whoever has the case is rung, and connected with the resident."""
    return _done(request, case_id, "connect",
                 lambda session, actor: talk_requests.ring_holder(session, actor, case_id))  # fmt: skip


@router.post(f"{ONE}/ring-again")
def ring(request: Request, case_id: UUID) -> Response:
    """The resident is rung now."""
    return _done(request, case_id, "ring-again", lambda session, actor: ring_again.ring_again(session, actor, case_id))


@router.post(f"{ONE}/merge")
def merge(request: Request, case_id: UUID, other: Typed = "") -> Response:
    """Two cases become one; the page of either says which goes on."""
    return _done(request, case_id, "merge",
                 lambda session, actor: merging.merge(session, actor, case_id, _id(other, "other")))  # fmt: skip


@router.post(f"{ONE}/reopen")
def reopen(request: Request, case_id: UUID, reason: Typed = "") -> Response:
    """The case is open again."""
    return _done(request, case_id, "reopen", lambda session, actor: reopening.reopen(session, actor, case_id, reason),
                 {"reason": reason})  # fmt: skip


@router.post(f"{ONE}/close")
def close(request: Request, case_id: UUID, finding: Typed = "", note: Typed = "") -> Response:
    """A person has dealt with the case and says what they have found."""

    def end(session: Session, actor: Actor) -> None:
        cases.close(session, actor, case_id, note.strip(), findings.chosen(finding, note))

    return _done(request, case_id, "close", end, {"finding": finding, "note": note})


@router.post(f"{ONE}/end-check-ins")
def end_check_ins(request: Request, case_id: UUID) -> Response:
    """The resident has died: their calls end, and texts to their family that have not left stay unsent."""

    def end(session: Session, actor: Actor) -> None:
        resident_status.remove(session, actor, _resident(session, case_id), Removal.DECEASED)

    return _done(request, case_id, "end-check-ins", end)


@router.post(f"{ONE}/wrong-number")
def wrong_number(request: Request, case_id: UUID, number: Typed = "") -> Response:
    """A telephone of the resident's is somebody else's, and is not rung for them any more."""

    def mark(session: Session, actor: Actor) -> None:
        resident_status.set_phone_state(session, actor, _resident(session, case_id), number, PhoneState.WRONG)

    return _done(request, case_id, "wrong-number", mark)


def _done(request: Request, case_id: UUID, form: str, deed: Deed, typed: Mapping[str, str] = NOTHING) -> Response:
    """Does it, and leads back to the case; what cannot be is said beside its form."""
    try:
        write(lambda session: deed(session, acting(request)))
    except UserError as mistake:
        return page_of(request, case_id, form, mistake, typed)
    return RedirectResponse(f"/cases/{case_id}", status_code=303)


def _helper(session: Session, written: str) -> UUID:
    responder_id = _id(written, "responder")
    known = contacts.responders(session, [responder_id]).get(responder_id)
    if known is None or known.removed_at is not None:
        raise NotFoundError("Nobody knows this helper any more.", way_out="Choose another one.", field="responder")
    return responder_id


def _resident(session: Session, case_id: UUID) -> UUID:
    resident_id = cases.find(session, case_id).resident_id
    if resident_id is None:
        raise UserError("This case is about nobody whom we know.", way_out="Ring back whoever told us.", field="case")
    return resident_id


def _id(written: str, field: str) -> UUID:
    try:
        return UUID(written)
    except ValueError:
        raise UserError("Nothing was chosen.", way_out="Choose one of the list.", field=field) from None
