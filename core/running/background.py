"""Background work: what nobody waits for, done by one thread after another, and over before the database closes."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Final, ParamSpec
from weakref import WeakSet

FINISH_SECONDS: Final = 10.0
"""So long a process that stops waits for each; what is under way then is finished while the process ends."""

_Given = ParamSpec("_Given")
_all: WeakSet["Background"] = WeakSet()


class Background:
    """One thread that does what it is given, in that order, beside whoever gives it. Any thread may do so.

    ``name`` is what the thread is called in the log. Work reports its own failures: nobody sees what it raises.
    """

    def __init__(self, name: str) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=name)
        _all.add(self)

    def submit(self, work: Callable[_Given, object], *args: _Given.args, **more: _Given.kwargs) -> None:
        """Does ``work(*args, **more)`` after whatever was given before."""
        self._thread.submit(work, *args, **more)

    def finish(self, within_seconds: float) -> None:
        """Waits until what was given so far is done; raises ``TimeoutError`` where that takes longer."""
        self._thread.submit(lambda: None).result(within_seconds)


def finish_all(within_seconds: float = FINISH_SECONDS) -> None:
    """Waits for all background work of this process, so long for each thread; what takes longer goes on."""
    for each in list(_all):
        with suppress(TimeoutError):
            each.finish(within_seconds)
