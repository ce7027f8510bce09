"""Two clocks: people's time, which passes at a speed that may change, and the pace of queued calls, which does not."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress


class Tempo:
    """People's time: ``speed`` of their seconds pass in one real second. Made inside a running event loop."""

    def __init__(self, speed: float) -> None:
        self._speed = speed
        self._changed_at = self._real()
        self._lived = 0.0
        self._waits: dict[asyncio.Timeout, float] = {}

    @property
    def speed(self) -> float:
        """People's seconds per real second, now."""
        return self._speed

    def now(self) -> float:
        """People's seconds since the beginning."""
        return self._lived + (self._real() - self._changed_at) * self._speed

    def change(self, speed: float) -> None:
        """From now on people live at this speed; whatever waits has as many of their seconds left as before."""
        self._lived, self._changed_at, self._speed = self.now(), self._real(), speed
        for wait, until in self._waits.items():
            if not wait.expired():
                wait.reschedule(self._real_instant(until))

    async def sleep(self, seconds: float) -> None:
        """Waits for a number of people's seconds."""
        with suppress(TimeoutError):
            async with self.timeout(seconds):
                await asyncio.get_running_loop().create_future()

    @asynccontextmanager
    async def timeout(self, seconds: float) -> AsyncIterator[None]:
        """An ``async with`` that raises ``TimeoutError`` after a number of people's seconds."""
        until = self.now() + seconds
        async with asyncio.timeout_at(self._real_instant(until)) as wait:
            self._waits[wait] = until
            try:
                yield
            finally:
                del self._waits[wait]

    def _real_instant(self, lived: float) -> float:
        """When, on the event loop's clock, an instant of people's time comes at the present speed."""
        return self._changed_at + (lived - self._lived) / self._speed

    @staticmethod
    def _real() -> float:
        return asyncio.get_running_loop().time()


class Pace:
    """Lets callers through one after another, at most ``per_second`` each real second, first come first served."""

    def __init__(self, per_second: float) -> None:
        self._interval = 1 / per_second
        self._next_slot = 0.0

    async def turn(self) -> None:
        """Returns when it is the caller's turn."""
        now = asyncio.get_running_loop().time()
        slot = max(now, self._next_slot)
        self._next_slot = slot + self._interval
        await asyncio.sleep(slot - now)
