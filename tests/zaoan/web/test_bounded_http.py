"""A connection on which no whole request arrives is closed; one that is only slow is answered."""

import socket
import threading
import time
from contextlib import contextmanager

import pytest
import uvicorn

from core.settings import Settings
from tests.patience import PATIENCE_SECONDS, wait_for
from zaoan.process import service
from zaoan.web import bounded_http
from zaoan.web.bounded_http import BoundedProtocol

LONG = 600.0


async def echo(scope, receive, send):
    """Answers with the body, once all of it is there."""
    if scope["type"] != "http":
        return
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        body, more = body + message.get("body", b""), message.get("more_body", False)
    length = str(len(body)).encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", length)]})
    await send({"type": "http.response.body", "body": body})


@contextmanager
def connected():
    """A connection to a server that speaks our HTTP."""
    server = uvicorn.Server(
        uvicorn.Config(echo, port=0, http=BoundedProtocol, lifespan="off", log_config=None, timeout_keep_alive=600)
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    wait_for(lambda: server.started, "the server")
    port = server.servers[0].sockets[0].getsockname()[1]
    with socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS) as connection:
        yield connection
    server.should_exit = True
    thread.join(PATIENCE_SECONDS)


def allow(monkeypatch, header, body):
    monkeypatch.setattr(bounded_http, "HEADER_SECONDS", header)
    monkeypatch.setattr(bounded_http, "BODY_SECONDS", body)


def is_closed(connection):
    """Whether the server ends the connection without a word; raises ``TimeoutError`` where it never does."""
    try:
        return connection.recv(4096) == b""
    except ConnectionResetError:
        return True


def answered(connection, body):
    got = b""
    while not got.endswith(b"\r\n\r\n" + body):
        part = connection.recv(4096)
        assert part, f"closed after {got!r}"
        got += part
    return got.startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("begun", [b"", b"GET / HTTP/1.1\r\n", b"POST / HTTP/1.1\r\nHost: here\r\nContent-Le"])
def test_a_header_that_does_not_end_is_not_waited_for(monkeypatch, begun):
    allow(monkeypatch, header=0.1, body=LONG)
    with connected() as connection:
        connection.sendall(begun)
        assert is_closed(connection)


def test_a_body_that_does_not_end_is_not_waited_for(monkeypatch):
    allow(monkeypatch, header=LONG, body=0.1)
    with connected() as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 10\r\n\r\nhalf")
        assert is_closed(connection)


def test_the_header_of_a_later_request_is_not_waited_for_either(monkeypatch):
    allow(monkeypatch, header=LONG, body=LONG)
    with connected() as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 2\r\n\r\nok")
        assert answered(connection, b"ok")
        allow(monkeypatch, header=0.1, body=LONG)
        connection.sendall(b"\r\n")  # no beginning of a request, and no silence
        assert is_closed(connection)


def test_whoever_is_slow_and_arrives_is_answered_however_long_the_answer_takes(monkeypatch):
    allow(monkeypatch, header=LONG, body=LONG)
    with connected() as connection:
        for part in (b"POST / HT", b"TP/1.1\r\nHost: here\r\nConte", b"nt-Length: 4\r\n\r\n", b"sl", b"ow"):
            connection.sendall(part)
            time.sleep(0.02)
        assert answered(connection, b"slow")


def test_the_service_is_run_with_it(monkeypatch, tmp_path):
    monkeypatch.setattr(service, "web_app", lambda _: echo)
    told = service.server(Settings(data_dir=tmp_path), type("Connected", (), {"store": None}))
    assert told.config.http is BoundedProtocol
