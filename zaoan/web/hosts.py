"""Only whoever asks for us by a name of ours is served.

Otherwise a page anywhere on the internet could give its own name our address (DNS rebinding) and would be, to the
browser of whoever opens it, the very site that it asks. What the provider alone asks for stands outside: it is signed
over the public address, or its address is a secret, and a proxy may have put a name of its own before it.
"""

import re
from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from console.shell.pages import language_of, spoken
from core.errors import UserError

PROVIDERS = "/telephony/"
SHOWN_CHARACTERS = 100
_HOST = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[^\[\]:/@\s]+?)\.?(:[0-9]*)?")


class UnknownHostError(UserError):
    """The request asks for a name that is none of ours (HTTP 421, RFC 9110 section 15.5.20)."""

    status = 421


class OwnHosts:
    """Refuses every request for another host than that of ``public_url``, ``listening``, or this very machine's."""

    def __init__(self, app: ASGIApp, public_url: str, listening: str) -> None:
        self._app = app
        self._public_url = public_url
        self._names = frozenset(filter(None, (urlsplit(public_url).hostname, listening.strip("[]").lower())))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on, or answers it."""
        asks = scope["type"] == "http" and not scope["path"].startswith(PROVIDERS)
        if not asks or self._is_ours(Headers(scope=scope).getlist("Host"), scope):
            await self._app(scope, receive, send)
        else:
            await self._refusal(Request(scope))(scope, receive, send)

    def _is_ours(self, hosts: list[str], scope: Scope) -> bool:
        reached = {str(scope["server"][0]).lower()} if scope.get("server") else set()
        return len(hosts) == 1 and is_served(hosts[0], self._names | reached)

    def _refusal(self, request: Request) -> PlainTextResponse:
        language, host = language_of(request), request.headers.get("Host", "")[:SHOWN_CHARACTERS]
        error = UnknownHostError(
            "{value} is no address of Zao'an.",
            way_out="Open {url}. If it is to be found under another one, set ZAOAN_PUBLIC_URL to that.",
            field="Host",
            value=host or "–",
            url=self._public_url,
        )
        return PlainTextResponse(error.describe(language), error.status, spoken(language))


def is_served(host: str, names: Iterable[str]) -> bool:
    """Whether a ``Host`` header, with or without a port, means this machine itself or one of ``names``."""
    name = hostname(host)
    return name is not None and (name in names or _is_loopback(name))


def hostname(host: str) -> str | None:
    """The name or the IP address in a ``Host`` header, in lower case and without brackets; None for nonsense."""
    read = _HOST.fullmatch(host)
    return read["name"].strip("[]").lower() if read else None


def _is_loopback(name: str) -> bool:
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"
