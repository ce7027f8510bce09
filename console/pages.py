"""What every page has in common: the language it is read in, the frame around it, and how it is sent."""

from typing import Any
from zoneinfo import ZoneInfo

from fastapi import Request, Response

from console.times import local
from console.words import frame_of, template
from contacts.community import the_community
from core import clock, settings
from core.database import reading
from core.i18n import Language

LANGUAGE_COOKIE = "language"
A_YEAR = 365 * 24 * 3600


def page(request: Request, name: str, status: int = 200, **shown: Any) -> Response:
    """The template ``name`` inside the frame, in the language of whoever asks."""
    language = language_of(request)
    with reading() as session:
        community = the_community(session)
        zone, called = community.timezone, community.name
    now = local(clock.now(), ZoneInfo(zone))
    body = template(name).render(**frame_of(language), zone=zone, community=called, now=now, **shown)
    return sent(request, language, body, status)


def sent(request: Request, language: Language, body: str, status: int = 200) -> Response:
    """HTML that nobody keeps; a language that was asked for is remembered."""
    response = Response(body, status, media_type="text/html")
    response.headers["Cache-Control"] = "no-store"
    if request.query_params.get("language") == language.value:
        response.set_cookie(LANGUAGE_COOKIE, language.value, max_age=A_YEAR, samesite="lax", httponly=True)
    return response


def language_of(request: Request) -> Language:
    """The language asked for in the address, otherwise the one chosen before, otherwise the installation's."""
    wanted = (request.query_params.get("language"), request.cookies.get(LANGUAGE_COOKIE))
    known = set(Language)
    return next((Language(each) for each in wanted if each in known), settings.current().language)
