"""The pages."""

from hashlib import sha256
from pathlib import Path
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Header, Request, Response
from fastapi.responses import RedirectResponse
from sse_starlette import EventSourceResponse
from starlette.staticfiles import StaticFiles

from console import listening, recording
from console.fresh import Fresh
from console.origin import same_site
from console.pages import language_of, sent, spoken
from console.stream import stream
from console.today import Position, position
from console.words import render
from contacts import queries as contacts
from core.database import reading, unit_of_work
from core.errors import ConflictError, NotFoundError, UserError
from escalation import cases
from escalation.models import Finding
from ivr import queries as telephone

HERE = Path(__file__).parent
WHOLE, PARTS = "today.html", "today_parts.html"
static = StaticFiles(directory=HERE / "static")
router = APIRouter(include_in_schema=False)
router.include_router(listening.router)
router.include_router(recording.router)
parts = Fresh()
Enhanced = Annotated[bool, Header(alias="X-Parts")]
"""Whether the page's own script asks: it wants only the parts that change."""


@router.get("/")
def show_today(request: Request) -> Response:
    """Today: the houses, the open cases, the last happenings."""
    return _page(request, WHOLE)


@router.get("/today/parts")
def show_parts(request: Request) -> Response:
    """Only the parts of the page that change; 304 where they have not."""
    language = language_of(request)
    body = parts.of(language, _position, lambda: render(PARTS, language))
    tag = f'"{sha256(body.encode()).hexdigest()[:32]}"'
    unchanged = request.headers.get("If-None-Match") == tag
    headers = {"ETag": tag, "Cache-Control": "no-cache", **spoken(language)}
    return Response(status_code=304, headers=headers) if unchanged else Response(body, 200, headers, "text/html")


@router.get("/events")
async def show_events(request: Request) -> EventSourceResponse:
    """The event stream."""
    return stream(request)


@router.post("/today/cases/{case_id}/accept", dependencies=[Depends(same_site)])
def accept(request: Request, case_id: UUID, responder: Annotated[UUID, Form()], enhanced: Enhanced = False) -> Response:
    """A responder takes the case."""
    try:
        _accept(case_id, responder)
    except UserError as refusal:
        return _answer(request, enhanced, refusal)
    return _answer(request, enhanced, None)


@router.post("/today/cases/{case_id}/arrive", dependencies=[Depends(same_site)])
def arrive(request: Request, case_id: UUID, enhanced: Enhanced = False) -> Response:
    """Whoever accepted is at the door."""
    try:
        _arrive(case_id)
    except UserError as refusal:
        return _answer(request, enhanced, refusal)
    return _answer(request, enhanced, None)


@router.post("/today/cases/{case_id}/close", dependencies=[Depends(same_site)])
def close(
    request: Request,
    case_id: UUID,
    finding: Annotated[str, Form()] = "",
    note: Annotated[str, Form()] = "",
    enhanced: Enhanced = False,
) -> Response:
    """A person has dealt with the case and says what they have found."""
    try:
        _close(case_id, finding, note.strip())
    except UserError as refusal:
        return _answer(request, enhanced, refusal)
    return _answer(request, enhanced, None)


@router.get("/today/messages/{recording_id}.wav")
def hear(recording_id: UUID) -> Response:
    """What an unknown caller has left; 404 while our own copy has not arrived."""
    with reading() as session:
        sound = telephone.sound(session, recording_id)
    if sound is None:
        return Response(status_code=404)
    return Response(sound, media_type="audio/wav", headers={"Cache-Control": "no-store"})


def _accept(case_id: UUID, responder_id: UUID) -> None:
    with unit_of_work() as session:
        cases.find(session, case_id)
        if responder_id not in contacts.responders(session, [responder_id]):
            raise NotFoundError("Nobody knows this helper any more.", way_out="Choose another one.")
        if not cases.accept(session, case_id, responder_id):
            raise ConflictError("Somebody else was first, or the case is closed.", way_out="The page shows who.")


def _arrive(case_id: UUID) -> None:
    try:
        with unit_of_work() as session:
            cases.arrive(session, case_id)
    except ConflictError:
        raise ConflictError("The case has moved on in the meantime.", way_out="The page shows how.") from None


def _close(case_id: UUID, finding: str, note: str) -> None:
    if finding not in set(Finding) | {""}:
        raise UserError("Nobody knows the finding {value}.", way_out="Choose one of the list.", field="finding",
                        value=finding)  # fmt: skip
    found = Finding(finding) if finding else Finding.OTHER
    if found is Finding.OTHER and not note:
        raise UserError("A case is closed with a word about how it went.",
                        way_out="Choose what was found, or write a short note.")  # fmt: skip
    try:
        with unit_of_work() as session:
            cases.close(session, case_id, note, found)
    except ConflictError:
        raise ConflictError("The case has been closed already.", way_out="The page shows it below.") from None


def _answer(request: Request, enhanced: bool, refusal: UserError | None) -> Response:
    """The page as it is now: for a browser without the script, after a redirect, so that reloading posts nothing."""
    if refusal is None and not enhanced:
        return RedirectResponse("/#cases", status_code=303)
    status, notice = (refusal.status, refusal.describe(language_of(request))) if refusal else (200, "")
    return _page(request, PARTS if enhanced else WHOLE, status, notice)


def _page(request: Request, template: str, status: int = 200, notice: str = "") -> Response:
    language = language_of(request)
    return sent(request, language, render(template, language, notice), status)


def _position() -> Position:
    with reading() as session:
        return position(session)
