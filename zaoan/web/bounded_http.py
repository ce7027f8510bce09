"""HTTP for strangers: a connection on which no whole request arrives in time is closed.

uvicorn waits for a header or a body for as long as it takes: whoever sends one byte now and then could hold all
connections that the machine has, and the provider would find none.
"""

import asyncio
from asyncio.events import TimerHandle
from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEADER_SECONDS: Final = 15.0
BODY_SECONDS: Final = 120.0
"""Real seconds: a recording of a minute is uploaded from a bad line in less."""


class BoundedProtocol(HttpToolsProtocol):
    """A header may take ``HEADER_SECONDS`` from the connection, or from its first byte; a body ``BODY_SECONDS``."""

    _bound: TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody is there, and has said nothing yet."""
        super().connection_made(transport)
        self._allow(HEADER_SECONDS)

    def data_received(self, data: bytes) -> None:
        """Some bytes: of a request under way, or the first of the next one."""
        if self._bound is None and (self.cycle is None or self.cycle.response_complete):
            self._allow(HEADER_SECONDS)
        super().data_received(data)

    def on_headers_complete(self) -> None:
        """The request is being answered, and its body may still come."""
        super().on_headers_complete()
        self._allow(BODY_SECONDS)

    def on_message_complete(self) -> None:
        """All of the request is there."""
        super().on_message_complete()
        self._allow(None)

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody is there any more."""
        self._allow(None)
        super().connection_lost(exc)

    def _allow(self, seconds: float | None) -> None:
        if self._bound is not None:
            self._bound.cancel()
        self._bound = None if seconds is None else self.loop.call_later(seconds, self.transport.close)
