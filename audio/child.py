"""A child process that answers JSON lines, and is given up when it stands still.

A deadline on the clock would measure the machine: beside a hundred others a good voice needs a minute for its first
word. What is watched is the child itself: whether it works, or waits for a processor or a disk.
"""

from __future__ import annotations

import json
import math
import os
import select
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

SOURCES: Final = Path(__file__).parent.parent
MOST_WORK: Final = 4
"""So many times the limit of processor time is an endless loop."""

LOOK_SECONDS: Final = 0.5
"""Between two looks: whoever works at all has got some processor time meanwhile."""

LONGEST: Final = 20
"""So many times the limit nobody waits, whatever the child does."""


class ChildFailedError(Exception):
    """The child died, hung, talked nonsense or refused the order. Close it and start another."""


class Child:
    """One running child. Not thread-safe. It ends when its input closes, so it cannot outlive this process for long."""

    _worked, _looked_at = -1.0, float("-inf")
    _is_at_work = True

    def __init__(self, command: Sequence[str]) -> None:
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=SOURCES, bufsize=0)

    @property
    def pid(self) -> int:
        """The operating system's number of the process."""
        return self._process.pid

    def ask(self, order: Mapping[str, object], timeout_seconds: float) -> dict[str, Any]:
        """Sends the order and returns the answer; raises ``ChildFailedError`` for a no.

        So it does when the child has neither answered nor worked for ``timeout_seconds``, or has worked without end.
        """
        patience = _Patience(self.pid, timeout_seconds)
        self._send(json.dumps(order).encode() + b"\n", patience)
        answer = _answer(self._line(patience))
        if not answer.get("ok"):
            raise ChildFailedError(f"the voice refused: {answer.get('error')}")
        return answer

    def is_at_work(self) -> bool:
        """Whether it has worked, or waited for a processor, since it was last looked at; looked at often.

        Any thread may ask, also while the child is asked for something.
        """
        if time.monotonic() - self._looked_at > LOOK_SECONDS:
            now = _doing(self.pid)
            self._is_at_work = now.worked_seconds > self._worked or now.waits_for_its_turn
            self._worked, self._looked_at = now.worked_seconds, time.monotonic()
        return self._is_at_work

    def kill(self) -> None:
        """Ends the process at once: whoever waits for its answer learns that it died. Any thread may."""
        self._process.kill()

    def close(self) -> None:
        """Ends the process at once and waits until it is gone."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()

    def _send(self, message: bytes, patience: _Patience) -> None:
        assert self._process.stdin is not None
        pipe = self._process.stdin.fileno()
        while message:
            while not _is_ready(pipe, select.POLLOUT, patience.seconds):
                patience.check("it reads no orders")
            try:
                message = message[os.write(pipe, message[: select.PIPE_BUF]) :]
            except BrokenPipeError as error:
                raise ChildFailedError("the voice died") from error

    def _line(self, patience: _Patience) -> bytes:
        assert self._process.stdout is not None
        pipe, line = self._process.stdout.fileno(), b""
        while not line.endswith(b"\n"):
            while not _is_ready(pipe, select.POLLIN, patience.seconds):
                patience.check("no answer")
            if not (received := os.read(pipe, 65536)):
                raise ChildFailedError("the voice died")
            line += received
        return line


def _is_ready(pipe: int, event: int, within_seconds: float) -> bool:
    """Not by ``select.select``, which refuses pipes of a service that has more than 1,024 files and sockets open."""
    waiting = select.poll()
    waiting.register(pipe, event)
    return bool(waiting.poll(math.ceil(within_seconds * 1000)))


class _Patience:
    """How long a child is waited for: as long as it works, within bounds."""

    def __init__(self, pid: int, seconds: float) -> None:
        self.seconds = seconds
        self._pid = pid
        self._first = self._last = _doing(pid)
        self._until = time.monotonic() + LONGEST * seconds

    def check(self, silent: str) -> None:
        """After ``seconds`` of silence; raises ``ChildFailedError`` where the child stands still or works for ever."""
        now, before = _doing(self._pid), self._last
        self._last = now
        stands_still = now.worked_seconds <= before.worked_seconds and not now.waits_for_its_turn
        is_endless = now.worked_seconds - self._first.worked_seconds > MOST_WORK * self.seconds
        if stands_still or is_endless or time.monotonic() > self._until:
            raise ChildFailedError(f"the voice hung: {silent}")


@dataclass(frozen=True)
class _Doing:
    worked_seconds: float = 0.0
    waits_for_its_turn: bool = False


def _doing(pid: int) -> _Doing:
    """What the process has worked so far, and whether a processor or a disk is what it waits for.

    Only Linux tells; elsewhere it is as if it had done nothing.
    """
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    except OSError:
        return _Doing()
    return _Doing((int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"), fields[0] in "RD")


def _answer(line: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(line)
    except ValueError as error:
        raise ChildFailedError("the voice answered nonsense") from error
    if not isinstance(answer, dict):
        raise ChildFailedError("the voice answered nonsense")
    return answer
