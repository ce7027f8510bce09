"""The page of the settings: the community's facts, the office's telephone, the line looked at now, versions."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from console.people.refusals import Refusal
from console.setting_up import community_form, live_checks, start_routes
from console.setting_up.community_form import Told
from console.setting_up.live_checks import Found
from console.setting_up.settings_page import settings_page
from console.setting_up.words import COMMUNITY, OFFICE, community_words, line_facts, offices
from console.shell import pages
from console.shell.origin import same_site
from console.shell.visitors import acting
from console.view.times import short_moment
from contacts.community.community import the_community
from contacts.models import Role
from contacts.people import responder_changes
from contacts.people.responder_changes import ResponderParticulars
from core.errors import UserError
from core.i18n import translate
from core.storage.database import reading, write
from ivr import queries as telephone

PAGE = "/settings"
Then = Annotated[str, Form(max_length=20)]
Typed = Annotated[str, Form(max_length=200)]
Again = Callable[[Request, Refusal], Response]
router = APIRouter(include_in_schema=False)


@router.get(PAGE)
def show(request: Request, saved: str = "", before: int | None = None) -> Response:
    """What holds for the whole community, and for its line."""
    return _page(request, saved=saved[:20], before=before)


@router.post(f"{PAGE}/community", dependencies=[Depends(same_site)])
def keep_community(request: Request, told: Annotated[Told, Depends()], then: Then = "") -> Response:
    """The community's facts are as the form says from now on, and the next rounds go by them."""
    typed = told.values | {"version": told.version}
    return _kept(request, COMMUNITY, typed, then, lambda session: community_form.keep(session, request, told))


@router.post(f"{PAGE}/office", dependencies=[Depends(same_site)])
def keep_office(request: Request, name: Typed = "", number: Typed = "", then: Then = "") -> Response:
    """Writes down a telephone of the office: every alert that nobody else accepts comes there."""

    def work(session: Session) -> None:
        community, ours = the_community(session), telephone.our_numbers(session)
        called = name.strip() or translate(community.language, "role:office")
        told = ResponderParticulars(name=called, role=Role.OFFICE, number=number, areas="")
        responder_changes.add(session, acting(request), community, told, ours)

    return _kept(request, OFFICE, {"name": name, "number": number}, then, work)


@router.post(f"{PAGE}/check", dependencies=[Depends(same_site)])
def check(request: Request) -> Response:
    """Looks at the line and the service now; nothing is changed, so the page itself answers."""
    try:
        return _page(request, found=live_checks.look(pages.language_of(request)))
    except UserError as refusal:
        return _page(request, Refusal("line", refusal))


def _kept(request: Request, form: str, typed: dict[str, str], then: str, work: Callable[[Session], None]) -> Response:
    """The page from which the form came, after it was kept or with why it was not."""
    is_first_start = then == start_routes.PAGE
    try:
        write(work)
    except UserError as mistake:
        mistake.field = _here(mistake.field)
        refusal = Refusal(form, mistake, typed)
        return start_routes.start(request, refusal) if is_first_start else _page(request, refusal)
    return RedirectResponse(then if is_first_start else f"{PAGE}?saved={form}#{form}", status_code=303)


def _here(field: str | None) -> str:
    """What a field is called in these forms, whatever a list or a command calls it."""
    named = str(field or "").replace("-", "_")
    return {"phone": "number"}.get(named, named)


def _page(
    request: Request,
    refusal: Refusal | None = None,
    found: Sequence[Found] = (),
    saved: str = "",
    before: int | None = None,
) -> Response:
    language = pages.language_of(request)
    with reading() as session:
        community = the_community(session)
        zone = ZoneInfo(community.timezone)
        shown = settings_page(session, community, language, request.app.version, before)
        about: dict[str, Any] = {
            "line": line_facts(session, community, language), "offices": offices(session, community),
            **community_words(community, language, refusal),
        }  # fmt: skip
    return pages.page(
        request, "setting_up/settings.html", refusal.mistake.status if refusal else 200, page=shown, refusal=refusal,
        said=refusal.said(language) if refusal else "", found=found, saved=saved, here=PAGE, is_latest=before is None,
        can_look=live_checks.is_offered(), moment=lambda at: short_moment(at, zone, language), **about,
    )  # fmt: skip
