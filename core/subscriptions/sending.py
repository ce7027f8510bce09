"""One request to a receiver: short, to no address but one that may be reached, and never led on to another."""

import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from enum import StrEnum
from http.client import HTTPConnection, HTTPException
from threading import Timer
from typing import Any

from core.subscriptions.addresses import Reach, Target

CONNECT_SECONDS = 5.0
REQUEST_SECONDS = 10.0
"""From the connection to the last byte of the answer's head, however slowly it comes."""
MOST_ADDRESSES = 3


class Why(StrEnum):
    """Why a receiver has not taken what was sent."""

    NOT_FOUND = "not_found"
    NOT_ALLOWED = "not_allowed"
    NO_CONNECTION = "no_connection"
    CERTIFICATE = "certificate"
    TIMEOUT = "timeout"
    NO_HTTP = "no_http"
    REFUSED = "refused"
    SECRET_LOST = "secret_lost"


class NotTakenError(Exception):
    """It was not taken, or nobody knows; ``status`` is what HTTP said, if it said anything."""

    def __init__(self, why: Why, status: int | None = None) -> None:
        super().__init__(why)
        self.why, self.status = why, status


def post(target: Target, body: bytes, headers: Mapping[str, str], reach: Reach) -> int:
    """The status with which the receiver has taken it; raises ``NotTakenError``."""
    try:
        status = _answer(target, body, headers, reach)
    except ssl.SSLCertVerificationError as failure:
        raise NotTakenError(Why.CERTIFICATE) from failure
    except TimeoutError as failure:
        raise NotTakenError(Why.TIMEOUT) from failure
    except OSError as failure:
        raise NotTakenError(Why.NO_CONNECTION) from failure
    except HTTPException as failure:
        raise NotTakenError(Why.NO_HTTP) from failure
    if not 200 <= status < 300:
        raise NotTakenError(Why.REFUSED, status)
    return status


def _answer(target: Target, body: bytes, headers: Mapping[str, str], reach: Reach) -> int:
    with closing(_connected(target, reach)) as plain, _cut_off_after(plain):
        connection = HTTPConnection(target.host, target.port)
        connection.auto_open = 0  # it would connect to whatever address the name has by then
        connection.sock = plain if target.is_plain else _over_tls(plain, target)
        with closing(connection):
            connection.request("POST", target.path, body, {"Host": target.authority, **headers})
            return connection.getresponse().status


def _connected(target: Target, reach: Reach) -> socket.socket:
    """A connection to the first address of the name that takes one; raises ``NotTakenError`` and ``OSError``."""
    failure: OSError | None = None
    for family, address in _allowed(target, reach):
        attempt = socket.socket(family, socket.SOCK_STREAM)
        attempt.settimeout(CONNECT_SECONDS)
        try:
            attempt.connect(address)
        except OSError as failed:
            attempt.close()
            failure = failed
        else:
            return attempt
    raise failure or NotTakenError(Why.NOT_FOUND)


def _allowed(target: Target, reach: Reach) -> list[tuple[int, Any]]:
    """The addresses of the name; raises ``NotTakenError`` where there is none, or one that must not be reached."""
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as failure:
        raise NotTakenError(Why.NOT_FOUND) from failure
    if not all(reach.allows(str(each[4][0]), is_plain=target.is_plain) for each in found):
        raise NotTakenError(Why.NOT_ALLOWED)
    return [(int(each[0]), each[4]) for each in found[:MOST_ADDRESSES]]


def _over_tls(plain: socket.socket, target: Target) -> ssl.SSLSocket:
    return ssl.create_default_context().wrap_socket(plain.dup(), server_hostname=target.host)


@contextmanager
def _cut_off_after(plain: socket.socket) -> Iterator[None]:
    """Whoever dribbles its answer is cut off; raises ``TimeoutError`` then."""
    cut = [False]

    def cut_off() -> None:
        cut[0] = True
        with suppress(OSError):  # it has just ended by itself
            plain.shutdown(socket.SHUT_RDWR)

    timer = Timer(REQUEST_SECONDS, cut_off)
    timer.daemon = True
    timer.start()
    try:
        yield
        if cut[0]:  # half a head is read as a whole one
            raise TimeoutError
    except (OSError, HTTPException) as failure:
        if cut[0]:
            raise TimeoutError from failure
        raise
    finally:
        timer.cancel()
