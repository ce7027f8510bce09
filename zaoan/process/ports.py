"""Free ports on this machine."""

import socket
from random import sample

MOST_TRIES = 100
LISTENED_AT = range(20_000, 32_000)
"""Ports below those that systems give connections for their own end, which would be taken at any moment."""


def is_free(host: str, port: int) -> bool:
    """Whether a server could listen there now."""
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError:
            return False
    return True


def free_port_from(host: str, port: int) -> int:
    """``port``, or the next free one after it; raises ``OSError`` when a hundred in a row are taken."""
    for candidate in range(port, port + MOST_TRIES):
        if is_free(host, candidate):
            return candidate
    raise OSError(f"no free port from {port} on")


def any_free_port(host: str = "127.0.0.1") -> int:
    """Some free port, which no connection is given meanwhile; raises ``OSError`` when a hundred are taken."""
    for port in sample(LISTENED_AT, MOST_TRIES):
        if is_free(host, port):
            return port
    raise OSError(f"no free port on {host} among a hundred from {LISTENED_AT.start} to {LISTENED_AT.stop}")
