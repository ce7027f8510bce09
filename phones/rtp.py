"""The sound of one call over RTP (RFC 3550), keys by RFC 4733: 20 ms a packet."""

import asyncio
import secrets
import struct
from collections import deque
from collections.abc import Callable
from typing import cast

from phones.messages import Address
from phones.sound import FRAME_BYTES, SILENCE

HEADER = struct.Struct("!BBHII")
EVENT = struct.Struct("!BBH")
KEYS = "0123456789*#"
KEY_PACKETS, LAST_PACKETS = 6, 3
"""120 ms, and the end three times."""
BETWEEN_PACKETS = 4
_END, _VOLUME = 0x80, 10
_MARKER = 0x80


class Sound(asyncio.DatagramProtocol):
    """Sends silence, keys and what is said to where ``goes_to`` says; ``heard`` takes each packet's sound and codec."""

    def __init__(self, heard: Callable[[bytes, int], None]) -> None:
        self._heard = heard
        self._source, self._number, self._time = secrets.randbits(32), secrets.randbits(15), secrets.randbits(31)
        self._peer: Address | None = None
        self._codec, self._events = 8, 101
        self._due: deque[tuple[int, int, bytes, int]] = deque()
        self._transport: asyncio.DatagramTransport | None = None

    async def open(self, host: str) -> int:
        """Listens at a port of its own, which it returns."""
        await asyncio.get_running_loop().create_datagram_endpoint(lambda: self, local_addr=(host, 0))
        assert self._transport is not None
        return int(self._transport.get_extra_info("sockname")[1])

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The transport of a datagram endpoint, which asyncio does not derive from its own class (3.11)."""
        self._transport = cast(asyncio.DatagramTransport, transport)

    def goes_to(self, peer: Address, codec: int, events: int) -> None:
        """Where sound is sent, and under which payload types."""
        self._peer, self._codec, self._events = peer, codec, events

    def datagram_received(self, data: bytes, _: Address) -> None:
        """Sound; anything else is nothing to be heard."""
        if len(data) > HEADER.size and data[1] & 0x7F == self._codec:
            self._heard(data[HEADER.size :], self._codec)

    def press(self, key: str) -> None:
        """One key, after those that are still being sent."""
        began = self._time + len(self._due) * FRAME_BYTES
        event = KEYS.index(key)
        for index in range(KEY_PACKETS + LAST_PACKETS - 1):
            ended = index >= KEY_PACKETS - 1
            lasted = min(index + 1, KEY_PACKETS) * FRAME_BYTES
            payload = EVENT.pack(event, (_END if ended else 0) | _VOLUME, lasted)
            self._due.append((self._events, _MARKER if not index else 0, payload, began))
        self.say((SILENCE[self._codec],) * BETWEEN_PACKETS)

    def say(self, frames: tuple[bytes, ...]) -> None:
        """After whatever is still being sent."""
        began = self._time + len(self._due) * FRAME_BYTES
        self._due.extend((self._codec, 0, frame, began + index * FRAME_BYTES) for index, frame in enumerate(frames))

    @property
    def codec(self) -> int:
        """The payload type of what is said."""
        return self._codec

    def send(self) -> None:
        """One packet; to be called every 20 ms."""
        silence = (self._codec, 0, SILENCE[self._codec], self._time)
        kind, marker, payload, at = self._due.popleft() if self._due else silence
        self._number, self._time = (self._number + 1) & 0xFFFF, (self._time + FRAME_BYTES) & 0xFFFFFFFF
        if self._peer is not None and self._transport is not None:
            head = HEADER.pack(0x80, kind | marker, self._number, at & 0xFFFFFFFF, self._source)
            self._transport.sendto(head + payload, self._peer)

    def close(self) -> None:
        """Silence."""
        if self._transport is not None:
            self._transport.close()
