"""The engine: baresip, embedded by baresip-python 0.5.2a3. One in a process; it cannot be started twice."""

import asyncio
import logging
import ssl
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from baresip import Account, BaresipError, Call, Config, Event, Runtime, StackEvent, UserAgent

from trunk.sip.baresip_line import BaresipLine
from trunk.sip.dialogs import Dialog, Traced, after, traced
from trunk.sip.engine import EngineError, Incoming
from trunk.sip.line import Line
from trunk.sip.messages import Message, user_of
from trunk.sip.origin import Origin
from trunk.tasks import Tasks

log = logging.getLogger(__name__)
SIP_TRACE = "baresip.native.sip"
IDENTITY = "P-Asserted-Identity"
PRIVACY = "Privacy"
JITTER_MILLISECONDS = "40-300"
"""The engine's own begins with 100: a key in the sound would be heard that much later."""
REGISTER_AGAIN_SECONDS = 30.0
INVITATION_LOOKS, LOOK_SECONDS = 100, 0.01
MOST_REMEMBERED = 1000
_K = TypeVar("_K")
_V = TypeVar("_V")
_STATES = (
    Event.CALL_OUTGOING,
    Event.CALL_INCOMING,
    Event.CALL_RINGING,
    Event.CALL_PROGRESS,
    Event.CALL_ESTABLISHED,
    Event.CALL_CLOSED,
    Event.CALL_DTMF_START,
)


class Srtp(StrEnum):
    """Whether sound is encrypted; the keys stand in the signalling (RFC 4568), so that it is to go by TLS."""

    OFF = "off"
    OFFERED = "offered"
    REQUIRED = "required"


_ENCRYPTION: Mapping[Srtp, Sequence[str]] = {
    Srtp.OFF: (),
    Srtp.OFFERED: ("mediaenc=srtp",),
    Srtp.REQUIRED: ("mediaenc=srtp-mandf",),
}
"""``srtp`` offers plain sound and keys beside it, ``srtp-mandf`` the secured profile alone (RTP/SAVP)."""


@dataclass(frozen=True)
class Peering:
    """The telephone company or gateway, and who we are there.

    ``proxy`` is ``host`` or ``host:port``. Where a ``user`` is given, it is who rings, and our number stands beside it.
    ``listen`` is ``address:port``, ``rtp_ports`` the first and the last one; seconds 0 register us nowhere.
    """

    proxy: str
    callers: Sequence[str]
    listen: str
    rtp_ports: tuple[int, int]
    user: str = ""
    password: str = ""
    codecs: Sequence[str] = ("pcma", "pcmu")
    transport: str = "udp"
    srtp: Srtp = Srtp.OFF
    register_seconds: int = 0
    rtp_timeout: int = 30


