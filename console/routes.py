"""The pages."""

from pathlib import Path
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Header, Request, Response
from fastapi.responses import RedirectResponse
from markupsafe import Markup
from sqlalchemy.orm import Session
from sse_starlette import EventSourceResponse
from starlette.concurrency import run_in_threadpool

from console import palette, print_list, round_report_pages
from console.campaigns import builder, round_pages
from console.campaigns import routes as campaigns
from console.cases import routes as case_pages
from console.duty import feed as roster_feed
from console.duty import routes as roster
from console.listen import routes as listen
from console.people import routes as people
from console.policies import routes as policies
from console.record import routes as record
from console.relative import routes as relative
from console.reports import routes as month_reports
from console.setting_up import settings_routes, start_page, start_routes
from console.shell.origin import same_site
from console.shell.own_files import OwnFiles
from console.shell.pages import language_of, page, sent, spoken, who_looks
from console.shell.part_rendering import changes, heading_of, notice_of, piece, whole
from console.shell.render_cache import Fresh
from console.shell.stream import stream
from console.shell.visitors import acting, known_visitor, may_set_up
from console.sign_in import account, audit_log, passkeys, users
from console.sign_in import routes as sign_in
from console.staircase import routes as staircase
from console.view.parts import HOUSE, OPENED, case_key, version_of, versions
from console.view.today import Position, Today, position, today
from contacts import queries as contacts
from core.actors import Actor
from core.errors import ConflictError, NotFoundError, UserError
from core.running import installation
from core.running.installation import Purpose
from core.storage.database import reading, write
from escalation.cases import cases
from escalation.findings import Finding
from escalation.models import CaseState
from ivr import queries as telephone

HERE = Path(__file__).parent
static = OwnFiles(directory=HERE / "static")
router = APIRouter(include_in_schema=False)
router.include_router(listen.router)
router.include_router(record.router)
router.include_router(people.router)
router.include_router(print_list.router)
router.include_router(palette.router)
router.include_router(builder.router)
router.include_router(campaigns.router)
router.include_router(round_pages.router)
router.include_router(round_report_pages.router)
router.include_router(month_reports.router)
router.include_router(case_pages.router)
router.include_router(roster.router)
router.include_router(roster_feed.router)
router.include_router(start_routes.router)
router.include_router(settings_routes.router)
router.include_router(policies.router)
router.include_router(relative.router)
router.include_router(sign_in.router)
router.include_router(account.router)
router.include_router(passkeys.router)
router.include_router(users.router)
router.include_router(audit_log.router)
router.include_router(staircase.router)
router.include_router(staircase.changing)
Enhanced = Annotated[bool, Header(alias="X-Parts")]
"""Whether the page's own script asks: it wants only the parts that change."""


@router.get("/")
def show_today(request: Request) -> Response:
    """Today: the houses, the open cases, the last happenings."""
    return _page(request)


@router.get("/today/parts")
async def show_parts(request: Request) -> Response:
    """All parts of the page as they are now; 304 where they have not changed."""
    language = language_of(request)
    shown = await _todays(request).now()
    body = await run_in_threadpool(changes, language, shown, {})
    tag = f'"{version_of(body)}"'
    unchanged = request.headers.get("If-None-Match") == tag
    headers = {"ETag": tag, "Cache-Control": "no-cache", **spoken(language)}
    return Response(status_code=304, headers=headers) if unchanged else Response(body, 200, headers, "text/html")


@router.post("/today/parts", dependencies=[Depends(same_site)])
async def show_changes(request: Request, have: Annotated[str, Form()] = "") -> Response:
    """The parts that are new to a page that says what it has; 204 where none is."""
    language = language_of(request)
    shown = await _todays(request).now()
    body = await run_in_threadpool(changes, language, shown, versions(have))
    headers = {"Cache-Control": "no-store", **spoken(language)}
    return Response(body, 200, headers, "text/html") if body else Response(status_code=204, headers=headers)


@router.get("/today/houses/{key}")
async def show_house(request: Request, key: str, enhanced: Enhanced = False) -> Response:
    """Everybody in one house of a large community."""
    return await _inside(request, f"{HOUSE}{key[:40]}", enhanced)


@router.get("/today/cases/{case_id}")
async def show_case(request: Request, case_id: UUID, enhanced: Enhanced = False) -> Response:
    """One open case; whoever comes when it is closed is led to Today, which tells of it."""
    return await _inside(request, case_key(OPENED, case_id), enhanced)


@router.get("/events")
async def show_events(request: Request) -> EventSourceResponse:
    """The event stream."""
    return stream(request)


@router.post("/today/cases/{case_id}/accept", dependencies=[Depends(same_site)])
def accept(
    request: Request,
    case_id: UUID,
    responder: Annotated[UUID, Form()],
    have: Annotated[str, Form()] = "",
    enhanced: Enhanced = False,
) -> Response:
    """A responder takes the case."""
    try:
        _accept(acting(request), case_id, responder)
    except UserError as refusal:
        return _answer(request, enhanced, have, refusal)
    return _answer(request, enhanced, have, None)


@router.post("/today/cases/{case_id}/set-out", dependencies=[Depends(same_site)])
def set_out(request: Request, case_id: UUID, have: Annotated[str, Form()] = "", enhanced: Enhanced = False) -> Response:
    """Whoever accepted is on the way."""
    try:
        _move(acting(request), case_id, CaseState.ON_THE_WAY)
    except UserError as refusal:
        return _answer(request, enhanced, have, refusal)
    return _answer(request, enhanced, have, None)


