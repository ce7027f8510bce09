"""Celery, the transport of ticks and wake-ups. It remembers nothing: lose every message and the next tick mends it."""

import logging
import threading
from time import monotonic
from typing import Any

from celery import Celery, beat
from celery.signals import task_prerun
from celery.worker import state
from kombu.exceptions import OperationalError

from campaigns import call_retention
from campaigns.digests import digests
from campaigns.looking import looks
from campaigns.rounds.auditor import AUDIT
from campaigns.rounds.clips_ahead import AHEAD, AHEAD_SECONDS
from campaigns.rounds.rounds import CAMPAIGNS
from core.running import wakeups
from core.subscriptions.delivering import TIDYING, TIDYING_SECONDS
from core.subscriptions.outbox import DELIVERING
from escalation.cases.cases import ESCALATION
from escalation.cases.recording_retention import KEEPING
from ivr.dispatch import prerender
from ivr.dispatch.calls import DIALLING, SWEEPING
from ivr.dispatch.recorded import RECORDINGS
from ivr.sms import inbound
from ivr.sms.outbound import TEXTING
from zaoan.worker import embedded_broker
from zaoan.worker.log_throttle import Complaint
from zaoan.worker.tick_recorder import TickRecorder
from zaoan.worker.watchdog import Watchdog

log = logging.getLogger(__name__)
AUDIT_SECONDS = 60.0
EXPIRY_SECONDS = 60.0
"""A tick that has waited so long in the broker has been overtaken by others."""
SOCKET_SECONDS = 5.0
MEMORY = "memory://"
THREADS = 8
STOP_WITHIN_SECONDS = 1.0
ROUSE_SECONDS = 0.02
EVERY_TICK = (CAMPAIGNS, ESCALATION, DIALLING, SWEEPING, TEXTING, RECORDINGS)


def celery_app(broker_url: str) -> Celery:
    """A Celery application with our ticks; nobody's tasks but its own worker's run by it."""
    app = Celery(
        "zaoan",
        set_as_current=False,  # whoever only looks at the broker must not take the place of the one that works
        broker=broker_url + ("localhost" if broker_url == MEMORY else ""),
        include=["campaigns.tasks", "escalation.tasks", "ivr.tasks", "core.subscriptions.tasks"],
    )
    app.conf.update(
        task_ignore_result=True,
        task_default_queue="zaoan",
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_connection_timeout=SOCKET_SECONDS,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        worker_enable_remote_control=False,
        beat_schedule={
            **{name: _every(wakeups.TICK_SECONDS, name) for name in EVERY_TICK},
            AUDIT: _every(AUDIT_SECONDS, AUDIT),
            KEEPING: _every(AUDIT_SECONDS, KEEPING),
            AHEAD: _every(AHEAD_SECONDS, AHEAD),
            digests.DIGESTS: _every(digests.DIGESTS_SECONDS, digests.DIGESTS),
            looks.LOOKING: _every(looks.LOOKING_SECONDS, looks.LOOKING),
            call_retention.FORGETTING: _every(call_retention.FORGETTING_SECONDS, call_retention.FORGETTING),
            prerender.TIDYING: _every(prerender.TIDYING_SECONDS, prerender.TIDYING),
            DELIVERING: _every(wakeups.TICK_SECONDS, DELIVERING),
            TIDYING: _every(TIDYING_SECONDS, TIDYING),
            inbound.RECOVERY: _every(inbound.RECOVERY_SECONDS, inbound.RECOVERY),
        },
    )
    if broker_url.startswith(MEMORY):
        app.conf.broker_transport = embedded_broker.TRANSPORT
    elif broker_url.startswith("redis"):
        app.conf.broker_transport_options = {"socket_connect_timeout": SOCKET_SECONDS, "socket_timeout": SOCKET_SECONDS}
    app.loader.import_default_modules()
    return app


def _every(seconds: float, name: str) -> dict[str, Any]:
    return {"task": name, "schedule": seconds, "options": {"expires": EXPIRY_SECONDS}}


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
        if not self._is_needed(name, delay):
            return
        try:
            self._app.send_task(name, countdown=delay or None, retry=False)
        except (OperationalError, OSError) as failure:
            log.warning("the broker cannot be reached, the next tick does the work of %s: %s", name, failure)
            self._forget(name)

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
        self._forget(task.name)

    def _forget(self, name: str) -> None:
        with self._guard:
            self._under_way.discard(name)


class Ticker(beat.Scheduler):  # type: ignore[misc]
    """Beat's own clock. A broker that is away is mentioned now and then, not with a traceback for every tick."""

    _complaint = Complaint(log, "the broker takes no ticks: %s")

    def apply_entry(self, entry: Any, producer: Any = None) -> None:
        """Sends one tick, if the broker takes it."""
        try:
            self.apply_async(entry, producer=producer, advance=False)
        except beat.SchedulingError as failure:
            self._complaint.make(failure)


def work_controller(app: Celery) -> Any:
    """A Celery worker whose tasks run in threads of this process."""
    return app.WorkController(
        pool="threads",
        concurrency=THREADS,
        loglevel="WARNING",
        without_heartbeat=True,
        without_mingle=True,
        without_gossip=True,
    )


class EmbeddedWorker:
    """A Celery worker and beat inside this process, beside the web server."""

    def __init__(self, app: Celery) -> None:
        self._worker = work_controller(app)
        self._recorder = TickRecorder()
        self._watchdog = Watchdog(app, EVERY_TICK, self._recorder, _nothing_more)
        self._beat = beat.EmbeddedService(app, thread=True, scheduler_cls=Ticker)
        self._thread = threading.Thread(target=self._worker.start, name="worker", daemon=True)

    def start(self) -> None:
        """Starts both."""
        state.should_stop = None
        self._recorder.listen()
        self._watchdog.start()
        self._thread.start()
        self._beat.start()

    def stop(self) -> None:
        """Stops both. A task that takes longer is cut off, which the next start mends like any other cut."""
        self._watchdog.close()
        self._beat.service.stop(wait=False)
        state.should_stop = 0
        until = monotonic() + STOP_WITHIN_SECONDS
        while self._thread.is_alive() and monotonic() < until:
            embedded_broker.rouse()  # more than once: it reads again after it has been told
            self._thread.join(ROUSE_SECONDS)
        self._recorder.close()


def _nothing_more() -> None:
    """The web server beside it must go on, and the watchdog's own ticks do the work."""
