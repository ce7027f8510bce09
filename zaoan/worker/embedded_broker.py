"""The embedded broker: Kombu's in-memory transport, whose reader sleeps until a message comes instead of looking often.

It is what ``memory://`` means here; messages travel between threads of one process.
"""

import threading
from typing import Any

from kombu.transport import memory

TRANSPORT = f"{__name__}:Transport"
"""Where Celery finds it."""


class _Bell:
    """Rings whenever a message was put down; whoever has counted the rings before looking misses none."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self.rings = 0

    def ring(self) -> None:
        with self._changed:
            self.rings += 1
            self._changed.notify_all()

    def heard_since(self, rings: int, within: float | None) -> bool:
        """Waits for more than ``rings`` rings, for ``within`` seconds (None: for ever)."""
        with self._changed:
            return self._changed.wait_for(lambda: self.rings != rings, within)


_bell = _Bell()


def rouse() -> None:
    """Lets whoever waits for a message look around, although there may be none."""
    _bell.ring()


class Channel(memory.Channel):
    """A channel that is heard when something is put into it."""

    def _put(self, queue: str, message: Any, **options: Any) -> None:
        super()._put(queue, message, **options)  # type: ignore[no-untyped-call]
        _bell.ring()


class Transport(memory.Transport):
    """A transport that waits to be told."""

    Channel = Channel

    def drain_events(self, connection: Any, timeout: float | None = None, **_: Any) -> None:
        """Delivers what is there, or what comes within ``timeout`` seconds; raises ``TimeoutError`` if nothing does."""
        rings = _bell.rings
        try:
            self._deliver_one(connection)
        except TimeoutError:
            if not _bell.heard_since(rings, timeout):
                raise
            self._deliver_one(connection)

    def _deliver_one(self, connection: Any) -> None:
        super().drain_events(connection, timeout=0)  # type: ignore[no-untyped-call]
