"""Ports of loopback for a test's telephones and trunks; each process of the tests has some of its own."""

import os
import re
import socket
from itertools import count

ADDRESS = "127.0.0.1"
"""The engine finds its way to no other address of loopback (baresip-python 0.5.2a3)."""
FIRST, BLOCK, BLOCKS = 11_000, 400, 22
"""Below those that systems give to sockets that do not care."""
_WORKER = int((re.findall("[0-9]+", os.environ.get("PYTEST_XDIST_WORKER", "")) or ["0"])[0])
_blocks = count(_WORKER * 5)


def sound_ports():
    """The first and the last of a block of ports."""
    first = FIRST + next(_blocks) % BLOCKS * BLOCK
    return first, first + BLOCK - 1


def free_address():
    """An address at which nobody listens over UDP or TCP."""
    while True:
        with socket.socket(type=socket.SOCK_DGRAM) as datagrams, socket.socket() as streams:
            datagrams.bind((ADDRESS, 0))
            try:
                streams.bind(datagrams.getsockname())
            except OSError:
                continue
            return f"{ADDRESS}:{datagrams.getsockname()[1]}"
