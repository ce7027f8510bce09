"""Salvage: calls that an earlier process of ours has left behind are ended, so that no telephone stays off the hook.

Nobody else can end them: a far side that hears neither BYE nor sound keeps the line, for hours where it looks at
nothing. An answered call is ended by BYE. One that still rang is cancelled, and ended by BYE should it have been
answered meanwhile: its far side repeats the answer until somebody acknowledges it.
"""

import asyncio
import logging
import re
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import cast

from trunk.sip.dialogs import Dialog, Traced, after
from trunk.sip.messages import Message, new_branch, parsed, request, uri_of, via

log = logging.getLogger(__name__)
REPEAT_AFTER_SECONDS = (0.5, 1.0, 2.0)
"""RFC 3261's T1, doubled; a far side that has said nothing after these is not there."""
LISTEN_SECONDS = 4.5
"""How long after a CANCEL what became of the INVITE is waited for: an answer that had crossed it is repeated after four
seconds at the latest (RFC 3261's T2)."""
NO_SUCH_CALL = 481
"""Of a CANCEL whose INVITE has never left, or was answered: then the answer would have been repeated meanwhile."""
_FINAL, _ACCEPTED = range(200, 700), range(200, 300)
_TAGGED = re.compile(r";\s*tag=", re.IGNORECASE)


async def end_all(dialogs: Sequence[Dialog], host: str, port: int) -> Sequence[Dialog]:
    """Ends the calls of these dialogs from the address of ours that they know; returns those that nobody confirmed."""
    by_datagram = [each for each in dialogs if each.transport == "udp"]
    rest = [each for each in dialogs if each.transport != "udp"]
    ended = await asyncio.gather(
        _by_datagrams(by_datagram, host, port), *(_by_stream(each, host, port) for each in rest)
    )
    confirmed = [each for some in ended for each in some]
    return [each for each in dialogs if each not in confirmed]


async def _by_datagrams(dialogs: Sequence[Dialog], host: str, port: int) -> Sequence[Dialog]:
    if not dialogs:
        return ()
    loop = asyncio.get_running_loop()
    _, mail = await loop.create_datagram_endpoint(lambda: _Mail(f"{host}:{port}"), local_addr=(host, port))
    try:
        confirmed = await asyncio.gather(*(mail.end(each) for each in dialogs))
    finally:
        mail.close()
    return [dialog for dialog, is_ended in zip(dialogs, confirmed, strict=True) if is_ended]


class _Mail(asyncio.DatagramProtocol):
    """Requests over UDP from our own port, repeated until they are answered."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._waiting: dict[str, asyncio.Future[Message]] = {}
        self._settled: dict[str, asyncio.Future[Message]] = {}

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The transport of a datagram endpoint, which asyncio does not derive from its own class (3.11)."""
        self._transport = cast(asyncio.DatagramTransport, transport)

    def close(self) -> None:
        """The port is free again."""
        self._transport.close()

    def datagram_received(self, data: bytes, _: tuple[str, int]) -> None:
        """An answer, to a request of ours or to an INVITE of the process that has died."""
        message = parsed(data)
        if message is None or message.status not in _FINAL:
            return
        is_invites = message.sequence[1] == "INVITE"
        waiting = self._settled.get(message.header("Call-ID")) if is_invites else self._waiting.get(message.branch)
        if waiting is not None and not waiting.done():
            waiting.set_result(message)

    async def end(self, dialog: Dialog) -> bool:
        """Whether the far side has confirmed that the call is over."""
        if dialog.is_answered:
            return _is_over(await self._asked("BYE", dialog, new_branch()))
        settled = self._settled[dialog.call_id] = asyncio.get_running_loop().create_future()
        answer = await self._asked("CANCEL", dialog, dialog.branch)
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(settled), LISTEN_SECONDS if answer else 0.0)
        if not settled.done():
            return answer is not None and answer.status == NO_SUCH_CALL
        crossed = settled.result()
        self._send(_acknowledgement(dialog, crossed, self._address), dialog)
        if crossed.status is not None and crossed.status >= 300:
            return True
        return _is_over(await self._asked("BYE", _answered(dialog, crossed), new_branch()))

    async def _asked(self, method: str, dialog: Dialog, branch: str) -> Message | None:
        """The answer to a request; one that refuses it is an answer, too: then there is no such call."""
        if not branch:
            return None
        self._waiting[branch] = waiting = asyncio.get_running_loop().create_future()
        for seconds in REPEAT_AFTER_SECONDS:
            self._send(ending(method, dialog, branch, self._address), dialog)
            with suppress(TimeoutError):
                return await asyncio.wait_for(asyncio.shield(waiting), seconds)
        return None

    def _send(self, text: bytes, dialog: Dialog) -> None:
        self._transport.sendto(text, _peer(dialog))


