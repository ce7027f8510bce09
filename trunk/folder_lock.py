"""One trunk at a time has a folder: two would write one journal, and want the same ports."""

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

LOCK = "lock"
WAIT_SECONDS, LOOK_SECONDS = 20.0, 0.1
"""Whoever ends first hangs up, tells how its calls have ended, and takes its registration back."""


class FolderInUseError(Exception):
    """Another trunk has the folder, and does not end."""


@asynccontextmanager
async def held_alone(
    folder: Path, ended: asyncio.Event | None = None, seconds: float = WAIT_SECONDS
) -> AsyncIterator[None]:
    """Nobody else has ``folder`` within the block; one that is about to end is waited for.

    Raises ``FolderInUseError`` after so many seconds, and where it is ``ended`` itself meanwhile. The death of a
    process ends its hold.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        await _locked(descriptor, folder, ended, seconds)
        yield
    finally:
        os.close(descriptor)


async def _locked(descriptor: int, folder: Path, ended: asyncio.Event | None, seconds: float) -> None:
    until = asyncio.get_running_loop().time() + seconds
    while True:
        try:
            return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if asyncio.get_running_loop().time() > until or (ended is not None and ended.is_set()):
                raise FolderInUseError(f"another trunk has the folder {folder}, and does not end") from None
        await asyncio.sleep(LOOK_SECONDS)
