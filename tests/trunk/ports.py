"""Ports of loopback for a test's telephones and trunks; no two processes of tests share any."""

import socket
from functools import cache
from itertools import count

ADDRESS = "127.0.0.1"
"""The engine finds its way to no other address of loopback (baresip-python 0.5.2a3)."""
BLOCK, BLOCKS, SIPP, ADDRESSES = 400, 6, 100, 50
"""A block is enough for fifty calls at once; blocks go round. Behind them sipp has some ports of its own, and addresses
have two each: SIP over TLS may take the next one."""
FIRST, REGION, REGIONS = 11_000, BLOCK * BLOCKS + SIPP + 2 * ADDRESSES, 8
"""Below those that systems give to sockets that do not care, which take an address before whoever asked for it."""
_turns, _address_turns = count(), count()


def sound_ports():
    """The first and the last of a block of ports, which goes round after ``BLOCKS`` others."""
    first = _region()[0] + next(_turns) % BLOCKS * BLOCK
    return first, first + BLOCK - 1


def sipp_ports():
    """The first and the last of the ports with which this process runs one sipp after the other."""
    first = _region()[0] + BLOCK * BLOCKS
    return first, first + SIPP - 1


def free_address():
    """An address of this process at which nobody listens over UDP or TCP; another one each time."""
    while True:
        port = _region()[0] + BLOCK * BLOCKS + SIPP + 2 * (next(_address_turns) % ADDRESSES)
        if all(_is_free(kind, each) for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM) for each in (port, port + 1)):
            return f"{ADDRESS}:{port}"


def _is_free(kind, port):
    with socket.socket(type=kind) as tried:
        try:
            tried.bind((ADDRESS, port))
        except OSError:
            return False
        return True


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
