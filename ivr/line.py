"""The line: who may dial on it (a lease), and how fast (real seconds)."""

import threading
from collections import deque
from collections.abc import Sequence
from datetime import datetime, timedelta
from time import monotonic, sleep
from uuid import UUID

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from ivr import queries
from ivr.models import Line, Urgency

LEASE = timedelta(seconds=15)
LEASE_MARGIN = timedelta(seconds=2)
RESERVED_SHARE = 5
"""One place in five is kept for alerts, so that a morning's backlog never delays them."""


def establish(session: Session, numbers: Sequence[str], calls_per_second: float, calls_at_once: int) -> None:
    """Makes sure that there is a line for each of our numbers (E.164), with the pace of the settings."""
    known = {line.number: line for line in queries.lines(session)}
    for number in numbers:
        line = known.get(number)
        if line is None:
            session.add(Line(number=number, calls_per_second=calls_per_second, calls_at_once=calls_at_once))
        else:
            line.calls_per_second, line.calls_at_once = calls_per_second, calls_at_once


def lease(session: Session, line_id: UUID, worker: str, real_now: datetime) -> bool:
    """Takes or renews the line's lease for ``worker``; False while another worker holds it."""
    taken = session.execute(
        update(Line)
        .where(
            Line.id == line_id,
            or_(Line.lease_owner == worker, Line.lease_until.is_(None), Line.lease_until < real_now),
        )
        .values(lease_owner=worker, lease_until=real_now + LEASE)
    )
    return bool(taken.rowcount)  # type: ignore[attr-defined]


def places(calls_at_once: int, in_use: int, urgency: Urgency) -> int:
    """How many calls of this urgency may be placed now."""
    reserved = 0 if urgency is Urgency.ALERT else max(1, calls_at_once // RESERVED_SHARE) if calls_at_once > 1 else 0
    return max(0, calls_at_once - reserved - in_use)


class Pace:
    """Never more than ``per_second`` turns in any window of one real second."""

    WINDOW = 1.0

    def __init__(self, per_second: float) -> None:
        self._allowed = max(1, int(per_second))
        self._window = self.WINDOW * self._allowed / per_second
        self._taken: deque[float] = deque()
        self._guard = threading.Lock()

    def wait_for_turns(self) -> int:
        """Blocks until another request may leave; returns how many may leave then."""
        with self._guard:
            while (turns := self._turns()) == 0:
                sleep(max(0.0, self._taken[0] + self._window - monotonic()))
            return turns

    def take(self) -> None:
        """One request leaves now."""
        with self._guard:
            self._taken.append(monotonic())

    def _turns(self) -> int:
        """How many requests may leave now; turns older than the window are forgotten."""
        start = monotonic() - self._window
        while self._taken and self._taken[0] <= start:
            self._taken.popleft()
        return self._allowed - len(self._taken)
