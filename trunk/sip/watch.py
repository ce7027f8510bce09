"""The watch: asks the gateway all the time whether it is there (OPTIONS, RFC 3261 chapter 11).

An engine learns only from the first call that nobody is there, and 32 seconds later.
"""

import asyncio
import logging
import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress

from trunk.sip.messages import new_branch, parsed, request, via
from trunk.sip.sdp import codecs_of

log = logging.getLogger(__name__)
EVERY_SECONDS = 0.8
DEFAULT_PORT = 5060


class Watch(asyncio.DatagramProtocol):
    """Asks ``proxy`` (``host`` or ``host:port``) over UDP from ``address``; tells ``asked`` and ``heard`` of it.

    ``heard`` gets the codecs that the answer names; many gateways name none.
    """

    def __init__(
        self, proxy: str, address: str, asked: Callable[[], None], heard: Callable[[Sequence[str]], None]
    ) -> None:
        host, _, port = proxy.partition(":")
        self._proxy, self._host, self._port = proxy, host, int(port or DEFAULT_PORT)
        self._address, self._asked, self._heard = address, asked, heard
        self._tag, self._call_id, self._sequence = secrets.token_hex(8), secrets.token_hex(12), 0

    async def run(self) -> None:
        """For ever; a name that is not found, or a network that is away, is tried again."""
        while True:
            with suppress(OSError):
                await self._ask_through_one_socket()
            self._asked()
            await asyncio.sleep(EVERY_SECONDS)

    async def _ask_through_one_socket(self) -> None:
        """A new one each minute: the name may lead elsewhere by then."""
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(
            lambda: self, local_addr=(self._address, 0), remote_addr=(self._host, self._port)
        )
        try:
            for _ in range(60):
                self._sequence += 1
                transport.sendto(self._question(transport.get_extra_info("sockname")))
                self._asked()
                await asyncio.sleep(EVERY_SECONDS)
        finally:
            transport.close()

    def datagram_received(self, data: bytes, _: tuple[str, int]) -> None:
        """Whatever it answers, it is there."""
        message = parsed(data)
        if message is not None and message.status is not None and message.header("Call-ID") == self._call_id:
            self._heard(codecs_of(message.body))

    def error_received(self, exc: Exception) -> None:
        """Nobody listens there: the next question may be answered."""

    def _question(self, sockname: tuple[str, int]) -> bytes:
        here = f"{sockname[0]}:{sockname[1]}"
        fields = [
            via("udp", here, new_branch()),
            ("Max-Forwards", "70"),
            ("From", f"<sip:zaoan@{here}>;tag={self._tag}"),
            ("To", f"<sip:{self._proxy}>"),
            ("Call-ID", self._call_id),
            ("CSeq", f"{self._sequence} OPTIONS"),
            ("Contact", f"<sip:zaoan@{here}>"),
            ("Accept", "application/sdp"),
        ]
        return request("OPTIONS", f"sip:{self._proxy}", fields)
