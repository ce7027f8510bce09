"""The engine: baresip, embedded by baresip-python 0.5.2a3. One in a process; it cannot be started twice."""

import asyncio
import logging
import shutil
import ssl
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from baresip import Account, BaresipError, Call, Config, Event, Runtime, StackEvent, UserAgent

from trunk.sip.dialog_book import SESSION, DialogBook, Keep
from trunk.sip.dialogs import Traced
from trunk.sip.embedded import libre
from trunk.sip.embedded.baresip_line import BaresipLine
from trunk.sip.embedded.key_taps import KeyTaps
from trunk.sip.engine import EngineError, Incoming
from trunk.sip.line import Line
from trunk.sip.messages import Message, user_of
from trunk.sip.origin import Origin
from trunk.sip.peering import Peer, Peering, Srtp
from trunk.tasks import Tasks

log = logging.getLogger(__name__)
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


_ENCRYPTION: Mapping[Srtp, Sequence[str]] = {
    Srtp.OFF: (),
    Srtp.OFFERED: ("mediaenc=srtp",),
    Srtp.REQUIRED: ("mediaenc=srtp-mand",),
}
"""``srtp`` offers plain sound and keys beside it, ``srtp-mand`` the secured profile alone (RTP/SAVP)."""


class BaresipEngine:
    """Calls by baresip, whose own files are in ``folder``; see ``trunk.sip.engine``."""

    def __init__(self, peering: Peering, folder: Path) -> None:
        self.on_incoming: Callable[[Incoming], None] = _nobody_is_there
        self._peering, self._folder = peering, folder
        self._runtime = Runtime()
        self._agents: dict[tuple[str, str], UserAgent] = {}
        self._lines: dict[int, BaresipLine] = {}
        self._early: dict[int, list[StackEvent]] = {}
        self._dialogs = DialogBook()
        self._invitations: dict[str, Traced] = {}
        self._responded: dict[str, None] = {}
        self._trusted = Origin([peer.proxy for peer in peering.peers], peering.trusted)
        self._ringing = Tasks()
        self._registering = Tasks()
        self._registered = {(peer.proxy, caller): not peer.register_seconds
                            for peer in peering.peers for caller in peer.callers}  # fmt: skip

    async def start(self) -> None:
        """Listens from now on; raises ``EngineError`` where it cannot."""
        peering = self._peering
        first, last = peering.rtp_ports
        transports = list(dict.fromkeys(peer.transport for peer in peering.peers))
        more = (
            f"sip_listen {peering.listen}\nsip_transports {','.join(transports)}\n"
            f"rtp_ports {first}-{last}\naudio_jitter_buffer_ms {JITTER_MILLISECONDS}\n"
            f"{_verifying() if 'tls' in transports else ''}"
        )
        config = Config(
            net_interface=_bound_to(peering.listen),
            max_concurrent_calls=None,
            rtp_timeout=peering.rtp_timeout,
            extra_config_text=more,
        )
        try:
            with _working_in(self._folder):
                await self._runtime.start(config)
            self._listen(asyncio.get_running_loop())
            self._runtime.subscribe(self._happened)
            for peer in peering.peers:
                for caller in peer.callers:
                    self._agents[peer.proxy, caller] = await self._agent(peer, caller)
        except (BaresipError, libre.MissingError) as failure:
            raise EngineError(str(failure)) from failure
        for peer in peering.peers:
            if peer.register_seconds:
                self._registering.start(self._register(peer))

    def is_registered(self, peer: Peer, from_: str = "") -> bool:
        """The number that shows calls from this one, or all of ours, as the peer has answered last."""
        callers = [peer.caller_for(from_)] if from_ else peer.callers
        return all(self._registered[peer.proxy, caller] for caller in callers)

    async def dial(self, peer: Peer, dialled: str, from_: str, session: str, keep: Keep) -> Line:
        """One INVITE, kept before it leaves; whatever is known of it then comes as an event."""
        agent, begun_at = self._agents[peer.proxy, from_], asyncio.get_running_loop().time()
        headers = {SESSION: session}
        if peer.user:
            headers[IDENTITY] = f"<sip:{from_}@{peer.proxy.partition(':')[0]}>"
        self._dialogs.expect(session, keep)
        try:
            call = await agent.dial(f"sip:{dialled}@{peer.proxy};transport={peer.transport}", headers)
        except (BaresipError, ValueError) as failure:
            self._dialogs.expect_no_more(session)
            raise EngineError(str(failure)) from failure
        line = self._line(call, given_up=self._dialogs.forget)
        line.begun_at = begun_at
        return line

    def follow(self, line: Line, keep: Keep) -> None:
        """See ``Engine.follow``."""
        self._dialogs.follow(line.call_id, keep)

    async def close(self) -> None:
        """Whatever is under way is hung up first: a far side keeps what nobody ends."""
        await self._registering.settle(0)
        with suppress(BaresipError):
            await asyncio.gather(*(line.hang_up() for line in tuple(self._lines.values())))
            known = [self._agents[peer.proxy, caller] for peer in self._peering.peers if peer.register_seconds
                     for caller in peer.callers if self.is_registered(peer, caller)]  # fmt: skip
            await asyncio.gather(*(agent.unregister(timeout=2) for agent in known))
        libre.tell_no_messages()
        with suppress(BaresipError):
            await self._runtime.close()

    async def _agent(self, peer: Peer, caller: str) -> UserAgent:
        account = Account(
            user=peer.user or caller,
            domain=peer.proxy,
            password=peer.password,
            reg_interval=peer.register_seconds,
            transport=peer.transport,  # type: ignore[arg-type]
            audio_codecs=tuple(self._peering.codecs),
            dtmf_mode="rtpevent",
            extra_params=(*(() if self._agents else ("catchall=yes",)), *_ENCRYPTION[peer.srtp]),
        )
        agent = await UserAgent.create(self._runtime, account, transfer_policy="reject")
        agent.on_incoming(lambda call: self._ringing.start(self._rings(self._line(call))))
        return agent

    async def _register(self, peer: Peer) -> None:
        """Until it has succeeded: from then on the engine does it by itself, and tells when it no longer can."""
        while True:
            for caller in peer.callers:
                try:
                    await self._agents[peer.proxy, caller].register()
                    self._registered[peer.proxy, caller] = True
                except BaresipError as failure:
                    self._registered[peer.proxy, caller] = False
                    log.error("%s does not register %s: %s", peer.proxy, caller, failure)
            if self.is_registered(peer):
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
        if invitation is None or not await self._trusted.has_sent(invitation):
            log.error("a call that is not from the gateway is refused: %s", invitation.peer if invitation else "nobody")
            await line.refuse()
            return
        self.on_incoming(incoming(line, invitation.message))

    def _line(self, call: Call, given_up: Callable[[str], None] | None = None) -> BaresipLine:
        """What has happened to the call before anybody had hold of it happens to the line now."""
        early = self._early.pop(call.handle, [])
        call_id = next((event.call_id for event in early if event.call_id), call.call_id) or ""
        line = self._lines[call.handle] = BaresipLine(call, call_id, given_up)
        if call_id in self._responded:
            line.response_heard()
        for event in early:
            self._tell(line, event)
        return line

    def _happened(self, event: StackEvent) -> None:
        if event.event in (Event.REGISTER_OK, Event.REGISTER_FAIL):
            self._tell_registered(event)
        if event.event not in _STATES:
            return
        if (line := self._lines.get(event.call)) is not None:
            self._tell(line, event)
        else:
            _remember(self._early, event.call, [*self._early.get(event.call, []), event])

    def _tell_registered(self, event: StackEvent) -> None:
        for known, agent in self._agents.items():
            if agent.handle == event.ua:
                self._registered[known] = event.event is Event.REGISTER_OK

    def _tell(self, line: BaresipLine, event: StackEvent) -> None:
        line.happened(event)
        if line.is_closed:
            self._lines.pop(event.call, None)
            self._dialogs.forget(line.call_id)
            self._taps.forget(line.call_id)
            self._responded.pop(line.call_id, None)

    def _listen(self, loop: asyncio.AbstractEventLoop) -> None:
        """To each message and key, on the engine's own thread."""

        def soon(work: Callable[..., None], *told: Any) -> None:
            with suppress(RuntimeError):  # the loop is closed: nobody wants to know any more
                loop.call_soon_threadsafe(work, *told)

        self._taps = taps = KeyTaps(lambda call_id, key: soon(self._pressed, call_id, key))

        def passes(seen: Traced) -> None:
            self._dialogs.seen(seen)
            taps.seen(seen)
            if seen.is_ours:
                return
            if seen.message.method == "INVITE":
                soon(self._invited, seen)
            elif seen.message.status is not None and seen.message.sequence[1] == "INVITE":
                soon(self._has_responded, seen.message.header("Call-ID"))

        libre.tell_messages(passes)

    def _pressed(self, call_id: str, key: str) -> None:
        for line in self._lines.values():
            if line.call_id == call_id:
                line.pressed(key)

    def _has_responded(self, call_id: str) -> None:
        """It may be before anybody has hold of the line."""
        _remember(self._responded, call_id, None)
        for line in self._lines.values():
            if line.call_id == call_id:
                line.response_heard()

    def _invited(self, seen: Traced) -> None:
        _remember(self._invitations, seen.message.header("Call-ID"), seen)


def incoming(line: Line, invitation: Message) -> Incoming:
    """Who rings, and whom: a number that the network vouches for counts for more than what the caller says."""
    withheld = "id" in {each.strip().lower() for each in invitation.header(PRIVACY).split(";")}
    said = invitation.header(IDENTITY) or invitation.header("From")
    called = _number(user_of(invitation.header("To"))) or _number(user_of(f"<{invitation.target}>"))
    return Incoming(line, "" if withheld else _number(user_of(said)), called)


@contextmanager
def _working_in(folder: Path) -> Iterator[None]:
    """The engine makes itself a folder where temporary files go and leaves it behind when it is killed (0.5.2a3)."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    before, tempfile.tempdir = tempfile.tempdir, str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before


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