class BaresipEngine:
    """Calls by baresip; see ``trunk.sip.engine``."""

    def __init__(self, peering: Peering) -> None:
        self.on_incoming: Callable[[Incoming], None] = _nobody_is_there
        self._peering = peering
        self._runtime = Runtime()
        self._agents: dict[str, UserAgent] = {}
        self._lines: dict[int, BaresipLine] = {}
        self._early: dict[int, list[StackEvent]] = {}
        self._dialogs: dict[str, Dialog] = {}
        self._invitations: dict[str, Traced] = {}
        self._gateway = Origin(peering.proxy)
        self._ringing = Tasks()
        self._registering: asyncio.Task[None] | None = None
        self.is_registered = not peering.register_seconds

    async def start(self) -> None:
        """Listens from now on; raises ``EngineError`` where it cannot."""
        peering = self._peering
        _trace_to(asyncio.get_running_loop(), self._traced)
        first, last = peering.rtp_ports
        more = (
            f"sip_listen {peering.listen}\nsip_transports {peering.transport}\n"
            f"rtp_ports {first}-{last}\naudio_jitter_buffer_ms {JITTER_MILLISECONDS}\n"
            f"{_verifying() if peering.transport == 'tls' else ''}"
        )
        config = Config(
            net_interface=_bound_to(peering.listen),
            max_concurrent_calls=None,
            rtp_timeout=peering.rtp_timeout,
            sip_trace=True,
            extra_config_text=more,
        )
        try:
            await self._runtime.start(config)
            self._runtime.subscribe(self._happened)
            for caller in peering.callers:
                self._agents[caller] = await self._agent(caller)
        except BaresipError as failure:
            raise EngineError(str(failure)) from failure
        if peering.register_seconds:
            self._registering = asyncio.create_task(self._register())

    async def dial(self, dialled: str, from_: str) -> Line:
        """One INVITE; whatever is known of it then comes as an event."""
        peering, agent = self._peering, self._agents[from_]
        headers = {IDENTITY: f"<sip:{from_}@{peering.proxy.partition(':')[0]}>"} if peering.user else {}
        try:
            call = await agent.dial(f"sip:{dialled}@{peering.proxy};transport={peering.transport}", headers)
        except (BaresipError, ValueError) as failure:
            raise EngineError(str(failure)) from failure
        return self._line(call)

    async def close(self) -> None:
        """Whatever is under way is hung up first: a far side keeps what nobody ends."""
        if self._registering:
            self._registering.cancel()
        with suppress(BaresipError):
            await asyncio.gather(*(line.hang_up() for line in tuple(self._lines.values())))
            if self.is_registered and self._peering.register_seconds:
                await asyncio.gather(*(agent.unregister(timeout=2) for agent in self._agents.values()))
        with suppress(BaresipError):
            await self._runtime.close()

    async def _agent(self, caller: str) -> UserAgent:
        peering = self._peering
        account = Account(
            user=peering.user or caller,
            domain=peering.proxy,
            password=peering.password,
            reg_interval=peering.register_seconds,
            transport=peering.transport,  # type: ignore[arg-type]
            audio_codecs=tuple(peering.codecs),
            dtmf_mode="rtpevent",
            extra_params=(*(() if self._agents else ("catchall=yes",)), *_ENCRYPTION[peering.srtp]),
        )
        agent = await UserAgent.create(self._runtime, account, transfer_policy="reject")
        agent.on_incoming(lambda call: self._ringing.start(self._rings(self._line(call))))
        return agent

    async def _register(self) -> None:
        """Until it has succeeded: from then on the engine does it by itself, and tells when it no longer can."""
        while True:
            for agent in self._agents.values():
                try:
                    await agent.register()
                    self.is_registered = True
                except BaresipError as failure:
                    self.is_registered = False
                    log.error("the telephone company does not register us: %s", failure)
            if self.is_registered:
                return
            await asyncio.sleep(REGISTER_AGAIN_SECONDS)

    async def _rings(self, line: BaresipLine) -> None:
        """The engine tells of a call that comes in, but not whom it is for (0.5.2a3): that is in its message."""
        for _ in range(INVITATION_LOOKS):
            if line.call_id in self._invitations or line.is_closed:
                break
            await asyncio.sleep(LOOK_SECONDS)
        invitation = self._invitations.pop(line.call_id, None)
        if line.is_closed:
            return
        if invitation is None or not await self._gateway.has_sent(invitation):
            log.error("a call that is not from the gateway is refused: %s", invitation.peer if invitation else "nobody")
            await line.refuse()
            return
        self.on_incoming(incoming(line, invitation.message))

    def _line(self, call: Call) -> BaresipLine:
        """What has happened to the call before anybody had hold of it happens to the line now."""
        early = self._early.pop(call.handle, [])
        call_id = next((event.call_id for event in early if event.call_id), call.call_id) or ""
        line = self._lines[call.handle] = BaresipLine(call, call_id)
        if (dialog := self._dialogs.get(call_id)) is not None:
            line.has_dialog(dialog)
        for event in early:
            self._tell(line, event)
        return line

    def _happened(self, event: StackEvent) -> None:
        if event.event in (Event.REGISTER_OK, Event.REGISTER_FAIL):
            self.is_registered = event.event is Event.REGISTER_OK
        if event.event not in _STATES:
            return
        if (line := self._lines.get(event.call)) is not None:
            self._tell(line, event)
        else:
            _remember(self._early, event.call, [*self._early.get(event.call, []), event])

    def _tell(self, line: BaresipLine, event: StackEvent) -> None:
        line.happened(event)
        if line.is_closed:
            self._lines.pop(event.call, None)
            self._dialogs.pop(line.call_id, None)

    def _traced(self, seen: Traced) -> None:
        call_id = seen.message.header("Call-ID")
        if not seen.is_ours and seen.message.method == "INVITE":
            _remember(self._invitations, call_id, seen)
        known = self._dialogs.get(call_id)
        changed = after(known, seen)
        if changed is None or changed == known:
            return
        _remember(self._dialogs, call_id, changed)
        for line in self._lines.values():
            if line.call_id == call_id:
                line.has_dialog(changed)


def incoming(line: Line, invitation: Message) -> Incoming:
    """Who rings, and whom: a number that the network vouches for counts for more than what the caller says."""
    withheld = "id" in {each.strip().lower() for each in invitation.header(PRIVACY).split(";")}
    said = invitation.header(IDENTITY) or invitation.header("From")
    called = _number(user_of(invitation.header("To"))) or _number(user_of(f"<{invitation.target}>"))
    return Incoming(line, "" if withheld else _number(user_of(said)), called)


class _Trace(logging.Handler):
    """Hands the engine's messages over to the event loop; they come on a thread of the engine's own."""

    def __init__(self, loop: asyncio.AbstractEventLoop, take: Callable[[Traced], None]) -> None:
        super().__init__(logging.DEBUG)
        self._loop, self._take = loop, take

    def emit(self, record: logging.LogRecord) -> None:
        """One message."""
        if (seen := traced(record.getMessage())) is not None:
            with suppress(RuntimeError):  # the loop is closed: nobody wants to know any more
                self._loop.call_soon_threadsafe(self._take, seen)


def _trace_to(loop: asyncio.AbstractEventLoop, take: Callable[[Traced], None]) -> None:
    trace = logging.getLogger(SIP_TRACE)
    trace.setLevel(logging.DEBUG)
    trace.propagate = False
    trace.handlers = [_Trace(loop, take)]


def _verifying() -> str:
    """Unless it is told so, the engine believes every certificate."""
    paths = ssl.get_default_verify_paths()
    file = f"sip_cafile {paths.cafile}\n" if paths.cafile else ""
    folder = f"sip_capath {paths.capath}\n" if paths.capath else ""
    return f"sip_verify_server yes\n{file}{folder}"


def _bound_to(listen: str) -> str | None:
    """The engine looks for an address of its own only where it is to listen everywhere."""
    host = listen.rpartition(":")[0].strip("[]")
    return None if host in {"", "0.0.0.0", "::"} else host


def _number(user: str) -> str:
    """What stands for a number; a word such as ``anonymous`` is none."""
    return user if any(map(str.isdigit, user)) else ""


def _nobody_is_there(incoming: Incoming) -> None:
    """Calls that come in before anybody takes them ring on."""


def _remember(known: dict[_K, _V], key: _K, value: _V) -> None:
    """The oldest of what nobody has asked for goes."""
    known[key] = value
    while len(known) > MOST_REMEMBERED:
        del known[next(iter(known))]
