"""Wiring: one exchange, listening until it is told to end or its parent is gone."""

import asyncio
import os
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from aiohttp import web

from exchange.calls.conversation import Surroundings
from exchange.calls.presence import Presence
from exchange.calls.reporting import Account
from exchange.calls.switchboard import Switchboard
from exchange.calls.taping import Studio
from exchange.calls.texts import Mailroom
from exchange.door import Door
from exchange.faults import Faults, Plan
from exchange.log import Log
from exchange.pages.board import Board
from exchange.pages.doorkeeper import Doorkeeper
from exchange.pages.security_headers import secure
from exchange.pages.site import Site
from exchange.pages.telephone import Telephones
from exchange.parties.directory import Directory
from exchange.parties.recordings import Recordings
from exchange.rest.api import RestApi
from exchange.rest.control import ControlApi
from exchange.rest.hazards import Hazards
from exchange.rest.resources import account_uri
from exchange.sound import Sounds
from exchange.subscribers import Subscriber
from exchange.tasks import Tasks
from exchange.tempo import Pace, Tempo
from exchange.webhooks.callbacks import TIMEOUT, Callbacks
from exchange.webhooks.requests import Requests

PARENT_CHECK_SECONDS = 0.5
SHUTDOWN_SECONDS = 0.5
LARGEST_REQUEST_BYTES = 1 << 26


@dataclass(frozen=True)
class Configuration:
    """What the command line says; ``speed`` is people's seconds per real second, ``tell_after`` in real seconds."""

    host: str
    known_as: Sequence[str]
    port: int
    speed: float
    calls_per_second: float
    log: Path
    account: Account
    subscribers: Sequence[Subscriber]
    tempo_url: str | None
    parent_pid: int | None
    faults: Plan
    tell_after: float = 0.0


async def serve(configuration: Configuration) -> None:
    """Runs an exchange until SIGTERM, SIGINT or the end of the parent process."""
    ended = _end_signals()
    log, tasks = Log(configuration.log), Tasks()
    if configuration.parent_pid is not None:
        tasks.start(_end_with(configuration.parent_pid, ended))
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(
        connector=connector, cookie_jar=aiohttp.DummyCookieJar(), timeout=TIMEOUT
    ) as session:
        door = Door(configuration.host, configuration.port, tasks)
        app = _application(configuration, door, log, tasks, session)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
        await runner.setup()
        await door.attach(runner)
        print(f"exchange listening on {door.address}", flush=True)
        await ended.wait()
        tasks.cancel()
        await runner.cleanup()
    log.close()


def _application(
    configuration: Configuration, door: Door, log: Log, tasks: Tasks, session: aiohttp.ClientSession
) -> web.Application:
    account, tempo = configuration.account, Tempo(configuration.speed)
    faults = Faults(configuration.faults, log)
    callbacks = Callbacks(session, account.auth_token, log, tasks, faults, Requests(configuration.tell_after))
    recordings = Recordings(door.address + account_uri(account.sid))
    studio = Studio(tempo, log, callbacks, recordings, tasks)
    sounds = Sounds(session, tasks)
    around = Surroundings(tempo, log, callbacks, sounds, studio)
    presence = Presence(tempo, configuration.tempo_url, callbacks, log, tasks)
    directory = Directory(log)
    switchboard = Switchboard(account, around, directory, presence.lines, Pace(configuration.calls_per_second), tasks)
    mailroom = Mailroom(account, tempo, log, callbacks, directory)
    rest = RestApi(account, directory, switchboard, mailroom, recordings, callbacks.requests, log, tasks)
    control = ControlApi(account, directory, switchboard, mailroom, presence, faults, log, sounds)
    hazards = Hazards(faults, door, log, tasks)
    board = Board(directory, switchboard, mailroom, presence, log)
    telephones = Telephones(account, directory, switchboard, mailroom, recordings, presence, tasks)
    site = Site(directory)
    keeper = Doorkeeper((configuration.host, *configuration.known_as), site.wrong_address)
    layers = [keeper.guard, rest.guard, hazards.guard, control.guard]
    app = web.Application(middlewares=layers, client_max_size=LARGEST_REQUEST_BYTES)
    app.on_response_prepare.append(secure)
    for part in (rest, control, board, telephones, site):
        app.add_routes(part.routes())
    directory.put(configuration.subscribers)
    return app


def _end_signals() -> asyncio.Event:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    return ended


async def _end_with(parent: int, ended: asyncio.Event) -> None:
    """Ends the exchange soon after its parent: no orphan keeps ringing people."""
    is_child = os.getppid() == parent
    while _is_alive(parent) and (not is_child or os.getppid() == parent):
        await asyncio.sleep(PARENT_CHECK_SECONDS)
    ended.set()


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _is_unburied(process)


def _is_unburied(process: int) -> bool:
    """Whether it has died and nobody has waited for it, which ``kill`` does not tell and Linux does."""
    try:
        status = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] == "Z"
