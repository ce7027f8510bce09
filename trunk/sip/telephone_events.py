"""Keys as telephone events in RTP (RFC 4733): each press once, at its beginning, whatever is lost or overtaken.

A press is some packets with one RTP timestamp, its last one sent three times. On a network a packet may come after the
end of its press, and the first ones, or all of the last ones, not at all. Some senders (aiortp 0.8.0) put the same
timestamp on every press: what begins after an end is a press all the same, and so is another key.
"""

import struct
from collections import deque
from dataclasses import dataclass
from typing import Self

KEYS = "0123456789*#ABCD"
"""Events 0 to 15; others, a hook flash for one, are no keys."""
MOST_OVERTAKEN = 100
"""Packets by which one may come late (RFC 3550's MAX_MISORDER); what is older than that has begun anew."""
LONGEST = 0xFFFF
"""In units of the timestamp: a key that is held longer goes on with the timestamp at which that was over."""
_SEQUENCES, _TIMESTAMPS = 1 << 16, 1 << 32
_HEADER, _EVENT = struct.Struct("!BBHII"), struct.Struct("!BBH")
_REMEMBERED = 8


@dataclass(frozen=True)
class EventPacket:
    """One packet: of which source and press, its key, and how long the press has lasted by then."""

    source: int
    sequence: int
    timestamp: int
    key: str
    is_end: bool
    duration: int

    @classmethod
    def read(cls, packet: bytes) -> Self | None:
        """The event of an RTP packet; None for one that is cut short, or no key."""
        if len(packet) < _HEADER.size:
            return None
        first, _, sequence, timestamp, source = _HEADER.unpack_from(packet)
        at = _HEADER.size + 4 * (first & 0x0F)
        if first & 0x10:
            at += 4 + 4 * int.from_bytes(packet[at + 2 : at + 4])
        if len(packet) < at + _EVENT.size:
            return None
        event, flags, duration = _EVENT.unpack_from(packet, at)
        if event >= len(KEYS):
            return None
        return cls(source, sequence, timestamp, KEYS[event], bool(flags & 0x80), duration)


class TelephoneEvents:
    """The presses of one stream, as its packets come."""

    def __init__(self) -> None:
        self._newest: EventPacket | None = None
        self._begun: deque[tuple[int, str]] = deque(maxlen=_REMEMBERED)

    def heard(self, packet: EventPacket) -> str | None:
        """The key, where this packet is the first that has come of its press."""
        newest = self._newest
        if newest is not None and newest.source != packet.source:
            newest = None
            self._begun.clear()
        if newest is not None and 0 < (newest.sequence - packet.sequence) % _SEQUENCES <= MOST_OVERTAKEN:
            return None
        self._newest = packet
        begins = newest is not None and newest.is_end and not packet.is_end
        if (packet.timestamp, packet.key) in self._begun and not begins:
            return None
        self._begun.append((packet.timestamp, packet.key))
        return None if newest is not None and _goes_on(newest, packet) else packet.key


def _goes_on(before: EventPacket, packet: EventPacket) -> bool:
    """The same press with another timestamp: it was held very long, or its sender counts on while it lasts."""
    if before.is_end or before.key != packet.key:
        return False
    later = (packet.timestamp - before.timestamp) % _TIMESTAMPS
    return later in (LONGEST, packet.duration - before.duration)
