"""How a command ends: at once, when everything that has to be closed is closed.

Python then frees one object after another, which of a service that has run for a morning takes a second on a quiet
machine, and several on a busy one. Whoever has stopped it waits, and the system frees all of it at once.
"""

import atexit
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def leaving_at_once() -> Iterator[None]:
    """A command that ends inside with an exit code ends the process; threads and ``atexit`` have their turn before.

    What ends in another way, by a failure of our own above all, ends as Python does it.
    """
    code: list[int] = []
    atexit.register(_leave, code)  # before all others, and therefore called after them
    try:
        yield
    except SystemExit as told:
        if told.code is None or isinstance(told.code, int):
            code.append(told.code or 0)
        raise


def _leave(code: list[int]) -> None:
    if not code:
        return
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):  # whoever was to read it is gone, which Python tells as it always does
            return
    os._exit(code[0])
