"""The courier: carries wake-ups to a broker on another machine without ever letting anybody wait for it."""

import logging
import threading
from time import monotonic

from celery import Celery
from kombu.exceptions import KombuError

from zaoan.worker.log_throttle import Complaint

log = logging.getLogger(__name__)


class Courier:
    """Sends wake-ups from a thread of its own. What the broker does not take is dropped: the ticks find the work."""

    def __init__(self, app: Celery) -> None:
        self._app = app
        self._changed = threading.Condition()
        self._due: dict[str, float] = {}
        self._closed = False
        self._complaint = Complaint(log, "the broker takes no wake-ups (the ticks will find the work): %s")
        self._thread = threading.Thread(target=self._run, name="courier", daemon=True)
        self._thread.start()

    def carry(self, name: str, delay: float) -> None:
        """Wakes ``name`` after ``delay`` real seconds. Neither blocks nor raises; several wake-ups become one."""
        due = monotonic() + delay
        with self._changed:
            self._due[name] = min(due, self._due.get(name, due))
            self._changed.notify()

    def close(self) -> None:
        """Carries nothing more."""
        with self._changed:
            self._closed = True
            self._changed.notify()

    def _run(self) -> None:
        while (name := self._next()) is not None:
            self._send(name)

    def _next(self) -> str | None:
        """Waits for the next wake-up that is due; None when there will be no more."""
        with self._changed:
            while not self._closed:
                name = min(self._due, key=self._due.__getitem__, default=None)
                left = self._due[name] - monotonic() if name is not None else None
                if name is not None and left is not None and left <= 0:
                    del self._due[name]
                    return name
                self._changed.wait(left)
            return None

    def _send(self, name: str) -> None:
        try:
            self._app.send_task(name, retry=False)
        except (KombuError, OSError) as failure:
            self._complaint.make(failure)
