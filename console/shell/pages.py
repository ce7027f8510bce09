"""What every page has in common: the language it is read in, the frame around it, and how it is sent."""

from typing import Any
from zoneinfo import ZoneInfo

from fastapi import Request, Response

from console.shell.rendering import frame_of, template
from console.shell.visitors import rooms_of, visitor_of
from console.view.times import local
from contacts.community.community import the_community
from core import clock, settings
from core.i18n import Language
from core.languages import preferred
from core.storage.database import reading

LANGUAGE_COOKIE = "language"
A_YEAR = 365 * 24 * 3600


def page(request: Request, name: str, status: int = 200, **shown: Any) -> Response:
    """The template ``name`` inside the frame, in the language of whoever asks."""
    language = language_of(request)
    with reading() as session:
        community = the_community(session)
        zone, called = community.timezone, community.name
    now = local(clock.now(), ZoneInfo(zone))
    body = template(name).render(
        **frame_of(language), **who_looks(request), zone=zone, community=called, now=now, **shown
    )
    return sent(request, language, body, status)


def page_without_database(request: Request, name: str, status: int, **shown: Any) -> Response:
    """The same while the database is not to be had: the frame leaves out whose page it is and what time it is there."""
    language = language_of(request)
    frame = frame_of(language) | who_looks(request) | {"zone": settings.current().timezone, "community": "", "now": ""}
    return sent(request, language, template(name).render(**frame, **shown), status)


def who_looks(request: Request) -> dict[str, Any]:
    """What the frame tells of whoever looks, and which pages it offers them."""
    visitor = visitor_of(request)
    return {"visitor": visitor, "rooms": rooms_of(visitor)}


def sent(request: Request, language: Language, body: str, status: int = 200) -> Response:
    """HTML that nobody keeps; a language that was asked for is remembered."""
    response = Response(body, status, {**spoken(language), "Cache-Control": "no-store"}, "text/html")
    if request.query_params.get("language") == language.value:
        response.set_cookie(LANGUAGE_COOKIE, language.value, max_age=A_YEAR, samesite="lax", httponly=True)
    return response


def language_of(request: Request) -> Language:
    """The language asked for in the address, or chosen before, or the browser's, otherwise the installation's."""
    chosen = (request.query_params.get("language"), request.cookies.get(LANGUAGE_COOKIE))
    asked = next((Language(each) for each in chosen if each in set(Language)), None)
    return asked or preferred(request.headers.get("Accept-Language", "")) or settings.current().language


def spoken(language: Language) -> dict[str, str]:
    """The headers of whatever is said in a language that was chosen for whoever asks."""
    return {"Content-Language": language.value, "Vary": "Accept-Language, Cookie"}


def wants_page(request: Request) -> bool:
    """Whether a person looks at the answer: their browser asks for HTML, of a page."""
    is_page = not request.url.path.startswith(("/api", "/telephony"))
    return is_page and "text/html" in request.headers.get("Accept", "")


def trouble(request: Request, status: int, message: str) -> Response:
    """A page that says what is wrong, with the way back; ``message`` is in the language of whoever asks."""
    return page(request, "frame/trouble.html", status, message=message)
