"""The relative's page and what can be done on it. Its link alone shows nothing: a button opens it, in this browser."""

from collections.abc import Callable
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from campaigns.family import invitations, stay, word
from campaigns.people import resident_status
from console.people.people_words import mending, people_words
from console.people.refusals import Refusal
from console.relative import answers
from console.relative.answers import PAGE, NothingShownError, UnopenedError
from console.relative.shown import WISHES, family_page
from console.shell import link_browser
from console.shell.origin import same_site
from console.shell.versions import told, version_of
from contacts import queries as contacts
from contacts import relative_links
from contacts.days import day
from contacts.models import Relative
from contacts.people.absences import local_today
from core import actors
from core.errors import UserError
from core.i18n import Language
from core.identity.secrets import new_secret
from core.links import links
from core.links.links import LinkError, Whose
from core.links.models import Link
from core.storage.database import reading, write

Typed = Annotated[str, Form(max_length=100)]
Word = Annotated[str, Query(max_length=40)]
Deed = Callable[[Session, Relative], object]
DONE = frozenset({"spoke", "away", "back", "wishes", "again"})
router = APIRouter(include_in_schema=False)


@router.get(PAGE)
def show(request: Request, token: str, month: Word = "", done: Word = "") -> Response:
    """How the resident is; ``done`` names what was just done."""
    return _page(request, token, None, month, done if done in DONE else "")


@router.get(PAGE + "/version")
def version(request: Request, token: str, month: Word = "") -> Response:
    """Which version of the page is true now; an open page that has another one is fetched again."""
    try:
        with reading() as session:
            relative = answers.opened(session, request, token)
            shown = family_page(session, relative, answers.language_of(request, relative), month)
            return told(version_of(shown))
    except (LinkError, UnopenedError, NothingShownError) as closed:
        return Response(status_code=closed.status, headers={"Cache-Control": "no-store"})


@router.post(PAGE + "/open", dependencies=[Depends(same_site)])
def open_here(request: Request, token: str) -> Response:
    """From now on the link is good in this browser, and in no other that was not opened for the same relative."""
    browser = link_browser.of_or_new(request)

    def work(session: Session) -> None:
        link = relative_links.opened(session, token, browser)
        relative = answers.holder(session, link)
        if not relative_links.is_open_in(session, link, browser):
            links.bind(session, link, browser)
        answers.noted(request, relative, f"POST {PAGE}/open", 303)(session)

    try:
        write(work)
    except (LinkError, NothingShownError) as refusal:
        return _closed(request, token, refusal)
    response = RedirectResponse(_address(token), status_code=303)
    answers.keep(request, response, browser)
    return response


@router.post(PAGE + "/spoke", dependencies=[Depends(same_site)])
def spoke(request: Request, token: str, key: Typed = "") -> Response:
    """The relative has spoken to them, and all is well."""

    def deed(session: Session, relative: Relative) -> None:
        word.spoke(session, actors.relative(relative.id), relative.resident_id)

    return _done(request, token, "spoke", key, deed)


@router.post(PAGE + "/away", dependencies=[Depends(same_site)])
def away(request: Request, token: str, key: Typed = "", last_day: Typed = "") -> Response:
    """They are with the relative until a day."""

    def deed(session: Session, relative: Relative) -> None:
        today = local_today(session, contacts.resident(session, relative.resident_id))
        last = day(last_day, today, "last_day") if last_day.strip() else None
        stay.stays_until(session, relative.id, last)

    return _done(request, token, "away", key, deed, {"last_day": last_day})


@router.post(PAGE + "/back", dependencies=[Depends(same_site)])
def back(request: Request, token: str, key: Typed = "") -> Response:
    """They are home again."""
    return _done(request, token, "back", key, lambda session, relative: stay.is_back(session, relative.id))


@router.post(PAGE + "/wishes", dependencies=[Depends(same_site)])
def wish(request: Request, token: str, key: Typed = "", wants: Typed = "") -> Response:
    """What the relative wants to be told."""

    def deed(session: Session, relative: Relative) -> None:
        if wants not in WISHES:
            raise UserError("Nothing was chosen.", way_out="Choose one of the list.", field="wants")
        resident_status.change_relative(session, actors.relative(relative.id), relative.resident_id, relative.number,
                                        {"wants": wants})  # fmt: skip

    return _done(request, token, "wishes", key, deed, {"wants": wants})


