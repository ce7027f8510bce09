"""A network for the sound of one call that loses, delays and looks at packets: a UDP relay in a thread of its own."""

import heapq
import select
import socket
import threading
from itertools import count
from random import Random
from time import monotonic

from tests.trunk.ports import ADDRESS

HEADER_BYTES = 12
"""Of RTP (RFC 3550, 5.1): version, payload type, sequence number, time stamp, source."""
IDLE_SECONDS = 0.5


class Relay:
    """Stands between a telephone and us: the telephone's ``sdp`` is to name its ``port``; then it learns ``telephone``.

    ``loss`` is the share of packets that vanish, ``jitter`` the most seconds by which one is delayed; unless it
    ``overtakes``, none comes before an earlier one, as in a queue. ``ours`` and ``theirs`` are the packets that came
    from us and from the telephone: payload type and bytes of sound. ``rewrites`` changes what the telephone sends.
    """

    def __init__(self, loss=0.0, jitter=0.0, seed=7, rewrites=bytes, overtakes=False):
        self.telephone, self._us, self._loss, self._jitter = None, None, loss, jitter
        self._random, self._rewrites, self._order = Random(seed), rewrites, count()
        self._overtakes = overtakes
        self.ours, self.theirs, self.lost = [], [], 0
        self._outer, self._inner = _socket(), _socket()
        self.port = self._outer.getsockname()[1]
        self._last = {self._outer: 0.0, self._inner: 0.0}
        self._waiting, self._is_over = [], threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self):
        self._is_over.set()
        self._thread.join()
        self._outer.close()
        self._inner.close()

    @property
    def sdp(self):
        """What a telephone's script needs."""
        return [[r"m=audio \d+", f"m=audio {self.port}"], [r"a=rtcp:\d+ .*\r\n", ""]]

    def learns(self, sdp):
        """Where the telephone listens."""
        self.telephone = (ADDRESS, int(sdp.partition("m=audio ")[2].split()[0]))

    def _run(self):
        while not self._is_over.is_set():
            due = self._waiting[0][0] - monotonic() if self._waiting else IDLE_SECONDS
            ready, _, _ = select.select([self._outer, self._inner], [], [], max(0.0, min(due, IDLE_SECONDS)))
            for each in ready:
                self._take(each, *each.recvfrom(4096))
            while self._waiting and self._waiting[0][0] <= monotonic():
                _, _, by, packet, to = heapq.heappop(self._waiting)
                by.sendto(packet, to)

    def _take(self, came_by, packet, sender):
        """From us packets come by the outer socket, whose port the telephone's description names."""
        is_ours = came_by is self._outer
        if is_ours:
            self._us = sender
        else:
            packet = self._rewrites(packet)
        (self.ours if is_ours else self.theirs).append((packet[1] & 0x7F, len(packet) - HEADER_BYTES))
        by, to = (self._inner, self.telephone) if is_ours else (self._outer, self._us)
        if to is None or self._random.random() < self._loss:
            self.lost += 1
            return
        at = monotonic() + self._random.random() * self._jitter
        if not self._overtakes:
            self._last[by] = at = max(self._last[by], at)
        heapq.heappush(self._waiting, (at, next(self._order), by, packet, to))


def _socket():
    opened = socket.socket(type=socket.SOCK_DGRAM)
    opened.bind((ADDRESS, 0))
    return opened
