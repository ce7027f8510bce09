"""A telephone in a browser, without the browser: the page's WebSocket, driven by a test."""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import aiohttp
from yarl import URL

from tests.exchange.running import Exchange
from tests.patience import PATIENCE_SECONDS

Message = dict[str, Any]


class Telephone:
    """What the page was told, and what it says."""

    def __init__(self, loop: asyncio.AbstractEventLoop, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._loop = loop
        self._socket = socket
        self._news = threading.Condition()
        self._seen = 0
        self.told: list[Message] = []
        self.closed = threading.Event()
        asyncio.run_coroutine_threadsafe(self._listen(), loop)

    def does(self, type_: str, **fields: str) -> None:
        """The page sends a message."""
        message = {"type": type_} | fields
        asyncio.run_coroutine_threadsafe(self._socket.send_json(message), self._loop).result(PATIENCE_SECONDS)

    def hears(self, type_: str, **fields: object) -> Message:
        """The next message that is like this, which may take a while."""
        until = time.monotonic() + PATIENCE_SECONDS
        with self._news:
            while True:
                for position in range(self._seen, len(self.told)):
                    message = self.told[position]
                    if message | {"type": type_} | fields == message:
                        self._seen = position + 1
                        return message
                assert self._news.wait(until - time.monotonic()), (type_, fields, self.told[self._seen :])

    def leave(self) -> None:
        """The page is closed."""
        asyncio.run_coroutine_threadsafe(self._socket.close(), self._loop).result(PATIENCE_SECONDS)

    async def _listen(self) -> None:
        async for message in self._socket:
            with self._news:
                self.told.append(message.json())
                self._news.notify_all()
        self.closed.set()


@contextmanager
def open_telephone(exchange: Exchange, number: str) -> Iterator[Telephone]:
    """Opens a telephone as its page does, and closes it afterwards."""
    loop = exchange.service.loop
    session, socket = asyncio.run_coroutine_threadsafe(_connect(exchange.url, number), loop).result(PATIENCE_SECONDS)
    telephone = Telephone(loop, socket)
    try:
        yield telephone
    finally:
        telephone.leave()
        asyncio.run_coroutine_threadsafe(session.close(), loop).result(PATIENCE_SECONDS)


async def _connect(url: str, number: str) -> tuple[aiohttp.ClientSession, aiohttp.ClientWebSocketResponse]:
    session = aiohttp.ClientSession()
    address = URL(f"{url}/telephones/{number.replace('+', '%2B')}/line", encoded=True)
    return session, await session.ws_connect(address)
