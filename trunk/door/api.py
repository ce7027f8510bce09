"""What the service asks: JSON over HTTP on this machine, for whoever knows the secret.

| request | |
|---|---|
| ``PUT /calls/{id}`` | rings, or finds the call that there is; 201 or 200 |
| ``GET /calls/{id}`` | how it stands; 404 for one that nobody knows |
| ``GET /calls?from=…&to=…&since=…&most=…`` | the newest calls, legs left out |
| ``GET /calls/{id}/requests`` | what the service was asked in it |
| ``POST /calls/{id}/cancel`` · ``/hang-up`` · ``/redirect`` | 204, also for one that has ended |
| ``GET``, ``DELETE /recordings/{id}`` | a WAV file |
| ``GET /metrics`` | figures, in the text format of Prometheus |
| ``GET /healthz`` | without the secret: that the trunk is there, and how its gateways stand |

401: another secret; 403: an operator has to mend something; 422: never; 503 with ``Retry-After``: not now.
"""

import hmac
import math
from collections.abc import Callable
from datetime import datetime
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from trunk.calls.recordings import Recordings
from trunk.calls.records import Order
from trunk.calls.registry import Registry
from trunk.calls.switchboard import Switchboard
from trunk.routing.routes import NotNowError, NotOursError, Routes
from trunk.sip.peering import Peer

MOST = 1000
HEALTH = "/healthz"
MOST_DIALLED = 64
_ORDERED = {"to": str, "from_": str, "dialled": str, "ring_seconds": int, "answer_url": str, "status_url": str,
            "fallback_url": str}  # fmt: skip


class Api:
    """The routes, and the guard before them."""

    def __init__(
        self,
        secret: str,
        registry: Registry,
        switchboard: Switchboard,
        recordings: Recordings,
        routes: Routes,
        is_registered: Callable[[Peer], bool],
    ) -> None:
        self._bearer = f"Bearer {secret}".encode()
        self._registry, self._switchboard, self._recordings = registry, switchboard, recordings
        self._routes, self._is_registered = routes, is_registered

    def routes(self) -> list[web.RouteDef]:
        """All of them."""
        return [
            web.put("/calls/{id}", self._place),
            web.get("/calls/{id}", self._look_up),
            web.get("/calls", self._list),
            web.get("/calls/{id}/requests", self._requests),
            web.post("/calls/{id}/cancel", self._cancel),
            web.post("/calls/{id}/hang-up", self._hang_up),
            web.post("/calls/{id}/redirect", self._redirect),
            web.get("/recordings/{id}", self._recording),
            web.delete("/recordings/{id}", self._forget_recording),
            web.get("/metrics", self._metrics),
            web.get(HEALTH, self._health),
        ]

    @web.middleware
    async def guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Whoever does not know the secret learns that there is a trunk, and no more."""
        given = request.headers.get("Authorization", "").encode()
        if request.path != HEALTH and not hmac.compare_digest(given, self._bearer):
            raise web.HTTPUnauthorized(text="another secret")
        return await handler(request)

    async def _place(self, request: web.Request) -> web.Response:
        order = await _ordered(request)
        try:
            record, is_new = await self._switchboard.place(request.match_info["id"], order)
        except NotOursError as refusal:
            raise web.HTTPForbidden(text=str(refusal)) from refusal
        except NotNowError as refusal:
            wait = {"Retry-After": str(math.ceil(refusal.seconds))}
            raise web.HTTPServiceUnavailable(text=str(refusal), headers=wait) from refusal
        if record.order.to != order.to:
            raise web.HTTPForbidden(text="this id is another call's")
        return web.json_response(record.written(), status=201 if is_new else 200)

    async def _look_up(self, request: web.Request) -> web.Response:
        record = self._registry.find(request.match_info["id"])
        if record is None:
            raise web.HTTPNotFound(text="no such call")
        return web.json_response(record.written())

    async def _list(self, request: web.Request) -> web.Response:
        query = request.query
        try:
            since = datetime.fromisoformat(query["since"]) if "since" in query else None
            most = min(int(query.get("most", MOST)), MOST)
        except ValueError as failure:
            raise web.HTTPBadRequest(text=str(failure)) from failure
        found = self._registry.between(query.get("to"), query.get("from", ""), since, most)
        return web.json_response([record.written() for record in found])

    async def _requests(self, request: web.Request) -> web.Response:
        asked = self._registry.requests_of(request.match_info["id"])
        return web.json_response(
            [{"url": each.url, "told": each.told, "was_answered": each.was_answered} for each in asked]
        )

    async def _cancel(self, request: web.Request) -> web.Response:
        await self._switchboard.cancel(request.match_info["id"])
        return web.Response(status=204)

    async def _hang_up(self, request: web.Request) -> web.Response:
        await self._switchboard.hang_up(request.match_info["id"])
        return web.Response(status=204)

    async def _redirect(self, request: web.Request) -> web.Response:
        url = (await _document(request)).get("url")
        if not isinstance(url, str):
            raise web.HTTPBadRequest(text="no url")
        self._switchboard.redirect(request.match_info["id"], url)
        return web.Response(status=204)

    async def _recording(self, request: web.Request) -> web.Response:
        content = self._recordings.find(request.match_info["id"])
        if content is None:
            raise web.HTTPNotFound(text="no such recording")
        return web.Response(body=content, content_type="audio/wav")

    async def _forget_recording(self, request: web.Request) -> web.Response:
        self._recordings.delete(request.match_info["id"])
        return web.Response(status=204)

    async def _metrics(self, _: web.Request) -> web.Response:
        return web.Response(text=self._switchboard.figures.written(self._routes))

    async def _health(self, _: web.Request) -> web.Response:
        peers = [
            {"proxy": each.peer.proxy, "registered": self._is_registered(each.peer), "gateway": each.gateway.stands,
             "codecs": list(each.gateway.codecs), "calls": each.calls}
            for each in self._routes.all
        ]  # fmt: skip
        return web.json_response({"trunk": "up", "calls": self._switchboard.under_way, "peers": peers})


async def _ordered(request: web.Request) -> Order:
    document = await _document(request)
    for name, kind in _ORDERED.items():
        if not isinstance(document.get(name), kind):
            raise web.HTTPBadRequest(text=f"{name} is missing")
    dialled = document["dialled"]
    if not 0 < len(dialled) <= MOST_DIALLED or not all(each in "+*#0123456789" for each in dialled):
        raise web.HTTPUnprocessableEntity(text="this can be dialled on no telephone")
    if document["ring_seconds"] <= 0:
        raise web.HTTPBadRequest(text="it must ring for some time")
    return Order(**{name: document[name] for name in _ORDERED}, machine_url=document.get("machine_url"))


async def _document(request: web.Request) -> dict[str, Any]:
    try:
        document = await request.json()
    except ValueError as failure:
        raise web.HTTPBadRequest(text="not JSON") from failure
    if not isinstance(document, dict):
        raise web.HTTPBadRequest(text="not a JSON object")
    return document
