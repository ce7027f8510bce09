"""Whoever opens a relative's page: by which link, in which browser and language; and how a page is sent to them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from fastapi import Request, Response
from sqlalchemy.orm import Session

from console.shell import link_browser, pages
from console.shell.rendering import frame_of, template
from console.sign_in import cookies
from contacts import queries as contacts
from contacts import relative_links
from contacts.community.community import the_community
from contacts.models import Relative
from core import actors
from core.errors import UserError
from core.i18n import Language
from core.identity import audit
from core.links.links import Fault, LinkError, Whose
from core.links.models import Link
from core.storage.database import reading, store
from core.storage.fairness import Turn

PAGE = relative_links.PURPOSE.path + "/{token}"
A_YEAR = timedelta(days=365)
FORGIVING = frozenset({Fault.EXPIRED, Fault.ELSEWHERE})
"""Links whose holder may have a new one sent to the relative's own telephone; the office has ended the others."""


class UnopenedError(UserError):
    """A good link in a browser that has not been opened for it (HTTP 403)."""

    status = 403


class NothingShownError(UserError):
    """The resident has not agreed, or agrees no more, that anything is shown (HTTP 403)."""

    status = 403


def opened(session: Session, request: Request, token: str) -> Relative:
    """The relative whose page this is, in a browser that is theirs.

    Raises ``LinkError``, ``UnopenedError``, and ``NothingShownError``.
    """
    link = relative_links.opened(session, token, link_browser.of(request))
    relative = holder(session, link)
    if not relative_links.is_open_in(session, link, link_browser.of(request)):
        raise UnopenedError("This page has not been opened here yet.", way_out="Open the link from the text.")
    return relative


def holder(session: Session, link: Link | Whose) -> Relative:
    """Whose link it is; raises ``LinkError`` for nobody's any more, and ``NothingShownError``."""
    relative = session.get(Relative, link.holder_id)
    if relative is None or relative.resident_id != link.about_id:
        raise LinkError(Fault.REVOKED)
    if not contacts.has_consent(session, relative.resident_id):
        raise NothingShownError("Nothing can be shown here at present.", way_out="Please ring the community office.")
    return relative


def language_of(request: Request, relative: Relative | None) -> Language:
    """The language that was chosen on the page; else the relative's, in which their texts are."""
    chosen = {request.query_params.get("language"), request.cookies.get(pages.LANGUAGE_COOKIE)}
    if relative is None or chosen & set(Language):
        return pages.language_of(request)
    return Language(relative.language)


def sent(request: Request, language: Language, name: str, status: int = 200, **shown: Any) -> Response:
    """The template ``name`` in its frame; no machine keeps it, finds it, or tells others from where one comes."""
    with reading() as session:
        community = the_community(session)
        zone, called = community.timezone, community.name
    body = template(f"relative/{name}.html").render(
        **frame_of(language), visitor=None, rooms=(), zone=zone, community=called, now="", **shown
    )
    response = pages.sent(request, language, body, status)
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


def keep(request: Request, response: Response, secret: str) -> None:
    """This browser is known by the secret from now on, on these pages and on no other."""
    link_browser.put(request, response, secret, relative_links.PURPOSE.path, A_YEAR)


def noted(request: Request, relative: Relative, deed: str, status: int = 200) -> Callable[[Session], None]:
    """What the audit log has of it: the deed by its route, never the token."""
    address, relative_id, resident_id = cookies.browser_of(request).address, relative.id, relative.resident_id

    def note(session: Session) -> None:
        community = contacts.community_of(session, resident_id)
        audit.note(session, actors.relative(relative_id), community.id, deed, subject=str(resident_id), status=status,
                   address=address)  # fmt: skip

    return note


def note_read(request: Request, relative: Relative, token: str) -> None:
    """The page is read: noted, and its link renewed, before a byte of it leaves."""
    note = noted(request, relative, f"GET {PAGE}")

    def work(session: Session) -> None:
        note(session)
        relative_links.renew(session, relative_links.opened(session, token, link_browser.of(request)))

    store(work, Turn.REPORT)
