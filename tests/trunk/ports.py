"""Ports of loopback for a test's telephones and trunks; no two processes of tests share any."""

import socket
from functools import cache
from itertools import count

ADDRESS = "127.0.0.1"
"""The engine finds its way to no other address of loopback (baresip-python 0.5.2a3)."""
BLOCK, BLOCKS, SIPP = 400, 6, 100
"""A block is enough for fifty calls at once; blocks go round, and sipp has some ports of its own behind them."""
FIRST, REGION, REGIONS = 11_000, BLOCK * BLOCKS + SIPP, 8
"""Below those that systems give to sockets that do not care."""
_turns = count()


def sound_ports():
    """The first and the last of a block of ports, which goes round after ``BLOCKS`` others."""
    first = _region()[0] + next(_turns) % BLOCKS * BLOCK
    return first, first + BLOCK - 1


def sipp_ports():
    """The first and the last of the ports with which this process runs one sipp after the other."""
    first = _region()[0] + BLOCK * BLOCKS
    return first, first + SIPP - 1


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


@cache
def _region():
    """The first port of this process's region, and what keeps others out of it for as long as the process lives:
    a TCP socket at that port, while sound goes over UDP."""
    for first in range(FIRST, FIRST + REGION * REGIONS, REGION):
        guard = socket.socket()
        try:
            guard.bind((ADDRESS, first))
        except OSError:
            guard.close()
            continue
        return first, guard
    raise RuntimeError(f"{REGIONS} processes of tests hold all sound ports from {FIRST} on; end one of them")
