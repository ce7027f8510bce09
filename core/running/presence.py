"""Presence: whether a worker that shares our data directory still lives.

Each process holds a lock on a file of its own for as long as it lives. The operating system takes it away at the
instant of its death, however it dies, so that whoever finds it free need not wait for anything the dead one has held.
"""

import fcntl
import os
from contextlib import suppress
from pathlib import Path
from time import time
from typing import BinaryIO

FORGET_AFTER_SECONDS = 86_400
"""Longer than anything that a worker holds."""

_folder: Path | None = None
_held: BinaryIO | None = None


def announce(data_dir: Path, worker: str) -> None:
    """From now on this process is ``worker`` (a name never used before), and no other one any more."""
    global _folder, _held
    if _held is not None:
        _held.close()
    _folder = data_dir / "workers"
    _folder.mkdir(parents=True, exist_ok=True)
    _forget_the_long_gone(_folder)
    _held = (_folder / worker).open("wb")
    fcntl.flock(_held, fcntl.LOCK_EX)


def is_gone(worker: str) -> bool:
    """Whether ``worker`` has certainly died; False also for one that nobody here knows, on another machine perhaps."""
    if _folder is None:
        return False
    with suppress(FileNotFoundError):
        return _is_free(_folder / worker)
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
