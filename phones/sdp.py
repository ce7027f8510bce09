"""Session descriptions (RFC 4566): one stream of sound, G.711 and keys."""

import re
from dataclasses import dataclass

from phones.messages import Address
from phones.sound import PCMA, PCMU

EVENTS = 101
_MEDIA = re.compile(r"^m=audio (?P<port>[0-9]+) \S+ (?P<types>[0-9 ]+)", re.M)
_HOST = re.compile(r"^c=IN IP4 (?P<host>\S+)", re.M)
_EVENTS = re.compile(r"^a=rtpmap:(?P<type>[0-9]+) telephone-event/8000", re.M)


@dataclass(frozen=True)
class Offer:
    """Where the other side hears, with which codec it wants to be spoken to, and its payload type for keys."""

    address: Address
    codec: int
    events: int


def read(body: bytes) -> Offer | None:
    """What the other side has said; None where we have no codec in common."""
    text = body.decode("utf-8", "replace").replace("\r\n", "\n")
    media, host, events = _MEDIA.search(text), _HOST.search(text), _EVENTS.search(text)
    if media is None or host is None:
        return None
    codec = next((each for each in map(int, media["types"].split()) if each in {PCMA, PCMU}), None)
    if codec is None:
        return None
    return Offer((host["host"], int(media["port"])), codec, int(events["type"]) if events else EVENTS)


def written(host: str, port: int, codec: int = PCMA, events: int = EVENTS) -> bytes:
    """Ours."""
    name = {PCMA: "PCMA", PCMU: "PCMU"}[codec]
    lines = [
        "v=0", f"o=- 1 1 IN IP4 {host}", "s=-", f"c=IN IP4 {host}", "t=0 0",
        f"m=audio {port} RTP/AVP {codec} {events}", f"a=rtpmap:{codec} {name}/8000",
        f"a=rtpmap:{events} telephone-event/8000", f"a=fmtp:{events} 0-16", "a=ptime:20", "a=sendrecv",
    ]  # fmt: skip
    return "\r\n".join([*lines, ""]).encode()
