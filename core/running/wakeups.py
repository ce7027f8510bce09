"""Wake-ups: how one room tells another that there is work, after the commit that made the work.

A wake-up is a hint, never memory: if it is lost, the next tick finds the work in the database.
"""

from collections.abc import Callable
from datetime import datetime
from functools import cache, partial

from sqlalchemy.orm import Session

from core import clock
from core.storage.database import after_commit

Transport = Callable[[str, float], None]
TICK_SECONDS = 1.0
"""Real seconds between two ticks of every room, whatever wake-ups were lost."""


def _nobody(_: str, __: float) -> None:
    """Before the entrance has wired a transport, the ticks alone find the work."""


_transport: Transport = _nobody


def carry_with(transport: Transport) -> None:
    """From now on wake-ups travel with ``transport(name, delay)``, ``delay`` in real seconds.

    It must neither raise nor block.
    """
    global _transport
    _transport = transport


def wake(session: Session, name: str) -> None:
    """Wakes the room ``name`` once this unit of work has committed; several wake-ups of one room become one."""
    after_commit(session, _waker(name))


def wake_now(name: str) -> None:
    """Wakes the room ``name`` at once, outside any unit of work."""
    _transport(name, 0.0)


def wake_at(name: str, due: datetime | None) -> None:
    """Wakes the room ``name`` when the clock shows ``due``, unless the next tick comes before."""
    if due is not None and (delay := clock.real_seconds_until(due)) < TICK_SECONDS:
        _transport(name, delay)


@cache
def _waker(name: str) -> Callable[[], None]:
    return partial(wake_now, name)
