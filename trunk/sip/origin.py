"""Where a call comes from: nobody but whom we trust rings us, whatever number a message names."""

import asyncio
from collections.abc import Sequence
from ipaddress import ip_address, ip_network

from trunk.sip.dialogs import Traced


class Origin:
    """The networks ``trusted`` (CIDR, or an address alone); where none is given, the addresses of ``proxies``.

    A proxy is ``host`` or ``host:port``, and is looked up anew for each call: a name may move.
    """

    def __init__(self, proxies: Sequence[str], trusted: Sequence[str] = ()) -> None:
        self._hosts = [_host(proxy) for proxy in proxies]
        self._networks = [ip_network(each, strict=False) for each in trusted]

    async def has_sent(self, seen: Traced) -> bool:
        """Whether a message has come from one of them; not where a name is not found."""
        try:
            peer = ip_address(_host(seen.peer))
        except ValueError:
            return False
        if self._networks:
            return any(peer in network for network in self._networks)
        for host in self._hosts:
            if peer in await _addresses(host):
                return True
        return False


async def _addresses(host: str) -> set[object]:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None)
        return {ip_address(address[0]) for *_, address in found}
    except (OSError, ValueError):
        return set()


def _host(address: str) -> str:
    """Without port and brackets; an IPv6 address may stand alone."""
    if address.startswith("["):
        return address[1:].partition("]")[0]
    return address if address.count(":") > 1 else address.partition(":")[0]
