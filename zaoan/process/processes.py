"""The processes of an installation of many machines: web, worker, beat. PostgreSQL and a broker connect them."""

import logging
import os
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from time import sleep
from types import FrameType

from celery import Celery, beat
from celery.worker import state

from console.shell import links
from core.errors import UserError
from core.running import log_lines, wakeups
from core.running.installation import Purpose
from core.settings import Settings, Telephony
from ivr.turns import interruption
from zaoan.process import wiring
from zaoan.process.clock_follower import ClockFollower
from zaoan.process.service import carrier, serve, server, settle, wake_all
from zaoan.worker.tick_recorder import TickRecorder
from zaoan.worker.transport import EVERY_TICK, MEMORY, Ticker, celery_app, work_controller
from zaoan.worker.watchdog import Watchdog

log = logging.getLogger(__name__)
STOP_WITHIN_SECONDS = 10.0
FAILED = 1


def run_web(chosen: Settings, purpose: Purpose, announce: Callable[[], None]) -> None:
    """Answers HTTP until it is interrupted: pages, the telephone, health. The broker may be away meanwhile."""
    transport = shared_broker(chosen)
    log_lines.begin()
    database, connected = wiring.open_house(chosen, purpose), _connect(chosen)
    interruption.mark_all()  # before anybody can be told that one of them has ended
    wakeups.carry_with(carrier(transport))
    follower = ClockFollower()

    def begin() -> None:
        wake_all()
        announce()

    try:
        serve(server(chosen, connected), begin)
    finally:
        follower.close()
        connected.close()
        database.close()


def run_worker(chosen: Settings, purpose: Purpose, announce: Callable[[], None]) -> int:
    """Carries out ticks and wake-ups until it is interrupted (0) or no longer hears the broker (1)."""
    transport = shared_broker(chosen)
    log_lines.begin()
    database, connected = wiring.open_house(chosen, purpose), _connect(chosen)
    wakeups.carry_with(carrier(transport))
    follower, recorder = ClockFollower(), TickRecorder()
    watchdog = Watchdog(transport, EVERY_TICK, recorder, lambda: _stop_worker(FAILED, connected))
    recorder.listen()
    _on_interrupt(lambda: _stop_worker(0, connected))
    controller = work_controller(transport)
    watchdog.start()
    settle()
    announce()
    controller.start()
    watchdog.close()
    follower.close()
    connected.close()
    database.close()
    return int(controller.exitcode or 0)


def run_beat(chosen: Settings, announce: Callable[[], None]) -> None:
    """Sends the ticks until it is interrupted. Several do no harm; one is enough."""
    transport = shared_broker(chosen)
    wiring.refuse_disagreements(chosen)
    log_lines.begin()
    _on_interrupt(_leave)
    announce()
    with suppress(SystemExit):
        beat.Service(transport, scheduler_cls=Ticker).start()


def shared_broker(chosen: Settings) -> Celery:
    """The transport between processes; raises ``UserError`` for a broker that lives in one process only."""
    if chosen.broker_url.startswith(MEMORY):
        raise UserError(
            "ZAOAN_BROKER_URL={value} lives inside one process only.",
            way_out="Use `zaoan up` for everything in one process, "
            "or name a broker that all processes reach, for example redis://127.0.0.1:6379/0.",
            field="ZAOAN_BROKER_URL",
            value=chosen.broker_url,
        )
    return celery_app(chosen.broker_url)


def _connect(chosen: Settings) -> wiring.Connected:
    simulated = chosen.telephony is Telephony.EXCHANGE
    links.set_exchange_page(chosen.exchange_url if simulated else None)
    return wiring.connect(chosen, chosen.public_url, api_url_of(chosen))


def api_url_of(chosen: Settings) -> str:
    """Where the provider is asked, in an installation of many machines."""
    match chosen.telephony:
        case Telephony.EXCHANGE:
            return chosen.exchange_url
        case Telephony.SIP:
            return chosen.trunk_url
    return chosen.twilio_api_url


def _stop_worker(exit_code: int, connected: wiring.Connected) -> None:
    """Celery lets its tasks finish; one that takes longer is cut off, which the next start mends like any other cut."""
    state.should_stop = exit_code
    threading.Thread(target=_cut_off, args=(exit_code, connected), name="end", daemon=True).start()


def _cut_off(exit_code: int, connected: wiring.Connected) -> None:
    connected.hush()  # tasks that make sounds would take long
    sleep(STOP_WITHIN_SECONDS)
    log.warning("something was still under way after %.0f s and has been cut off", STOP_WITHIN_SECONDS)
    os._exit(exit_code)


def _on_interrupt(end: Callable[[], None]) -> None:
    def interrupted(_: int, __: FrameType | None) -> None:
        end()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, interrupted)


def _leave() -> None:
    raise SystemExit(0)
