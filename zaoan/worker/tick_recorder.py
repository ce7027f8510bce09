"""Records that ticks are completed: at most one short write a second, whatever runs."""

import logging
import threading
from time import monotonic
from typing import Any

from celery import states
from celery.signals import task_postrun
from sqlalchemy.exc import SQLAlchemyError

from core import clock
from core.running import ticks
from core.storage.database import unit_of_work

log = logging.getLogger(__name__)
WRITE_SECONDS = 1.0


class TickRecorder:
    """This process's hand at the record of ticks; a tick that failed is not completed."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._completed: dict[str, Any] = {}
        self._written = 0.0

    def listen(self) -> None:
        """From now on every task that Celery completes in this process is recorded."""
        task_postrun.connect(self._ran, weak=False)

    def close(self) -> None:
        """Listens no more."""
        task_postrun.disconnect(self._ran)

    def note(self, name: str) -> None:
        """A tick was completed; what cannot be recorded now is recorded with a later one."""
        if completed := self._due(name):
            try:
                with unit_of_work() as session:
                    ticks.note(session, completed)
            except SQLAlchemyError as failure:
                log.warning("the ticks could not be recorded: %s", failure)

    def _due(self, name: str) -> dict[str, Any]:
        """What is to be written now: everything since the last write once a second has passed, otherwise nothing."""
        with self._guard:
            self._completed[name] = clock.real_now()
            if monotonic() < self._written + WRITE_SECONDS:
                return {}
            self._written = monotonic()
            due, self._completed = self._completed, {}
            return due

    def _ran(self, task: Any = None, state: str = "", **_: object) -> None:
        if state == states.SUCCESS:
            self.note(task.name)
