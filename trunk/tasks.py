"""Things that go on beside each other, so that none is lost and all can be stopped."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, TypeVar

_T = TypeVar("_T")
log = logging.getLogger(__name__)


class Tasks:
    """Running tasks that belong together. What one raises and was not ``expected`` is logged, too."""

    def __init__(self, expected: tuple[type[Exception], ...] = ()) -> None:
        self._running: set[asyncio.Task[Any]] = set()
        self._expected = expected

    def start(self, work: Coroutine[Any, Any, _T]) -> asyncio.Task[_T]:
        """Starts ``work`` and keeps hold of it until it is done."""
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._done)
        return task

    async def settle(self, seconds: float) -> None:
        """Lets what goes on finish for a while; then it is stopped."""
        rest = self._running - {asyncio.current_task()}
        if rest:
            await asyncio.wait(rest, timeout=seconds)
        for task in self._running - {asyncio.current_task()}:
            task.cancel()

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        failure = None if task.cancelled() else task.exception()
        if failure is not None and not isinstance(failure, self._expected):
            log.error("something of the trunk failed", exc_info=failure)
