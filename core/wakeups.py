"""Wake-ups: how one room tells another that there is work, after the commit that made the work.

A wake-up is a hint, never memory: if it is lost, the next tick finds the work in the database.
"""

from collections.abc import Callable
from functools import cache, partial

from sqlalchemy.orm import Session

from core.database import after_commit

Transport = Callable[[str], None]


def _nobody(_: str) -> None:
    """Before the entrance has wired a transport, the ticks alone find the work."""


_transport: Transport = _nobody


def carry_with(transport: Transport) -> None:
    """From now on wake-ups travel with ``transport(name)``; it must not raise and must not block."""
    global _transport
    _transport = transport


def wake(session: Session, name: str) -> None:
    """Wakes the room ``name`` once this unit of work has committed; several wake-ups of one room become one."""
    after_commit(session, _waker(name))


def wake_now(name: str) -> None:
    """Wakes the room ``name`` at once, outside any unit of work."""
    _transport(name)


@cache
def _waker(name: str) -> Callable[[], None]:
    return partial(wake_now, name)
