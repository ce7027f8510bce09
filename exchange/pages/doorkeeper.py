"""Whom the exchange lets in: a browser only by a name of the exchange's own, and only from the exchange's own pages.

Otherwise any page on the Internet could give its own name our address (DNS rebinding), or send forms here, and place
calls. Twilio's API stands outside the question of names: it asks for the account's token.
"""

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

from aiohttp import web

from exchange.calls.reporting import API_VERSION

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
MISDIRECTED = 421
SHOWN_CHARACTERS = 100
_HARMLESS = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN = frozenset({"same-origin", "none"})
_HOST = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[^\[\]:/@\s]+?)\.?(:[0-9]*)?")


class Doorkeeper:
    """``names`` are those by which the exchange is known besides the address it listens at and this machine's own.

    ``explain`` has the sentence for whoever comes by another one, with ``{host}`` in it, in their language.
    """

    def __init__(self, names: Iterable[str], explain: Callable[[web.Request], str]) -> None:
        self._names = frozenset(name.strip("[]").lower() for name in names)
        self._explain = explain

    @web.middleware
    async def guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Hands a request on, or answers 421 (another host) or 403 (a change that another origin wants)."""
        if not request.path.startswith(f"/{API_VERSION}/") and not self._is_ours(request):
            shown = request.headers.get("Host", "–")[:SHOWN_CHARACTERS]
            return web.Response(text=self._explain(request).format(host=shown), status=MISDIRECTED)
        if is_foreign(request.method, request.host, request.headers):
            return web.json_response({"error": "this was sent by another site"}, status=403)
        return await handler(request)

    def _is_ours(self, request: web.Request) -> bool:
        hosts = request.headers.getall("Host", [])
        read = _HOST.fullmatch(hosts[0]) if len(hosts) == 1 else None
        name = read["name"].strip("[]").lower() if read else ""
        return name in self._names or name == _reached(request) or _is_loopback(name)


def is_foreign(method: str, host: str, headers: Mapping[str, str]) -> bool:
    """Whether a browser says that a page of another origin wants to change something, or to open a WebSocket."""
    if method in _HARMLESS and headers.get("Upgrade", "").lower() != "websocket":
        return False
    origin, fetched_from = headers.get("Origin"), headers.get("Sec-Fetch-Site")
    return (origin is not None and urlsplit(origin).netloc != host) or (
        fetched_from is not None and fetched_from not in _OWN
    )


def _reached(request: web.Request) -> str | None:
    """The address of this machine that the connection was made to."""
    name = request.transport.get_extra_info("sockname") if request.transport else None
    return str(name[0]).lower() if name else None


def _is_loopback(name: str) -> bool:
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"
