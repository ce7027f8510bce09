"""Where something may be sent: no request of ours reaches into a network that only we can see.

An address is judged as it is written, and again as the one that is really connected to, whatever a name server says.
"""

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from urllib.parse import SplitResult, urlsplit

from core.errors import UserError
from core.settings import Environment, Settings

LONGEST = 500
_VISIBLE = re.compile(r"[\x21-\x7e]+")
_NAT64 = IPv6Network("64:ff9b::/96")
HTTPS = "https"
Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


@dataclass(frozen=True)
class Target:
    """Where a request goes: ``host`` is a name or an address, ``path`` has its query."""

    host: str
    port: int
    path: str
    is_plain: bool

    @property
    def authority(self) -> str:
        """As the header ``Host`` names it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (80 if self.is_plain else 443) else f"{host}:{self.port}"


@dataclass(frozen=True)
class Reach:
    """What this installation may reach: the internet, ``networks``, and ``own_machine`` where nothing is at stake."""

    networks: Sequence[Network]
    own_machine: bool

    def allows(self, written: str, *, is_plain: bool) -> bool:
        """Whether this address may be connected to; without TLS only one of this machine."""
        address = really(ipaddress.ip_address(written))
        if self.own_machine and address.is_loopback:
            return True
        if is_plain:
            return False
        return any(address in each for each in self.networks) or _is_public(address)


def reach_of(chosen: Settings) -> Reach:
    """What these settings allow."""
    networks = [ipaddress.ip_network(each, strict=False) for each in chosen.webhook_networks]
    return Reach(networks, chosen.environment is not Environment.PRODUCTION)


def target_of(url: str, reach: Reach) -> Target:
    """Where this address leads; raises ``UserError`` for one that, as it is written, nothing may be sent to."""
    parts = _parts(url)
    if parts is None:
        raise _refused(url, "It must be https://… with a host name, and without a name, password or fragment.")
    host, is_plain = str(parts.hostname), parts.scheme != HTTPS
    port = parts.port or (80 if is_plain else 443)
    target = Target(host, port, (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), is_plain)
    _refuse_unreachable(url, target, reach)
    return target


def really(address: Address) -> Address:
    """The IPv4 address that an IPv6 address stands for, if it stands for one."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def _is_public(address: Address) -> bool:
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def _parts(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    wrong = (
        len(url) > LONGEST
        or not _VISIBLE.fullmatch(url)
        or parts.scheme not in {HTTPS, "http"}
        or not parts.hostname
        or "@" in parts.netloc
        or bool(parts.fragment)
        or port == 0
    )
    return None if wrong else parts


def _refuse_unreachable(url: str, target: Target, reach: Reach) -> None:
    try:
        allowed = reach.allows(target.host, is_plain=target.is_plain)
    except ValueError:  # a name, of which only a name server knows where it leads
        allowed = not target.is_plain or (reach.own_machine and target.host == "localhost")
    if allowed:
        return
    if target.is_plain:
        raise _refused(url, "Only https is secret on its way: write https://…")
    raise _refused(url, "Addresses of private networks must be allowed first: ZAOAN_WEBHOOK_NETWORKS.")


def _refused(url: str, way_out: str) -> UserError:
    return UserError("Nothing is sent to {value}.", way_out=way_out, field="url", value=url)
