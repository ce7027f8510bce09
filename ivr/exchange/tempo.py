"""Two clocks: people's time, which ``--speed`` shortens, and the pace of queued calls, which it does not."""

import asyncio
from dataclasses import dataclass


@dataclass(frozen=True)
class Tempo:
    """People's time: ``speed`` of their seconds pass in one real second."""

    speed: float

    async def sleep(self, seconds: float) -> None:
        """Waits for a number of people's seconds."""
        await asyncio.sleep(seconds / self.speed)

    def timeout(self, seconds: float) -> asyncio.Timeout:
        """An ``async with`` that raises ``TimeoutError`` after a number of people's seconds."""
        return asyncio.timeout(seconds / self.speed)

    def of_real(self, seconds: float) -> float:
        """How many people's seconds a number of real ones are."""
        return seconds * self.speed


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
