"""SIP messages as text: as much of RFC 3261 as it takes to end a call of ours, and to ask whether anybody is there."""

import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_COMPACT = {"v": "via", "f": "from", "t": "to", "i": "call-id", "m": "contact", "l": "content-length"}
_START = re.compile(r"SIP/2\.0 (?P<status>[1-6][0-9]{2})(?: .*)?|(?P<method>[A-Z]+) (?P<target>\S+) SIP/2\.0")
_SEQUENCE = re.compile(r"(?P<number>[0-9]{1,10})\s+(?P<method>[A-Z]+)")
_SENT_BY = re.compile(r"SIP\s*/\s*2\.0\s*/\s*\S+\s+([^;,\s]+)")
_BRANCH = re.compile(r";\s*branch=([^;,\s]+)")
_ADDRESS = re.compile(r'(?:"(?:[^"\\]|\\.)*"|[^<"])*<(?P<uri>[^>]+)>')
_LISTED = re.compile(r'((?:"(?:[^"\\]|\\.)*"|<[^>]*>|[^,"<])+)(?:,|$)')
COOKIE = "z9hG4bK"
"""With which every branch of RFC 3261 begins."""


@dataclass(frozen=True)
class Message:
    """A request (``method``, ``target``) or the answer to one (``status``); ``fields`` as they came, in lower case."""

    status: int | None
    method: str
    target: str
    fields: Sequence[tuple[str, str]]
    body: str = ""

    def header(self, name: str) -> str:
        """The first header of this name; empty where there is none."""
        return next((value for known, value in self.fields if known == name.lower()), "")

    def headers(self, name: str) -> list[str]:
        """All of this name, in their order; several in one line are several."""
        lines = (value for known, value in self.fields if known == name.lower())
        return [each.strip() for line in lines for each in _LISTED.findall(line) if each.strip()]

    @property
    def sequence(self) -> tuple[int, str]:
        """Number and method of the CSeq."""
        found = _SEQUENCE.match(self.header("CSeq"))
        return (int(found["number"]), found["method"]) if found else (0, "")

    @property
    def branch(self) -> str:
        """Which transaction it belongs to."""
        found = _BRANCH.search(self.header("Via"))
        return found[1] if found else ""

    @property
    def sent_by(self) -> str:
        """The address that the sender names as its own in the Via."""
        found = _SENT_BY.match(self.header("Via"))
        return found[1] if found else ""


def parsed(received: bytes) -> Message | None:
    """The message; None for what is none (a keep-alive, or noise from the network)."""
    head, _, body = received.decode("utf-8", "replace").replace("\r\n", "\n").lstrip("\n").partition("\n\n")
    start, *lines = head.strip("\n").split("\n")
    described = _START.fullmatch(start.strip())
    if described is None:
        return None
    fields: list[tuple[str, str]] = []
    for line in lines:
        if line[:1] in {" ", "\t"} and fields:
            fields[-1] = (fields[-1][0], f"{fields[-1][1]} {line.strip()}")
            continue
        name, _, value = line.partition(":")
        known = name.strip().lower()
        fields.append((_COMPACT.get(known, known), value.strip()))
    status = int(described["status"]) if described["status"] else None
    return Message(status, described["method"] or "", described["target"] or "", fields, body)


def uri_of(address: str) -> str:
    """The URI in a From, To or Contact; what stands without brackets ends at its first parameter."""
    found = _ADDRESS.match(address)
    return found["uri"] if found else address.partition(";")[0].strip()


def user_of(address: str) -> str:
    """The user part of such an address, without parameters; empty where there is none."""
    scheme, _, rest = uri_of(address).partition(":")
    if scheme.lower() == "tel":
        return rest.partition(";")[0]
    return rest.partition("@")[0].partition(";")[0].partition(":")[0] if "@" in rest else ""


def host_of(address: str) -> str:
    """The ``host:port`` in such an address."""
    return uri_of(address).partition(":")[2].rpartition("@")[2].partition(";")[0].partition("?")[0]


def request(method: str, target: str, fields: Iterable[tuple[str, str]]) -> bytes:
    """A request without a body."""
    lines = [f"{method} {target} SIP/2.0", *(f"{name}: {value}" for name, value in fields), "Content-Length: 0"]
    return "\r\n".join([*lines, "", ""]).encode()


def new_branch() -> str:
    """A branch that nobody has used."""
    return COOKIE + secrets.token_hex(8)


def via(transport: str, address: str, branch: str) -> tuple[str, str]:
    """Our own Via; with ``rport`` answers come back the way the request went."""
    return "Via", f"SIP/2.0/{transport.upper()} {address};branch={branch};rport"
