"""Wiring: one trunk, at work until it is told to end or nobody needs it any more."""

import asyncio
import logging
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
from aiohttp import web

from trunk.calls.conversation import Around, CallOverError
from trunk.calls.inbound import Reception
from trunk.calls.journal import Journal
from trunk.calls.recordings import Recordings
from trunk.calls.registry import Registry
from trunk.calls.service import RefusedError, Service, UnansweredError
from trunk.calls.switchboard import Limits, Switchboard
from trunk.door.api import Api
from trunk.door.life import Life
from trunk.folder_lock import held_alone
from trunk.parent import Parent
from trunk.routing.routes import Routes
from trunk.sip.embedded.baresip_engine import BaresipEngine
from trunk.sip.engine import Engine
from trunk.sip.outcomes import Outcome
from trunk.sip.peering import Peering
from trunk.sip.salvage import end_all
from trunk.sip.watch import Watch
from trunk.sound.handset import Pump
from trunk.tasks import Tasks

log = logging.getLogger(__name__)
PORTS_A_CALL = 8
"""A call takes two, for sound and for its report; with few to spare INVITEs have left seconds late (0.5.2a3)."""
LOOK_SECONDS = 0.5
ALONE_SECONDS = 60.0
"""So long a trunk whose service has died, and that has no calls, waits for another service to take it over."""
SETTLE_SECONDS = 2.0
"""What is being told when the trunk ends may still be heard; otherwise it is asked for."""
FORGET_SECONDS = 3600.0


@dataclass(frozen=True)
class Configuration:
    """What the command line says. The service's addresses begin with ``public_url``; it is asked at ``local_url``."""

    host: str
    port: int
    secret: str
    folder: Path
    public_url: str
    local_url: str
    inbound_url: str
    speech_url: str
    peering: Peering
    parent_pid: int | None = None
    watches: bool = True
    known_as: str = ""


async def serve(configuration: Configuration) -> None:
    """Runs a trunk until SIGTERM, SIGINT, or until its service is gone and nobody talks."""
    ended = asyncio.Event()
    _end_on_signals(ended)
    async with (
        held_alone(configuration.folder, ended),
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), cookie_jar=aiohttp.DummyCookieJar()) as session,
    ):
        trunk = Trunk(configuration, session, ended=ended)
        await trunk.open()
        try:
            print(f"trunk listening on {trunk.address}", flush=True)
            watching = asyncio.create_task(_end_when_alone(trunk))
            await ended.wait()
            watching.cancel()
        finally:
            await trunk.close()


@dataclass
class Trunk:
    """All parts of a trunk, and its beginning and end; baresip is its ``engine`` where none is given."""

    configuration: Configuration
    session: aiohttp.ClientSession
    engine: Engine | None = None
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    tasks: Tasks = field(default_factory=lambda: Tasks((RefusedError, UnansweredError, CallOverError)))

    def __post_init__(self) -> None:
        chosen = self.configuration
        self.journal = Journal(chosen.folder / "calls.jsonl")
        self.registry = Registry(self.journal)
        self.recordings = Recordings(chosen.folder / "recordings")
        service = Service(self.session, chosen.secret, chosen.public_url, chosen.local_url, chosen.speech_url)
        self.pump = Pump()
        self.engine = engine = self.engine or BaresipEngine(chosen.peering, chosen.folder / "engine")
        self.routes = Routes(chosen.peering.peers, engine.is_registered)
        around = Around(service, self.registry, self.recordings, self.tasks)
        limits = Limits(tuple(chosen.peering.callers), calls_for(chosen.peering.rtp_ports))
        self.switchboard = Switchboard(engine, around, self.pump, self.routes, limits)
        self.reception = Reception(around, self.switchboard, chosen.peering.callers, chosen.inbound_url)
        self.api = Api(chosen.secret, self.registry, self.switchboard, self.recordings, self.routes,
                       engine.is_registered)  # fmt: skip
        self.parent = Parent(chosen.parent_pid)
        self.life = Life(self.parent, self.ended, chosen.known_as, lambda: self.switchboard.under_way)
        self._runner: web.AppRunner | None = None
        self._endless = Tasks()

    @property
    def address(self) -> str:
        """Where it is asked."""
        assert self._runner is not None
        host, port = self._runner.addresses[0][:2]
        return f"http://{host}:{port}"

    async def open(self) -> None:
        """Whatever an earlier process has left off the hook is hung up before anything is dialled."""
        await self._salvage()
        engine = self._engine()
        engine.on_incoming = self.reception.rings
        await engine.start()
        self._endless.start(self.pump.run())
        self._endless.start(_forever(FORGET_SECONDS, self._forget))
        peering = self.configuration.peering
        for route in self.routes.all:
            if self.configuration.watches and route.peer.transport == "udp":
                gateway, address = route.gateway, _split(peering.listen)[0]
                self._endless.start(Watch(route.peer.proxy, address, gateway.asked, gateway.heard).run())
        app = web.Application(middlewares=[self.api.guard])
        app.add_routes([*self.api.routes(), *self.life.routes()])
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        await web.TCPSite(self._runner, self.configuration.host, self.configuration.port).start()

    async def close(self) -> None:
        """Nobody is left off the hook."""
        if self._runner is not None:
            await self._runner.cleanup()
        await self.switchboard.close()
        await self.tasks.settle(SETTLE_SECONDS)
        await self._endless.settle(0)
        await self._engine().close()
        self.journal.close()

    def _forget(self) -> None:
        """An announcement that nobody has fetched meanwhile goes with its call."""
        for record in self.registry.forget_old():
            if record.announcement is not None:
                self.recordings.delete(record.announcement.recording)

    def _engine(self) -> Engine:
        assert self.engine is not None
        return self.engine

    async def _salvage(self) -> None:
        left = self.registry.open_calls()
        dialogs = [dialog for record in left if (dialog := self.registry.dialog_of(record.id)) is not None]
        host, port = _split(self.configuration.peering.listen)
        if unconfirmed := await end_all(dialogs, host, port):
            log.error("%d calls that were left behind may still be off the hook", len(unconfirmed))
        for record in left:
            outcome = Outcome.COMPLETED if record.is_answered else Outcome.UNKNOWN
            self.switchboard.report(self.registry.ended(record.id, outcome, "the trunk has died meanwhile"))


def calls_for(rtp_ports: tuple[int, int]) -> int:
    """How many calls at once these ports are enough for, the first and the last one included."""
    first, last = rtp_ports
    return max(1, (last - first + 1) // PORTS_A_CALL)


async def _end_when_alone(trunk: Trunk) -> None:
    """A service that has died may come back, and finds the calls up; after a while without any nobody will."""
    quiet_for = 0.0
    while quiet_for < ALONE_SECONDS:
        await asyncio.sleep(LOOK_SECONDS)
        quiet_for = quiet_for + LOOK_SECONDS if trunk.parent.is_gone and not trunk.switchboard.under_way else 0.0
    trunk.ended.set()


async def _forever(seconds: float, work: Callable[[], object]) -> None:
    while True:
        await asyncio.sleep(seconds)
        work()


def _end_on_signals(ended: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)


def _split(listen: str) -> tuple[str, int]:
    host, _, port = listen.rpartition(":")
    return host.strip("[]"), int(port)
