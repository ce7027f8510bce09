"""Presence: whether a worker that shares our data directory still lives.

Each process holds a lock on a file of its own for as long as it lives. The operating system takes it away at the
instant of its death, however it dies, so that whoever finds it free need not wait for anything the dead one has held.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import time
from typing import BinaryIO, NamedTuple

FORGET_AFTER_SECONDS = 86_400
"""Longer than anything that a worker holds."""


class Announced(NamedTuple):
    """The folder in which workers are announced, and the file there whose lock is ours."""

    folder: Path
    held: BinaryIO


_current: Announced | None = None


def announce(data_dir: Path, worker: str) -> None:
    """From now on this process is ``worker`` (a name never used before), and no other one any more."""
    global _current
    if _current is not None:
        _current.held.close()
    folder = data_dir / "workers"
    folder.mkdir(parents=True, exist_ok=True)
    _forget_the_long_gone(folder)
    _current = Announced(folder, (folder / worker).open("wb"))
    fcntl.flock(_current.held, fcntl.LOCK_EX)


@contextmanager
def using(announced: Announced | None) -> Iterator[None]:
    """For the time being this process is the worker that was announced so, None: no worker.

    The one that it was before lives on meanwhile, and one that it has become is given up.
    """
    global _current
    before, _current = _current, announced
    try:
        yield
    finally:
        if _current is not None and _current is not announced:
            _current.held.close()
        _current = before


def is_gone(worker: str) -> bool:
    """Whether ``worker`` has certainly died; False also for one that nobody here knows, on another machine perhaps."""
    if _current is None:
        return False
    with suppress(FileNotFoundError):
        return _is_free(_current.folder / worker)
    return False


def _is_free(path: Path) -> bool:
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def _forget_the_long_gone(folder: Path) -> None:
    for path in folder.iterdir():
        with suppress(FileNotFoundError):
            if os.stat(path).st_mtime < time() - FORGET_AFTER_SECONDS and _is_free(path):
                path.unlink()
