"""A process that has many files open, as a service that many people look at."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from resource import RLIMIT_NOFILE, getrlimit, setrlimit

MANY = 1_100
"""More than ``FD_SETSIZE``, the 1,024 of select(2)."""


@contextmanager
def a_thousand_files_open() -> Iterator[None]:
    """Whatever is opened now has a number above those that select(2) knows."""
    soft, hard = getrlimit(RLIMIT_NOFILE)
    with ExitStack() as opened:
        setrlimit(RLIMIT_NOFILE, (hard if soft < 2 * MANY else soft, hard))
        opened.callback(setrlimit, RLIMIT_NOFILE, (soft, hard))
        for _ in range(MANY):
            opened.enter_context(Path(os.devnull).open())
        yield
