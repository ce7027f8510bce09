"""The watchdog of a worker: when no tick reaches it, it ticks by itself, so that no alert waits for a broker.

A worker whose broker is away, whose beat has died or whose consumer silently stopped (workers do, after a reconnect)
would otherwise look healthy and do nothing.
"""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from time import monotonic
from typing import Any

from celery import Celery
from celery.signals import task_postrun, task_prerun
from kombu.exceptions import KombuError

from zaoan.worker.tick_recorder import TickRecorder

log = logging.getLogger(__name__)
LOOK_SECONDS = 1.0
SILENT_SECONDS = 5.0
DEAF_SECONDS = 15.0
"""Of silence, before the broker is asked whether messages wait."""
RECONNECTED_SECONDS = 35.0
"""In which a consumer whose broker was away has come back by itself: it tries at most 30 s apart (kombu 5.7)."""
FROZEN_SECONDS = 10.0
"""Who looks once a second and has not looked for so long did not run."""
ASK_SECONDS = 3.0


class Watchdog:
    """Watches the ticks that reach this process.

    A process that was frozen (a machine that slept, a container that was paused) has not listened meanwhile, and
    counts from when it thawed: what it did not hear then says nothing of the broker.
    After ``SILENT_SECONDS`` without one it runs ``names`` itself. When messages have waited at the broker for
    ``RECONNECTED_SECONDS`` that this idle worker does not take, it calls ``end``: whoever supervises the process
    starts a new one.
    """

    def __init__(self, app: Celery, names: tuple[str, ...], recorder: TickRecorder, end: Callable[[], None]) -> None:
        self._app = app
        self._names = names
        self._recorder = recorder
        self._end = end
        self._heard = monotonic()
        self._alone = False
        self._running = 0
        self._waiting_since: float | None = None
        self._guard = threading.Lock()
        self._closed = threading.Event()
        self._hands = ThreadPoolExecutor(len(names), thread_name_prefix="own tick")
        self._under_way: dict[str, Future[None]] = {}

    def start(self) -> None:
        """Watches from now on."""
        self._heard = monotonic()
        task_prerun.connect(self._begun, weak=False)
        task_postrun.connect(self._done, weak=False)
        threading.Thread(target=self._run, name="watchdog", daemon=True).start()

    def close(self) -> None:
        """Watches no more, and lets what it began go on by itself."""
        self._closed.set()
        task_prerun.disconnect(self._begun)
        task_postrun.disconnect(self._done)
        self._hands.shutdown(wait=False, cancel_futures=True)

    def _run(self) -> None:
        looked = monotonic()
        while not self._closed.wait(LOOK_SECONDS):
            looked, before = monotonic(), looked
            if looked - before > FROZEN_SECONDS:
                self._heard = max(self._heard, looked)
            silent = monotonic() - self._heard
            if silent > SILENT_SECONDS:
                self._tick_alone(silent)
            elif self._alone:
                self._alone = False
                log.warning("ticks come from the broker again")
            if self._is_stuck(silent):
                log.critical("messages wait at the broker and this worker takes none: it ends, to be started again")
                self._end()
                return

    def _is_stuck(self, silent: float) -> bool:
        if silent <= DEAF_SECONDS or self._running or not self._messages_wait():
            self._waiting_since = None
            return False
        if self._waiting_since is None:
            self._waiting_since = monotonic()
        return monotonic() - self._waiting_since > RECONNECTED_SECONDS

    def _tick_alone(self, silent: float) -> None:
        if not self._alone:
            self._alone = True
            log.warning("no tick has come from the broker for %.0f s: this worker ticks by itself", silent)
        for name in self._names:
            if name not in self._under_way or self._under_way[name].done():
                self._under_way[name] = self._hands.submit(self._tick, name)
                self._under_way[name].add_done_callback(_report_failure)

    def _tick(self, name: str) -> None:
        self._app.tasks[name]()
        self._recorder.note(name)

    def _messages_wait(self) -> bool:
        """Whether the broker has messages for us; False when it cannot be asked."""
        try:
            with self._app.connection_for_read(connect_timeout=ASK_SECONDS) as connection:
                return waiting_messages(self._app, connection) > 0
        except (KombuError, OSError) as failure:
            log.warning("the broker cannot be asked: %s", failure)
            return False

    def _begun(self, **_: object) -> None:
        with self._guard:
            self._heard = monotonic()
            self._running += 1

    def _done(self, **_: object) -> None:
        with self._guard:
            self._running -= 1


def waiting_messages(app: Celery, connection: Any) -> int:
    """How many messages wait in our queue; raises ``KombuError`` or ``OSError`` when the broker does not say."""
    connection.ensure_connection(max_retries=1, interval_start=0, timeout=ASK_SECONDS)
    try:
        declared = connection.default_channel.queue_declare(app.conf.task_default_queue, passive=True)
    except connection.channel_errors:
        return 0  # a queue in which nothing waits does not exist on Redis
    return int(declared.message_count)


def _report_failure(tick: Future[None]) -> None:
    if not tick.cancelled() and (failure := tick.exception()):
        log.error("a tick failed", exc_info=failure)
