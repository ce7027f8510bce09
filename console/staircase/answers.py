"""How a page of the staircase is sent: in the responder's language, kept by nobody, found by no search engine."""

from secrets import token_urlsafe
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import Request, Response

from console.shell.pages import language_of, sent, who_looks
from console.shell.rendering import frame_of, page_words, template
from console.view.times import local
from contacts.community.community import the_community
from core import clock, settings
from core.i18n import Language
from core.storage.database import reading
from escalation.paging.case_links import PURPOSE

HEADERS = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow, noarchive"}
_WORDS = frozenset({"sign_of_kind", "comma"})


def spoken_by(request: Request, responder: Language | None) -> Language:
    """What is asked for in the address, else the responder's language, else the browser's."""
    asked = request.query_params.get("language")
    if asked in set(Language):
        return Language(asked)
    return responder or language_of(request)


def page(
    request: Request, name: str, language: Language, status: int = 200, version: str = "", **shown: Any
) -> Response:
    """The template ``name``; each form on it is given a key of its own, so that what is sent twice is done once.

    A page without a ``version`` never asks whether it is still true.
    """
    with reading() as session:
        community = the_community(session)
        zone, called = community.timezone, community.name
    words = {word: said for word, said in page_words(language).items() if word in _WORDS}
    body = template(name).render(
        **frame_of(language), **who_looks(request), **words, zone=zone, community=called,
        now=local(clock.now(), ZoneInfo(zone)), emergency=settings.current().emergency_number,
        once=lambda: token_urlsafe(12), stay=f"{PURPOSE.path}/{request.path_params['token']}", version=version, **shown,
    )  # fmt: skip
    answer = sent(request, language, body, status)
    answer.headers.update(HEADERS)
    return answer
