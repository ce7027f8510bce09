"""Who carries our calls: telephone companies and gateways in the order in which they are tried, and who we are there"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Srtp(StrEnum):
    """Whether sound is encrypted; the keys stand in the signalling (RFC 4568), so that it is to go by TLS."""

    OFF = "off"
    OFFERED = "offered"
    REQUIRED = "required"


@dataclass(frozen=True)
class Peer:
    """One telephone company or gateway.

    ``proxy`` is ``host`` or ``host:port``. Where a ``user`` is given, it is who rings, and our number stands beside it.
    Register seconds 0 register us nowhere. One that ``dials_e164`` wants numbers so, whatever the order says. At most
    ``calls_at_once`` calls are carried, and ``calls_per_second`` begun; 0: as many as there are.
    """

    proxy: str
    callers: Sequence[str]
    user: str = ""
    password: str = ""
    transport: str = "udp"
    srtp: Srtp = Srtp.OFF
    register_seconds: int = 0
    dials_e164: bool = False
    calls_at_once: int = 0
    calls_per_second: float = 0.0

    def caller_for(self, from_: str) -> str:
        """The number of ours that is shown: the one that is wanted, or where this peer has not given it its own."""
        return from_ if from_ in self.callers else self.callers[0]


@dataclass(frozen=True)
class Peering:
    """All of them, the first tried first, and what they have in common.

    ``listen`` is ``address:port``, ``rtp_ports`` the first and the last one. Calls to us are taken from the networks
    ``trusted`` (CIDR), or where none is given from the peers' own addresses.
    """

    peers: Sequence[Peer]
    listen: str
    rtp_ports: tuple[int, int]
    codecs: Sequence[str] = ("pcma", "pcmu")
    rtp_timeout: int = 30
    trusted: Sequence[str] = ()

    @property
    def callers(self) -> Sequence[str]:
        """All our numbers, the first peer's first."""
        return tuple(dict.fromkeys(caller for peer in self.peers for caller in peer.callers))