@router.post("/today/cases/{case_id}/arrive", dependencies=[Depends(same_site)])
def arrive(request: Request, case_id: UUID, have: Annotated[str, Form()] = "", enhanced: Enhanced = False) -> Response:
    """Whoever accepted is at the door."""
    try:
        _move(acting(request), case_id, CaseState.ON_SITE)
    except UserError as refusal:
        return _answer(request, enhanced, have, refusal)
    return _answer(request, enhanced, have, None)


@router.post("/today/cases/{case_id}/close", dependencies=[Depends(same_site)])
def close(
    request: Request,
    case_id: UUID,
    finding: Annotated[str, Form()] = "",
    note: Annotated[str, Form()] = "",
    have: Annotated[str, Form()] = "",
    enhanced: Enhanced = False,
) -> Response:
    """A person has dealt with the case and says what they have found."""
    try:
        _close(acting(request), case_id, finding, note.strip())
    except UserError as refusal:
        return _answer(request, enhanced, have, refusal)
    return _answer(request, enhanced, have, None)


@router.get("/today/messages/{recording_id}.wav")
def hear(recording_id: UUID) -> Response:
    """What a caller has left, or a network has said; 404 while our own copy has not arrived."""
    with reading() as session:
        sound = telephone.sound(session, recording_id)
    if sound is None:
        return Response(status_code=404)
    return Response(sound, media_type="audio/wav", headers={"Cache-Control": "no-store"})


def _accept(actor: Actor, case_id: UUID, responder_id: UUID) -> None:
    def work(session: Session) -> None:
        cases.find(session, case_id)
        known = contacts.responders(session, [responder_id]).get(responder_id)
        if known is None or known.removed_at is not None:
            raise NotFoundError("Nobody knows this helper any more.", way_out="Choose another one.")
        if not cases.accept(session, actor, case_id, responder_id):
            raise ConflictError("Somebody else was first, or the case is closed.", way_out="The page shows who.")

    write(work)


def _move(actor: Actor, case_id: UUID, state: CaseState) -> None:
    try:
        write(lambda session: cases.move(session, actor, case_id, state))
    except ConflictError:
        raise ConflictError("The case has moved on in the meantime.", way_out="The page shows how.") from None


def _close(actor: Actor, case_id: UUID, finding: str, note: str) -> None:
    if finding not in set(Finding) | {""}:
        raise UserError("Nobody knows the finding {value}.", way_out="Choose one of the list.", field="finding",
                        value=finding)  # fmt: skip
    found = Finding(finding) if finding else Finding.OTHER
    if found is Finding.OTHER and not note:
        raise UserError("A case is closed with a word about how it went.",
                        way_out="Choose what was found, or write a short note.")  # fmt: skip
    try:
        write(lambda session: cases.close(session, actor, case_id, note, found))
    except ConflictError:
        raise ConflictError("The case has been closed already.", way_out="The page shows it below.") from None


def _answer(request: Request, enhanced: bool, have: str, refusal: UserError | None) -> Response:
    """The page as it is now: for a browser without the script, after a redirect, so that reloading posts nothing."""
    if refusal is None and not enhanced:
        return RedirectResponse("/#cases", status_code=303)
    status, notice = (refusal.status, refusal.describe(language_of(request))) if refusal else (200, "")
    if not enhanced:
        return _page(request, status, notice)
    language = language_of(request)
    news = changes(language, _look(), versions(have))
    return sent(request, language, (notice_of(notice) if notice else "") + news, status)


def _page(request: Request, status: int = 200, notice: str = "") -> Response:
    language = language_of(request)
    with reading() as session:
        shown, purpose = today(session), installation.read(session).purpose
        to_start = purpose == Purpose.SERVICE and _leads_to_start(session, request)
    body = whole(language, shown, **who_looks(request), notice=notice, demo=purpose == Purpose.DEMO, to_start=to_start,
                 community=shown.community, zone=shown.zone, now=shown.now)  # fmt: skip
    return sent(request, language, body, status)


def _leads_to_start(session: Session, request: Request) -> bool:
    """Whether whoever looks is told that something is still missing before residents can be rung."""
    visitor = known_visitor(request)
    return may_set_up(visitor) and start_page.is_missing_anything(session, visitor.community_id)


async def _inside(request: Request, key: str, enhanced: bool) -> Response:
    language, shown = language_of(request), await _todays(request).now()
    found = await run_in_threadpool(piece, language, shown, key)
    if found is None:
        return Response(status_code=404) if enhanced else RedirectResponse("/#cases", status_code=303)
    if enhanced:
        return Response(found, headers={"Cache-Control": "no-store", **spoken(language)}, media_type="text/html")
    heading = heading_of(language, shown, key)
    return await run_in_threadpool(page, request, "frame/inside.html", piece=Markup(found), heading=heading)


def _todays(request: Request) -> Fresh[Today]:
    """The look at Today that all pages of this process share."""
    if not hasattr(request.app.state, "todays"):
        request.app.state.todays = Fresh(_position, _look)
    todays: Fresh[Today] = request.app.state.todays
    return todays


def _look() -> Today:
    with reading() as session:
        return today(session, anew=False)


def _position() -> Position:
    with reading() as session:
        return position(session)
