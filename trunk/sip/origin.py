"""Where a call comes from: nobody but the gateway rings us, whatever number a message names."""

import asyncio
from ipaddress import ip_address

from trunk.sip.dialogs import Traced


class Origin:
    """The addresses of ``proxy`` (``host`` or ``host:port``), looked up anew for each call: a name may move."""

    def __init__(self, proxy: str) -> None:
        self._host = _host(proxy)

    async def has_sent(self, seen: Traced) -> bool:
        """Whether a message has come from one of them; not where the name is not found."""
        try:
            found = await asyncio.get_running_loop().getaddrinfo(self._host, None)
            return ip_address(_host(seen.peer)) in {ip_address(address[0]) for *_, address in found}
        except (OSError, ValueError):
            return False


def _host(address: str) -> str:
    """Without port and brackets; an IPv6 address may stand alone."""
    if address.startswith("["):
        return address[1:].partition("]")[0]
    return address if address.count(":") > 1 else address.partition(":")[0]
