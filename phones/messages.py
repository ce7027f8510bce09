"""SIP messages as text: as much of RFC 3261 as a telephone and the proxy in front of it need."""

import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

_COMPACT = {"v": "via", "f": "from", "t": "to", "i": "call-id", "m": "contact", "l": "content-length"}
_START = re.compile(r"SIP/2\.0 (?P<status>[1-6][0-9]{2}).*|(?P<method>[A-Z]+) (?P<target>\S+) SIP/2\.0")
_BRANCH = re.compile(r";\s*branch=([^;,\s]+)")
_URI = re.compile(r"<(?P<uri>[^>]+)>")
_USER = re.compile(r"sips?:(?P<user>[^@;>]+)@")
COOKIE = "z9hG4bK"
REASONS = {100: "Trying", 180: "Ringing", 200: "OK", 404: "Not Found", 480: "Temporarily Unavailable",
           481: "Call Does Not Exist", 486: "Busy Here", 487: "Request Terminated", 488: "Not Acceptable Here",
           503: "Service Unavailable"}  # fmt: skip
Address = tuple[str, int]
"""Host and port."""
Fields = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Message:
    """A request (``method``, ``target``) or the answer to one (``status``); names of ``fields`` in lower case."""

    start: str
    fields: Fields
    body: bytes = b""

    @property
    def status(self) -> int | None:
        """Of an answer; None for a request."""
        found = _START.fullmatch(self.start)
        return int(found["status"]) if found and found["status"] else None

    @property
    def method(self) -> str:
        """Of a request, or of the request that is answered."""
        return self.header("cseq").rpartition(" ")[2]

    @property
    def number(self) -> int:
        """Of the CSeq."""
        return int(self.header("cseq").partition(" ")[0] or 0)

    @property
    def target(self) -> str:
        """The Request-URI."""
        return self.start.split(" ")[1]

    @property
    def call_id(self) -> str:
        """Which call it belongs to."""
        return self.header("call-id")

    @property
    def branch(self) -> str:
        """Which transaction it belongs to."""
        found = _BRANCH.search(self.header("via"))
        return found[1] if found else ""

    def header(self, name: str) -> str:
        """The first of this name; empty where there is none."""
        return next((value for known, value in self.fields if known == name), "")

    def headers(self, *names: str) -> Fields:
        """All of these names, in their order."""
        return [(known, value) for known, value in self.fields if known in names]

    def without_top_via(self) -> "Message":
        """As it goes on from a proxy to whoever is before it."""
        index = next(index for index, (name, _) in enumerate(self.fields) if name == "via")
        return replace(self, fields=(*self.fields[:index], *self.fields[index + 1 :]))

    def with_top(self, *fields: tuple[str, str]) -> "Message":
        """With these fields before all others."""
        return replace(self, fields=(*fields, *self.fields))

    def written(self) -> bytes:
        """As it goes over the line."""
        kept = [(name, value) for name, value in self.fields if name != "content-length"]
        lines = [self.start, *(f"{name}: {value}" for name, value in kept), f"content-length: {len(self.body)}", "", ""]
        return "\r\n".join(lines).encode() + self.body


def parsed(received: bytes) -> Message | None:
    """The message; None for what is none, such as a keep-alive."""
    head, _, body = received.partition(b"\r\n\r\n")
    start, *lines = head.decode("utf-8", "replace").strip("\r\n").split("\r\n")
    if _START.fullmatch(start) is None:
        return None
    fields: list[tuple[str, str]] = []
    for line in lines:
        name, _, value = line.partition(":")
        known = name.strip().lower()
        fields.append((_COMPACT.get(known, known), value.strip()))
    return Message(start, tuple(fields), body)


def request(method: str, target: str, fields: Iterable[tuple[str, str]], body: bytes = b"") -> Message:
    """A request."""
    return Message(f"{method} {target} SIP/2.0", tuple(fields), body)


def answer(asked: Message, status: int, tag: str = "", more: Fields = (), body: bytes = b"") -> Message:
    """The answer to a request; a dialog's ``tag`` is put to its To, where that has none."""
    to = asked.header("to")
    to = f"{to};tag={tag}" if tag and ";tag=" not in to else to
    fields = [*asked.headers("via"), *asked.headers("record-route"), ("from", asked.header("from")), ("to", to),
              ("call-id", asked.call_id), ("cseq", asked.header("cseq")), *more]  # fmt: skip
    return Message(f"SIP/2.0 {status} {REASONS.get(status, 'Refused')}", fields, body)


def uri_of(address: str) -> str:
    """The URI of a From, To or Contact."""
    found = _URI.search(address)
    return found["uri"] if found else address.partition(";")[0].strip()


def user_of(uri: str) -> str:
    """The number in a URI; empty where there is none."""
    found = _USER.search(uri)
    return found["user"] if found else ""


def address_of(uri: str) -> Address:
    """Where a URI leads; its host is an address."""
    place = uri.partition("sip:")[2].rpartition("@")[2].partition(";")[0]
    host, _, port = place.partition(":")
    return host, int(port or 5060)


def new_branch() -> str:
    """A branch that nobody has used."""
    return COOKIE + secrets.token_hex(8)


def new_tag() -> str:
    """A tag, or the beginning of a Call-ID, that nobody has used."""
    return secrets.token_hex(8)
