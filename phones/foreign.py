"""Telephones of a foreign SIP stack: processes of pjsua2, each at a port of its own, behind the gateway."""

import asyncio
import json
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

CALLS_A_PROCESS = 4
"""Compiled into pjsua2-python (2.15.1)."""
OVER, READY = "over", "ready"
RECEPTION = "x-reception"
"""The header that says which call to a number it is."""


class Exchange:
    """One process, and the calls that it has."""

    def __init__(self, process: asyncio.subprocess.Process, port: int) -> None:
        self.port = port
        self.calls: set[str] = set()
        self._process, self._is_gone = process, False

    async def run(self, ended: Callable[[str], None]) -> None:
        """Follows what it tells, until it ends."""
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            told, _, call = line.decode().strip().partition(" ")
            if told == OVER:
                self.calls.discard(call)
                ended(call)
        self._is_gone = True

    async def close(self) -> None:
        """Ends with its standard input."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        await self._process.wait()

    @property
    def has_room(self) -> bool:
        """Whether it takes another call."""
        return not self._is_gone and len(self.calls) < CALLS_A_PROCESS


async def started(host: str, port: int, people: Path, log: Path) -> Exchange:
    """A process at ``port`` whose telephones belong to ``people``. Raises ``RuntimeError`` where it does not start."""
    command = [sys.executable, "-m", "phones.pjsua", host, str(port), str(people), str(log)]
    process = await asyncio.create_subprocess_exec(
        *command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    while line := await process.stdout.readline():  # pjsua2 says things of its own
        if line.decode().strip() == READY:
            return Exchange(process, port)
    raise RuntimeError("pjsua2 did not start")


def is_installed() -> bool:
    """Whether there is a pjsua2 at all."""
    return find_spec("pjsua2") is not None


def read_people(path: Path) -> object:
    """As they were written for the telephones."""
    return json.loads(path.read_text("utf-8"))
