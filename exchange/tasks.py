"""Things that go on beside each other, so that none is lost and all can be stopped."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, TypeVar

from exchange.errors import CallError

_T = TypeVar("_T")
_log = logging.getLogger(__name__)


class Tasks:
    """Running tasks that belong together. A task that fails is written to the process's standard error,
    unless with a ``CallError``, which is for whoever awaits it."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[Any]] = set()

    def start(self, work: Coroutine[Any, Any, _T]) -> asyncio.Task[_T]:
        """Starts ``work`` and keeps hold of it until it is done."""
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._done)
        return task

    def cancel(self) -> None:
        """Stops all of them except the one that asks."""
        for task in self._running - {asyncio.current_task()}:
            task.cancel()

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        failure = None if task.cancelled() else task.exception()
        if failure is not None and not isinstance(failure, CallError):
            _log.error("a task of the exchange failed", exc_info=failure)
