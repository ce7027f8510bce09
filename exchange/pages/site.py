"""The exchange's pages, in Simplified Chinese and English: the switchboard, and a telephone for each number."""

import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from string import Template

from aiohttp import web

from exchange.pages.telephone import telephone_number
from exchange.parties.directory import Directory

LANGUAGES = ("zh-CN", "en")
_BY_PRIMARY = {each.partition("-")[0]: each for each in LANGUAGES}
COOKIE = "exchange-language"
PAGES = Path(__file__).parent / "files"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


class Site:
    """The handlers."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        content = tomllib.loads((PAGES / "words.toml").read_text("utf-8"))
        self._words = {language: _in(language, content) for language in LANGUAGES}

    def routes(self) -> list[web.RouteDef]:
        """Where the pages stand."""
        return [
            web.get("/", self._switchboard),
            web.get("/telephones/{number}", self._telephone),
            web.get("/assets/{name}", self._asset),
        ]

    def wrong_address(self, request: web.Request) -> str:
        """What is said to a browser that asks for ``{host}``, which is none of our names."""
        return self._words[_language(request)]["wrong_address"]

    async def _switchboard(self, request: web.Request) -> web.Response:
        return self._page(request, "switchboard.html", {})

    async def _telephone(self, request: web.Request) -> web.Response:
        number = telephone_number(request)
        return self._page(request, "telephone.html", {"number": number, "label": self._directory.label(number)})

    async def _asset(self, request: web.Request) -> web.StreamResponse:
        file = PAGES / request.match_info["name"]
        if file.suffix not in _TYPES or file.parent != PAGES or not file.is_file():
            raise web.HTTPNotFound
        headers = {"Cache-Control": "no-cache", "Content-Type": f"{_TYPES[file.suffix]}; charset=utf-8"}
        return web.Response(body=file.read_bytes(), headers=headers)

    def _page(self, request: web.Request, name: str, more: Mapping[str, str]) -> web.Response:
        language = _language(request)
        words = self._words[language]
        filled = {key: _escaped(value) for key, value in {**words, **more}.items()}
        text = Template((PAGES / name).read_text("utf-8")).substitute(
            filled,
            language=language,
            other="en" if language == LANGUAGES[0] else LANGUAGES[0],
            words=json.dumps(words, ensure_ascii=False).replace("<", "\\u003c"),
        )
        response = web.Response(text=text, content_type="text/html", headers={"Cache-Control": "no-store"})
        response.headers.update({"Content-Language": language, "Vary": "Accept-Language, Cookie"})
        if request.query.get("language") == language:
            response.set_cookie(COOKIE, language, samesite="Lax")
        return response


def _language(request: web.Request) -> str:
    """As the address says, or as it said last, or as the browser would like it; Chinese otherwise."""
    for wanted in (request.query.get("language"), request.cookies.get(COOKIE)):
        if wanted in LANGUAGES:
            return wanted
    return preferred(request.headers.get("Accept-Language", "")) or LANGUAGES[0]


def preferred(accepted: str) -> str | None:
    """The language of ``Accept-Language`` (RFC 9110, 12.5.4) that is wanted most, by its first subtag; None if none."""
    best, found = 0.0, None
    for each in accepted.split(",")[:50]:
        tag, _, weight = (part.strip() for part in each.partition(";"))
        language = _BY_PRIMARY.get(tag.partition("-")[0].lower())
        q = _weight(weight)
        if language and q > best:
            best, found = q, language
    return found


def _weight(written: str) -> float:
    """A quality value; 0, which is none at all, for one that makes no sense."""
    if not written:
        return 1.0
    value = re.fullmatch(r"[qQ]\s*=\s*([01](?:\.\d{0,3})?)", written)
    return min(1.0, float(value[1])) if value else 0.0


def _in(language: str, content: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    return {name: said[language] for name, said in content.items()}


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
