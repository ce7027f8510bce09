"""Bridging: two parties hear each other, and see only our number."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from trunk.calls.waiting import first_of
from trunk.sound.handset import Handset
from trunk.sound.tones import ringback


class Bridging:
    """Connects ``waiting`` with somebody who is being rung; they talk for ``talk_seconds`` at most."""

    def __init__(self, waiting: Handset, talk_seconds: float) -> None:
        self._waiting, self._talk_seconds = waiting, talk_seconds
        self.talked = False

    def between(self, other: Handset) -> Callable[[], Awaitable[None]]:
        """What connects the two once the other has heard what there was to hear."""

        async def bridge() -> None:
            self.talked = True
            self._waiting.connect(other)
            try:
                await first_of(self._waiting.line.closed, other.line.closed, seconds=self._talk_seconds)
            finally:
                other.disconnect()

        return bridge

    async def while_ringing(self, other: asyncio.Task[None]) -> None:
        """Returns when the call to the other is over; until they are connected it is heard that it rings."""
        ringing = asyncio.ensure_future(self._waiting.play(ringback(), repeats=True))
        try:
            await asyncio.wait({other})
        finally:
            ringing.cancel()
            with suppress(asyncio.CancelledError):
                await ringing
