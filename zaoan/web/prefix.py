"""Our public address may have a path of its own (``https://host/zaoan``): with or without it, a request is the same.

Some proxies take that path off before they forward a request and some do not.
"""

from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send


class WithoutPrefix:
    """Takes the path of ``public_url`` off every request that comes with it."""

    def __init__(self, app: ASGIApp, public_url: str) -> None:
        self._app = app
        self._prefix = urlsplit(public_url).path.rstrip("/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on."""
        if self._prefix and scope["type"] in {"http", "websocket"} and scope["path"].startswith(f"{self._prefix}/"):
            raw = scope.get("raw_path") or b""
            scope = {
                **scope,
                "path": scope["path"].removeprefix(self._prefix),
                "raw_path": raw.removeprefix(self._prefix.encode()),
            }
        await self._app(scope, receive, send)
