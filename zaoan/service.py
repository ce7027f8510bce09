"""The whole service in one process: web server, worker and beat, with the exchange and the voice as children."""

import logging
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import uvicorn

from console import links
from core import wakeups
from core.installation import Purpose
from core.settings import Settings, Telephony
from ivr import texts_in
from ivr.calls import RECOVERY
from zaoan import wiring
from zaoan.exchange_process import ExchangeProcess
from zaoan.transport import EVERY_TICK, EmbeddedWorker, WakeUps, celery_app
from zaoan.web import web_app

STOP_WITHIN_SECONDS = 3


def run(chosen: Settings, purpose: Purpose, exchange_log: Path | None, announce: Callable[[str, str], None]) -> None:
    """Runs until it is interrupted. ``announce(page, exchange)`` is told both addresses before the first call."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    database = wiring.open_house(chosen, purpose)
    exchange = _exchange(chosen, exchange_log or chosen.data_dir / "exchange.jsonl")
    api_url = exchange.url if exchange else chosen.twilio_api_url
    links.set_exchange_page(exchange.url if exchange else None)
    connected = wiring.connect(chosen, chosen.public_url, api_url)
    transport = celery_app(chosen.broker_url)
    wakeups.carry_with(WakeUps(transport).carry)
    worker = EmbeddedWorker(transport)
    try:
        _serve(
            uvicorn.Server(_server_settings(chosen, connected)), worker, lambda: announce(chosen.public_url, api_url)
        )
    finally:
        worker.stop()
        connected.close()
        if exchange:
            exchange.close()
        database.close()


def _serve(server: uvicorn.Server, worker: EmbeddedWorker, announce: Callable[[], None]) -> None:
    """The worker starts only when the provider can already reach us."""
    startup = server.startup

    async def and_then(sockets: object = None) -> None:
        await startup(sockets)  # type: ignore[arg-type]
        if server.started:
            worker.start()
            for name in (RECOVERY, texts_in.RECOVERY, *EVERY_TICK):
                wakeups.wake_now(name)
            announce()

    server.startup = and_then  # type: ignore[method-assign]
    with suppress(KeyboardInterrupt):  # a service that was interrupted has done its work
        server.run()


def _server_settings(chosen: Settings, connected: wiring.Connected) -> uvicorn.Config:
    return uvicorn.Config(
        web_app(connected.store),
        host=chosen.host,
        port=chosen.port,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=STOP_WITHIN_SECONDS,
    )


def _exchange(chosen: Settings, log: Path) -> ExchangeProcess | None:
    return ExchangeProcess(chosen, log) if chosen.telephony is Telephony.EXCHANGE else None