async def _by_stream(dialog: Dialog, host: str, port: int) -> Sequence[Dialog]:
    """Over TCP or TLS an answer is waited for once: nothing is lost on the way.

    What was picked up meanwhile was told on a connection that is no more. So a call that rang is ended by BYE as well,
    within the dialog that its ringing has begun (RFC 3261, 15).
    """
    secured = ssl.create_default_context() if dialog.transport == "tls" else None
    try:
        async with asyncio.timeout(sum(REPEAT_AFTER_SECONDS)):
            name = _certified_name(dialog) if secured else None
            reader, writer = await asyncio.open_connection(*_peer(dialog), ssl=secured, server_hostname=name)
            stream = _Stream(dialog, f"{host}:{port}", reader, writer)
            is_ended = await (stream.hung_up() if dialog.is_answered else stream.cancelled())
            writer.close()
    except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as failure:
        log.warning("a call that was left behind could not be ended: %s", failure)
        return ()
    return (dialog,) if is_ended else ()


@dataclass(frozen=True)
class _Stream:
    """A connection of our own to the far side of a dialog."""

    dialog: Dialog
    address: str
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def hung_up(self) -> bool:
        """Whether the far side has taken the BYE, or knows of no such call."""
        return _has_ended(await self._asked("BYE", new_branch()))

    async def cancelled(self) -> bool:
        """Whether the call is over; without a word of it from before nobody knows what to hang up."""
        if not self.dialog.branch:
            return False
        status = await self._asked("CANCEL", self.dialog.branch)
        has_rung = bool(_TAGGED.search(self.dialog.remote))
        return await self.hung_up() if has_rung else status in _ACCEPTED

    async def _asked(self, method: str, branch: str) -> int | None:
        """The status of the answer to a request; what else is said meanwhile is passed over."""
        self.writer.write(ending(method, self.dialog, branch, self.address))
        await self.writer.drain()
        while True:
            answer = parsed(await self._message())
            if answer is not None and answer.status in _FINAL and answer.sequence[1] == method:
                return answer.status

    async def _message(self) -> bytes:
        """One message; its body is read and of no importance."""
        head = await self.reader.readuntil(b"\r\n\r\n")
        known = parsed(head)
        length = known.header("Content-Length") if known else ""
        await self.reader.readexactly(int(length) if length.isdecimal() else 0)
        return head


def _is_over(answer: Message | None) -> bool:
    return answer is not None and _has_ended(answer.status)


def _has_ended(status: int | None) -> bool:
    """A BYE that was taken, or that names a call which the far side does not know (RFC 3261, 15.1.2)."""
    return status in _ACCEPTED or status == NO_SUCH_CALL


def ending(method: str, dialog: Dialog, branch: str, address: str) -> bytes:
    """The BYE of an answered call, or the CANCEL of one that still rings, which repeats its INVITE's own words.

    ``address`` is where we listen, for a dialog that does not know what the other side knows us by.
    """
    is_bye = method == "BYE"
    is_early = is_bye and not dialog.is_answered and bool(dialog.early_target)
    target, routes = (dialog.early_target, dialog.early_routes) if is_early else (dialog.target, dialog.routes)
    fields = [
        via(dialog.transport, dialog.sent_by or address, branch),
        ("Max-Forwards", "70"),
        ("From", dialog.local),
        ("To", dialog.remote if is_bye else _without_tag(dialog.remote)),
        ("Call-ID", dialog.call_id),
        ("CSeq", f"{dialog.sequence + 1 if is_bye else dialog.sequence} {method}"),
        *(("Route", route) for route in routes),
    ]
    return request(method, target, fields)


def _acknowledgement(dialog: Dialog, answer: Message, address: str) -> bytes:
    """For a refusal within the INVITE's own transaction, for an answer beside it: RFC 3261, 17.1.1.3 and 13.2.2.4."""
    is_refused = answer.status is not None and answer.status >= 300
    target = dialog.target if is_refused else uri_of(answer.header("Contact")) or dialog.target
    routes = dialog.routes if is_refused else tuple(reversed(answer.headers("Record-Route")))
    fields = [
        via(dialog.transport, dialog.sent_by or address, dialog.branch if is_refused else new_branch()),
        ("Max-Forwards", "70"),
        ("From", dialog.local),
        ("To", answer.header("To")),
        ("Call-ID", dialog.call_id),
        ("CSeq", f"{dialog.sequence} ACK"),
        *(("Route", route) for route in routes),
    ]
    return request("ACK", target, fields)


def _answered(dialog: Dialog, answer: Message) -> Dialog:
    known = after(dialog, Traced(False, dialog.transport, dialog.peer, answer))
    return known if known is not None else dialog


def _without_tag(address: str) -> str:
    head, bracket, parameters = address.rpartition(">")
    kept = [each for each in parameters.split(";") if not each.strip().lower().startswith("tag=")]
    return head + bracket + ";".join(kept)


def _certified_name(dialog: Dialog) -> str:
    """Whose certificate the far side has to show: the host that the call went to by name, and no address behind it."""
    address = uri_of(dialog.remote).rpartition("@")[2].partition(";")[0]
    return address[1:].partition("]")[0] if address.startswith("[") else address.partition(":")[0]


def _peer(dialog: Dialog) -> tuple[str, int]:
    host, _, port = dialog.peer.rpartition(":")
    return host.strip("[]"), int(port)
