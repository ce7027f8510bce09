"""Whose this trunk is: a service takes one over that another has left behind, or ends it.

| request | |
|---|---|
| ``PUT /parent`` ``{"pid": …}`` | is that process's now; tells what it is known as, and how many calls it has |
| ``POST /end`` | hangs up and ends |
"""

import asyncio
from collections.abc import Callable

from aiohttp import web

from trunk.parent import Parent


class Life:
    """The routes; ``known_as`` is what whoever started this trunk has named it."""

    def __init__(self, parent: Parent, ended: asyncio.Event, known_as: str, under_way: Callable[[], int]) -> None:
        self._parent, self._ended, self._known_as, self._under_way = parent, ended, known_as, under_way

    def routes(self) -> list[web.RouteDef]:
        """Both of them."""
        return [web.put("/parent", self._adopt), web.post("/end", self._end)]

    async def _adopt(self, request: web.Request) -> web.Response:
        document = await request.json()
        if not isinstance(document, dict) or not isinstance(document.get("pid"), int):
            raise web.HTTPBadRequest(text="no pid")
        self._parent.adopted_by(document["pid"])
        return web.json_response({"known_as": self._known_as, "calls": self._under_way()})

    async def _end(self, _: web.Request) -> web.Response:
        self._ended.set()
        return web.json_response({})
