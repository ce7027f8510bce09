"""Private files: what the service keeps on disk is for its own user alone.

The data directory holds people's addresses, what they said, and the key that signs. Whatever a process of ours makes is
readable by its user only (files 600, folders 700); what an earlier version has left more open is closed at the start.
"""

import logging
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

log = logging.getLogger(__name__)
FOR_OTHERS: Final = 0o077


def begin() -> None:
    """Whatever this process, or a child of it, makes from now on is for its own user alone."""
    os.umask(FOR_OTHERS)


def close_to_others(paths: Iterable[Path]) -> None:
    """Takes from everybody else the right to read these files and to look into these folders.

    What is not there, and what is only a link, is left alone. Says so in the log where another user owns it.
    """
    for path in paths:
        with suppress(FileNotFoundError):
            if path.is_symlink() or not is_open_to_others(path):
                continue
            try:
                path.chmod(path.stat().st_mode & ~FOR_OTHERS & 0o7777)
            except PermissionError:
                log.warning("%s can be read by others, and belongs to another user", path)


def is_open_to_others(path: Path) -> bool:
    """Whether another user of this machine may read the file, or look into the folder; False where there is none."""
    with suppress(FileNotFoundError):
        return bool(path.stat().st_mode & FOR_OTHERS)
    return False
