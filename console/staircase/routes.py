"""The routes of the staircase. To look changes nothing; whatever is done is done by a form, once."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from console.shell import link_browser
from console.shell.origin import same_site
from console.shell.versions import told, version_of
from console.staircase import answers
from console.staircase.showing import Stage, staircase
from core import actors
from core.errors import UserError
from core.i18n import Language
from core.identity import audit, throttling
from core.links.links import Fault, LinkError
from core.storage.database import reading, store, write
from core.storage.fairness import Turn
from escalation.calls.talking import talk_requests
from escalation.deeds import by_link, new_links
from escalation.deeds.by_link import Deed, Opened
from escalation.paging.case_links import PURPOSE
from ivr import queries as telephone

PATH = PURPOSE.path
ONE = f"{PATH}/{{token}}"
Typed = Annotated[str, Form(max_length=4000)]
Key = Annotated[str, Form(max_length=100)]
router = APIRouter(include_in_schema=False)
changing = APIRouter(include_in_schema=False, dependencies=[Depends(same_site)])


class TooManyTriesError(UserError):
    """Many links that are none were opened from one address (HTTP 429)."""

    status = 429


@router.get(ONE)
def show(request: Request, token: str) -> Response:
    """The case, as whoever holds this link may see it."""
    return _page(request, token)


@router.get(f"{ONE}/version")
def version(request: Request, token: str) -> Response:
    """Which version of the page is true now; an open page that has another one is fetched again."""
    browser = link_browser.of(request)
    try:
        with reading() as session:
            found = by_link.opened(session, token, browser)
            language = answers.spoken_by(request, Language(found.responder.language))
            return told(version_of(staircase(session, found, browser, language)))
    except LinkError as refusal:
        return Response(status_code=_counted(request, refusal).status, headers=answers.HEADERS)


@router.get(f"{ONE}/recordings/{{recording_id}}.wav")
def hear(request: Request, token: str, recording_id: UUID) -> Response:
    """What was said, for whoever goes; 404 for everybody else, and for what was said in another case."""
    browser = link_browser.of(request)
    try:
        with reading() as session:
            found = by_link.opened(session, token, browser)
            details = staircase(session, found, browser, Language(found.responder.language)).details
            sound = telephone.sound(session, recording_id) if details and recording_id in details.recordings else None
    except UserError:
        return Response(status_code=404, headers=answers.HEADERS)
    if sound is None:
        return Response(status_code=404, headers=answers.HEADERS)
    _note_look(request, found, f"GET {ONE}/recordings", 200)
    return Response(sound, media_type="audio/wav", headers=answers.HEADERS)


@changing.post(f"{ONE}/accept")
def accept(request: Request, token: str, once: Key = "") -> Response:
    """They go, unless somebody else was first."""
    return _done(request, token, "accept", once, by_link.accept)


@changing.post(f"{ONE}/decline")
def decline(request: Request, token: str, once: Key = "") -> Response:
    """They cannot go."""
    return _done(request, token, "decline", once, by_link.decline)


@changing.post(f"{ONE}/away")
def stay_away(request: Request, token: str, once: Key = "") -> Response:
    """They cannot come at all today."""
    return _done(request, token, "away", once, by_link.stay_away)


@changing.post(f"{ONE}/back")
def come_back(request: Request, token: str, once: Key = "") -> Response:
    """They are there again."""
    return _done(request, token, "back", once, by_link.come_back)


@changing.post(f"{ONE}/show")
def reveal(request: Request, token: str, once: Key = "") -> Response:
    """They have taken it by their telephone, and see here where it is."""
    return _done(request, token, "show", once, by_link.show)


@changing.post(f"{ONE}/talk")
def talk(request: Request, token: str, once: Key = "") -> Response:
    """Their own telephone rings, and from there they are connected with the resident."""
    return _done(request, token, "talk", once, talk_requests.ring)


@changing.post(f"{ONE}/move")
def move(request: Request, token: str, state: Key = "", once: Key = "") -> Response:
    """They are on the way, at the door, or on the telephone."""
    return _done(request, token, "move", once, by_link.move_to(state))


@changing.post(f"{ONE}/give-back")
def give_back(request: Request, token: str, once: Key = "") -> Response:
    """They cannot look after it after all."""
    return _done(request, token, "give-back", once, by_link.give_back)


@changing.post(f"{ONE}/close")
def close(request: Request, token: str, finding: Key = "", note: Typed = "", once: Key = "") -> Response:
    """It is done, and they say what they have found."""
    typed = {"finding": finding, "note": note}
    return _done(request, token, "close", once, by_link.close_with(finding, note), typed)


@changing.post(f"{ONE}/new-link")
def send_new_link(request: Request, token: str) -> Response:
    """A new link goes to the telephone that is written down of them."""
    browser = link_browser.of(request)
    try:
        write(lambda session: new_links.send(session, token, browser))
    except LinkError as refusal:
        return _refused(request, refusal)
    except UserError as refusal:
        return _trouble(request, answers.spoken_by(request, None), refusal, another=False)
    return RedirectResponse(f"{PATH}/{token}?sent=1", status_code=303)


def _done(
    request: Request, token: str, name: str, key: str, deed: Deed, typed: dict[str, str] | None = None
) -> Response:
    """Does it, and leads back to the page as it is then; what could not be done says why where it was asked."""
    browser = link_browser.of_or_new(request)

    def work(session: Session) -> None:
        found = by_link.do(session, token, browser, name, key, deed)
        _note(session, request, found, f"POST {ONE}/{name}", 303)

    try:
        write(work)
    except LinkError as refusal:
        return _refused(request, refusal)
    except UserError as refusal:
        return _page(request, token, refusal, typed)
    answer = RedirectResponse(_back(request, token), status_code=303, headers=answers.HEADERS)
    link_browser.put(request, answer, browser, PATH)
    return answer


def _page(
    request: Request, token: str, mistake: UserError | None = None, typed: dict[str, str] | None = None
) -> Response:
    browser = link_browser.of(request)
    try:
        with reading() as session:
            found = by_link.opened(session, token, browser)
            language = answers.spoken_by(request, Language(found.responder.language))
            shown = staircase(session, found, browser, language)
    except LinkError as refusal:
        return _refused(request, refusal)
    status = mistake.status if mistake else 200
    name = "closed" if shown.stage is Stage.CLOSED else "case"
    current = "" if typed or shown.stage is Stage.CLOSED else version_of(shown)
    answer = answers.page(request, f"staircase/{name}.html", language, status, shown=shown, token=token,
                          mistake=mistake, typed=typed or {}, version=current)  # fmt: skip
    if shown.stage is Stage.MINE:
        _note_look(request, found, f"GET {ONE}", status)
    return answer


def _back(request: Request, token: str) -> str:
    """The page, in the language that was asked for."""
    asked = request.query_params.get("language")
    return f"{PATH}/{token}" + (f"?language={asked}" if asked in set(Language) else "")


def _refused(request: Request, refusal: LinkError) -> Response:
    """A kind page that says what to do; nothing of the case stands on it."""
    told = _counted(request, refusal)
    with reading() as session:
        known = new_links.holder(session, refusal)
        language = answers.spoken_by(request, Language(known.language) if known else None)
        is_over, another = new_links.is_over(session, refusal), new_links.can_be_sent(session, refusal)
    if is_over:
        return answers.page(request, "staircase/closed.html", language)
    return _trouble(request, language, told, another=another)


def _trouble(request: Request, language: Language, told: UserError, *, another: bool) -> Response:
    return answers.page(request, "staircase/link.html", language, told.status, told=told, another=another,
                        sent="sent" in request.query_params)  # fmt: skip


def _counted(request: Request, refusal: LinkError) -> UserError:
    """Whoever opens many links that are none is told to wait, and nothing else."""
    if refusal.fault is not Fault.UNKNOWN:
        return refusal
    token, address = request.path_params.get("token", ""), _address(request)
    try:
        write(lambda session: throttling.admit(session, token, address))
    except throttling.TooManyAttemptsError:
        return TooManyTriesError("Too many links that lead nowhere were opened from here.",
                                 way_out="Wait a quarter of an hour, or ask your office.")  # fmt: skip
    return refusal


def _note_look(request: Request, found: Opened, deed: str, status: int) -> None:
    """Who has seen a person's page is noted before it leaves."""
    store(lambda session: _note(session, request, found, deed, status), Turn.REPORT)


def _note(session: Session, request: Request, found: Opened, deed: str, status: int) -> None:
    """What was done is noted in the transaction that does it; the link itself stands in no log."""
    responder, case = actors.responder(found.responder.id), found.case
    audit.note(session, responder, case.community_id, deed, subject=str(case.id), status=status,
               address=_address(request))  # fmt: skip


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
