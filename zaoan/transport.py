"""Celery, the transport of ticks and wake-ups. It remembers nothing: lose every message and the next tick mends it."""

import threading
from time import monotonic
from typing import Any

from celery import Celery, beat
from celery.signals import task_prerun
from celery.worker import state

from campaigns.auditor import AUDIT
from campaigns.rounds import CAMPAIGNS
from core import wakeups
from escalation.cases import ESCALATION
from ivr import texts_in
from ivr.calls import DIALLING, SWEEPING
from ivr.texts import TEXTING

AUDIT_SECONDS = 60.0
MEMORY = "memory://"
THREADS = 8
POLLING_SECONDS = 0.01
STOP_WITHIN_SECONDS = 1.0
EVERY_TICK = (CAMPAIGNS, ESCALATION, DIALLING, SWEEPING, TEXTING)


def celery_app(broker_url: str) -> Celery:
    """The Celery application with its ticks."""
    app = Celery(
        "zaoan",
        broker=broker_url + ("localhost" if broker_url == MEMORY else ""),
        include=["campaigns.tasks", "escalation.tasks", "ivr.tasks"],
    )
    app.conf.update(
        task_ignore_result=True,
        task_default_queue="zaoan",
        broker_connection_retry_on_startup=True,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        worker_enable_remote_control=False,
        beat_schedule={
            **{name: {"task": name, "schedule": wakeups.TICK_SECONDS} for name in EVERY_TICK},
            AUDIT: {"task": AUDIT, "schedule": AUDIT_SECONDS},
            texts_in.RECOVERY: {"task": texts_in.RECOVERY, "schedule": texts_in.RECOVERY_SECONDS},
        },
    )
    if broker_url.startswith(MEMORY):
        app.conf.broker_transport_options = {"polling_interval": POLLING_SECONDS}
    app.loader.import_default_modules()
    return app


class WakeUps:
    """Carries wake-ups as Celery messages; one that is already under way is not sent twice."""

    def __init__(self, app: Celery) -> None:
        self._app = app
        self._guard = threading.Lock()
        self._under_way: set[str] = set()
        self._alarms: dict[str, float] = {}
        task_prerun.connect(self._begun, weak=False)

    def carry(self, name: str, delay: float) -> None:
        """Wakes ``name`` after ``delay`` real seconds."""
        if self._is_needed(name, delay):
            self._app.send_task(name, countdown=delay or None)

    def _is_needed(self, name: str, delay: float) -> bool:
        with self._guard:
            if delay <= 0:
                needed = name not in self._under_way
                self._under_way.add(name)
                return needed
            due, alarm = monotonic() + delay, self._alarms.get(name, 0.0)
            if monotonic() < alarm <= due:
                return False
            self._alarms[name] = due
            return True

    def _begun(self, task: Any = None, **_: object) -> None:
        """From here on a new wake-up may tell of work that this run no longer sees."""
        with self._guard:
            self._under_way.discard(task.name)


class EmbeddedWorker:
    """A Celery worker and beat inside this process, beside the web server."""

    def __init__(self, app: Celery) -> None:
        self._worker = app.WorkController(
            pool="threads",
            concurrency=THREADS,
            loglevel="WARNING",
            without_heartbeat=True,
            without_mingle=True,
            without_gossip=True,
        )
        self._beat = beat.EmbeddedService(app, thread=True, scheduler_cls=beat.Scheduler)
        self._thread = threading.Thread(target=self._worker.start, name="worker", daemon=True)

    def start(self) -> None:
        """Starts both."""
        state.should_stop = None
        self._thread.start()
        self._beat.start()

    def stop(self) -> None:
        """Stops both. A task that takes longer is cut off, which the next start mends like any other cut."""
        self._beat.stop()
        state.should_stop = 0
        self._thread.join(STOP_WITHIN_SECONDS)
