"""The whole service in one process: web server, worker and beat; exchange or trunk, and the voice, are children."""

import gc
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType

import uvicorn
from celery import Celery

from console.shell import links
from core.running import log_lines, wakeups
from core.running.installation import Purpose
from core.settings import Settings, Telephony
from ivr.dispatch.calls import RECOVERY
from ivr.sms import inbound
from ivr.turns import interruption
from zaoan.process import wiring
from zaoan.process.clock_follower import ClockFollower
from zaoan.process.exchange_process import ExchangeProcess
from zaoan.process.trunk_process import TrunkProcess
from zaoan.web.app import web_app
from zaoan.web.bounded_http import BoundedProtocol
from zaoan.worker.courier import Courier
from zaoan.worker.transport import EVERY_TICK, MEMORY, EmbeddedWorker, WakeUps, celery_app

STOP_WITHIN_SECONDS = 3
GARBAGE_AFTER = 20_000
"""So many new objects are looked through for garbage at once."""


def run(chosen: Settings, purpose: Purpose, exchange_log: Path | None, announce: Callable[[str, str], None]) -> None:
    """Runs until it is interrupted. ``announce(page, exchange)`` is told both addresses before the first call."""
    log_lines.begin()
    database = wiring.open_house(chosen, purpose)
    exchange = _exchange(chosen, exchange_log or chosen.data_dir / "exchange.jsonl")
    trunk = TrunkProcess(chosen) if chosen.telephony is Telephony.SIP else None
    api_url = exchange.url if exchange else trunk.url if trunk else chosen.twilio_api_url
    links.set_exchange_page(exchange.url if exchange else None)
    connected = wiring.connect(chosen, chosen.public_url, api_url)
    interruption.mark_all()  # before anybody can be told that one of them has ended
    transport = celery_app(chosen.broker_url)
    wakeups.carry_with(carrier(transport))
    worker, follower = EmbeddedWorker(transport), ClockFollower()

    def begin() -> None:
        worker.start()
        wake_all()
        announce(chosen.public_url, api_url)

    try:
        serve(server(chosen, connected), begin)
    finally:
        connected.hush()  # first: tasks that make sounds would keep the worker
        follower.close()
        worker.stop()
        connected.close()
        if exchange:
            exchange.close()
        if trunk:
            trunk.close()
        database.close()


def carrier(transport: Celery) -> wakeups.Transport:
    """How wake-ups travel: inside this process, or by courier to a broker that others read too."""
    if transport.conf.broker_url.startswith(MEMORY):
        return WakeUps(transport).carry
    return Courier(transport).carry


def wake_all() -> None:
    """After a start: whatever was missed while nobody of us was there is found now."""
    for name in (RECOVERY, inbound.RECOVERY, *EVERY_TICK):
        wakeups.wake_now(name)


def serve(server: uvicorn.Server, begin: Callable[[], None]) -> None:
    """Serves until SIGINT or SIGTERM; ``begin`` is called when the provider can already reach us."""
    startup = server.startup

    async def and_then(sockets: object = None) -> None:
        await startup(sockets)  # type: ignore[arg-type]
        settle()
        if server.started:
            begin()

    server.startup = and_then  # type: ignore[method-assign]
    signal.signal(signal.SIGTERM, _interrupt)  # uvicorn raises it again when it has ended
    with suppress(KeyboardInterrupt):  # a service that was interrupted has done its work
        server.run()


def settle() -> None:
    """Whatever was loaded until now stays: to look through it for garbage takes 250 ms in which every caller waits.

    What comes is looked through more rarely: one look at a large community makes as many objects as thirty
    collections are used to, and hardly any of them is garbage that does not go by itself.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE_AFTER)


def server(chosen: Settings, connected: wiring.Connected) -> uvicorn.Server:
    """The web server of these settings."""
    return uvicorn.Server(_server_settings(chosen, connected))


def _interrupt(_: int, __: FrameType | None) -> None:
    raise KeyboardInterrupt


def _server_settings(chosen: Settings, connected: wiring.Connected) -> uvicorn.Config:
    return uvicorn.Config(
        web_app(connected.store),
        host=chosen.host,
        port=chosen.port,
        log_level="warning",
        log_config=None,
        http=BoundedProtocol,
        access_log=False,
        timeout_graceful_shutdown=STOP_WITHIN_SECONDS,
    )


def _exchange(chosen: Settings, log: Path) -> ExchangeProcess | None:
    return ExchangeProcess(chosen, log) if chosen.telephony is Telephony.EXCHANGE else None
