"""What many open pages ask for at the same moment is made once, and not more often than the machine can bear."""

import asyncio
from collections.abc import Callable
from time import monotonic, thread_time
from typing import Generic, TypeVar

from starlette.concurrency import run_in_threadpool

KEEP_SECONDS = 5.0
"""Real seconds after which it is made again although nothing seems to have changed."""
REST = 5
"""Between two makings lies so many times the processor time that the last one took, so that it is a sixth at most."""
LONGEST_REST = 1.0

T = TypeVar("T")


class Fresh(Generic[T]):
    """One thing, made again only when the position it was made at has passed; it belongs to one event loop."""

    def __init__(self, position: Callable[[], object], make: Callable[[], T]) -> None:
        self._position, self._make = position, make
        self._turn = asyncio.Lock()
        self._made: tuple[object, T] | None = None
        self._until = self._rested = 0.0

    async def now(self) -> T:
        """The thing as of now; whoever comes while it is being made waits for it, and nobody's thread is held."""
        async with self._turn:
            if self._made is None or monotonic() > self._until or self._made[0] != await self._at():
                await asyncio.sleep(self._rested - monotonic())
                self._made = await run_in_threadpool(self._anew)
            return self._made[1]

    async def _at(self) -> object:
        return await run_in_threadpool(self._position)

    def _anew(self) -> tuple[object, T]:
        """The position is read first: what happens meanwhile is new."""
        begun = thread_time()
        made = self._position(), self._make()
        self._rested = monotonic() + min(LONGEST_REST, REST * (thread_time() - begun))
        self._until = monotonic() + KEEP_SECONDS
        return made
