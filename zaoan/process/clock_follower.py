"""Following the clock of a simulation: another process may have changed its speed."""

import logging
import threading

from sqlalchemy.exc import SQLAlchemyError

from core import clock
from core.running import installation
from core.running.installation import Purpose
from core.storage.database import reading

log = logging.getLogger(__name__)
LOOK_SECONDS = 1.0


class ClockFollower:
    """Reads the clock's anchor every real second. Where real people are looked after it never changes: nothing runs."""

    def __init__(self) -> None:
        self._closed = threading.Event()
        with reading() as session:
            simulated = installation.read(session).purpose != Purpose.SERVICE
        if simulated:
            threading.Thread(target=self._run, name="clock", daemon=True).start()

    def close(self) -> None:
        """Follows no more."""
        self._closed.set()

    def _run(self) -> None:
        while not self._closed.wait(LOOK_SECONDS):
            try:
                with reading() as session:
                    clock.set_anchor(installation.read(session).anchor)
            except SQLAlchemyError as failure:
                log.warning("the clock goes on as it was: %s", failure)