@router.post(PAGE + "/again", dependencies=[Depends(same_site)])
def again(request: Request, token: str) -> Response:
    """Whoever holds a link that is over, or is used elsewhere, has a new one sent to the relative's own telephone."""

    def work(session: Session) -> None:
        try:
            relative_links.opened(session, token, link_browser.of(request))
        except LinkError as refusal:
            if refusal.fault not in answers.FORGIVING or refusal.link is None:
                raise
            relative = answers.holder(session, refusal.link)
            invitations.send_again(session, refusal.link)
            answers.noted(request, relative, f"POST {PAGE}/again", 303)(session)

    try:
        write(work)
    except UserError as refusal:
        return _closed(request, token, refusal)
    return RedirectResponse(f"{_address(token)}?done=again", status_code=303)


def _done(
    request: Request, token: str, name: str, key: str, deed: Deed, typed: dict[str, str] | None = None
) -> Response:
    """The page again after a deed, which is done once for each ``key`` of a form; or why not, beside its field."""

    def work(session: Session) -> None:
        relative = answers.opened(session, request, token)
        link = relative_links.opened(session, token, link_browser.of(request))
        answers.noted(request, relative, f"POST {PAGE}/{name}", 303)(session)
        if not key:
            raise UserError("The address or the form is not complete.", way_out="Open the page again.")
        if links.use(session, link, name, key):
            deed(session, relative)

    try:
        write(work)
    except (LinkError, UnopenedError, NothingShownError) as refusal:
        return _closed(request, token, refusal)
    except UserError as mistake:
        _note_refusal(request, token, name, mistake)
        return _page(request, token, Refusal(name, mistake, typed or {}))
    return RedirectResponse(f"{_address(token)}?done={name}#{name}", status_code=303)


def _note_refusal(request: Request, token: str, name: str, mistake: UserError) -> None:
    def work(session: Session) -> None:
        relative = answers.opened(session, request, token)
        answers.noted(request, relative, f"POST {PAGE}/{name}", mistake.status)(session)

    write(work)


def _page(request: Request, token: str, refusal: Refusal | None, month: str = "", done: str = "") -> Response:
    try:
        with reading() as session:
            relative = answers.opened(session, request, token)
            language = answers.language_of(request, relative)
            shown = family_page(session, relative, language, month)
            zone = ZoneInfo(contacts.community_of(session, relative.resident_id).timezone)
    except (LinkError, UnopenedError, NothingShownError) as closed:
        return _closed(request, token, closed, done)
    answers.note_read(request, relative, token)
    return answers.sent(
        request, language, "family", refusal.mistake.status if refusal else 200, page=shown, stay=_address(token),
        key=new_secret()[:22], refusal=refusal, said=refusal.said(language) if refusal else "", done=done,
        version=version_of(shown), wishes=WISHES, **people_words(language, zone),
    )  # fmt: skip


def _closed(request: Request, token: str, why: UserError, done: str = "") -> Response:
    """A kind page in place of the one that cannot be shown; it says nothing of anybody."""
    may_ask = isinstance(why, LinkError) and why.fault in answers.FORGIVING and why.link is not None
    language = _language_for(request, token)
    return answers.sent(
        request, language, "family_closed", 200 if isinstance(why, UnopenedError) else why.status,
        stay=_address(token), unopened=isinstance(why, UnopenedError), may_ask=may_ask, done=done,
        said=mending(why, language),
    )  # fmt: skip


def _language_for(request: Request, token: str) -> Language:
    """That of the relative whose link it is, or was."""
    with reading() as session:
        link = _link(session, token, link_browser.of(request))
        return answers.language_of(request, session.get(Relative, link.holder_id) if link else None)


def _link(session: Session, token: str, browser: str) -> Link | Whose | None:
    """The link, however it stands; of a failed unit of work nothing that was loaded can be read any more."""
    try:
        return relative_links.opened(session, token, browser)
    except LinkError as refusal:
        return refusal.link


def _address(token: str) -> str:
    return PAGE.format(token=token)
