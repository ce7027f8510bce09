"""A provider for a benchmark: another process that answers every request for a call as Twilio does, after a while."""

import asyncio
import json
import multiprocessing
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime
from itertools import count
from multiprocessing.connection import Connection
from urllib.parse import parse_qs

ANSWERS_AFTER_SECONDS = 0.05
END_OF_HEAD = b"\r\n\r\n"
LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


@contextmanager
def stub_provider() -> Iterator[str]:
    """Its address, on loopback."""
    spawning = multiprocessing.get_context("spawn")
    ours, its = spawning.Pipe()
    process = spawning.Process(target=_serve, args=(its,), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{ours.recv()}"
    finally:
        process.kill()
        process.join()


def _serve(tell: Connection) -> None:
    asyncio.run(_served(tell))


async def _served(tell: Connection) -> None:
    ids = count(1)
    server = await asyncio.get_running_loop().create_server(lambda: _Provider(ids), "127.0.0.1", 0)
    tell.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


class _Provider(asyncio.Protocol):
    """One connection, kept alive; one request at a time."""

    def __init__(self, ids: "count[int]") -> None:
        self._ids = ids
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, found, body = self._received.partition(END_OF_HEAD)
        length = LENGTH.search(head)
        if found and len(body) >= (int(length[1]) if length else 0):
            self._received = b""
            asyncio.get_running_loop().call_later(ANSWERS_AFTER_SECONDS, self._answer, body.decode())

    def _answer(self, form: str) -> None:
        fields = parse_qs(form)
        told = {"sid": f"CA{next(self._ids):032x}", "to": fields["To"][0], "from": fields["From"][0],
                "status": "queued", "date_created": format_datetime(datetime.now(UTC))}  # fmt: skip
        content = json.dumps(told).encode()
        head = f"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
        self._transport.write(head.encode() + content)  # type: ignore[attr-defined]
