"""Complaints about something that stays wrong: said once a minute, not at every try."""

import logging
import threading
from time import monotonic

QUIET_SECONDS = 60.0


class Complaint:
    """One sentence (with one ``%s`` for the reason) for the log, at most once in ``QUIET_SECONDS``."""

    def __init__(self, log: logging.Logger, sentence: str) -> None:
        self._log = log
        self._sentence = sentence
        self._guard = threading.Lock()
        self._again_at = 0.0

    def make(self, reason: object) -> None:
        """Says it, unless it was said a short while ago."""
        with self._guard:
            if monotonic() < self._again_at:
                return
            self._again_at = monotonic() + QUIET_SECONDS
        self._log.warning(self._sentence, reason)
