"""The relying party: as whom we are known to passkeys, which follows from the public address of the service.

A browser has passkeys only for a page that came over TLS or from its own machine, and only for a name: an IP address is
none (https://www.w3.org/TR/webauthn-3/#relying-party-identifier).
"""

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

LOCALHOST = "localhost"
_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True)
class RelyingParty:
    """``id`` is the name for which passkeys are made, ``origin`` that of the pages on which they are used."""

    id: str
    origin: str


def of_public_url(url: str) -> RelyingParty | None:
    """As whom a service with this public address asks for passkeys; None where no browser would have any for it.

    An address of this machine itself (127.0.0.1) is known to browsers as localhost as well, which is a name.
    """
    parts = urlsplit(url)
    name = _name(parts.hostname or "")
    if name is None or not (parts.scheme == "https" or (parts.scheme == "http" and _is_local(name))):
        return None
    port = "" if parts.port in (None, _PORTS[parts.scheme]) else f":{parts.port}"
    return RelyingParty(name, f"{parts.scheme}://{name}{port}")


def _name(host: str) -> str | None:
    """The host as browsers write it; None for one that is no name."""
    try:
        return LOCALHOST if ip_address(host).is_loopback else None
    except ValueError:
        pass
    try:
        return host.encode("idna").decode() or None
    except UnicodeError:
        return None


def _is_local(name: str) -> bool:
    return name == LOCALHOST or name.endswith(f".{LOCALHOST}")
