"""A child process that answers JSON lines, with a deadline for every answer."""

import json
import os
import select
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

SOURCES: Final = Path(__file__).parent.parent


class ChildFailedError(Exception):
    """The child died, hung, talked nonsense or refused the order. Close it and start another."""


class Child:
    """One running child. Not thread-safe. It ends when its input closes, so it cannot outlive this process for long."""

    def __init__(self, command: Sequence[str]) -> None:
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=SOURCES, bufsize=0)

    @property
    def pid(self) -> int:
        """The operating system's number of the process."""
        return self._process.pid

    def ask(self, order: Mapping[str, object], timeout_seconds: float) -> dict[str, Any]:
        """Sends the order and returns the answer; raises ``ChildFailedError`` without one in time, or for a no."""
        deadline = time.monotonic() + timeout_seconds
        self._send(json.dumps(order).encode() + b"\n", deadline)
        answer = _answer(self._line(deadline))
        if not answer.get("ok"):
            raise ChildFailedError(f"the voice refused: {answer.get('error')}")
        return answer

    def close(self) -> None:
        """Ends the process at once and waits until it is gone."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()

    def _send(self, message: bytes, deadline: float) -> None:
        assert self._process.stdin is not None
        pipe = self._process.stdin.fileno()
        while message:
            if not select.select([], [pipe], [], _left(deadline))[1]:
                raise ChildFailedError("the voice hung: it reads no orders")
            try:
                message = message[os.write(pipe, message[: select.PIPE_BUF]) :]
            except BrokenPipeError as error:
                raise ChildFailedError("the voice died") from error

    def _line(self, deadline: float) -> bytes:
        assert self._process.stdout is not None
        pipe, line = self._process.stdout.fileno(), b""
        while not line.endswith(b"\n"):
            if not select.select([pipe], [], [], _left(deadline))[0]:
                raise ChildFailedError("the voice hung: no answer in time")
            if not (received := os.read(pipe, 65536)):
                raise ChildFailedError("the voice died")
            line += received
        return line


def _left(deadline: float) -> float:
    return max(0.0, deadline - time.monotonic())


def _answer(line: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(line)
    except ValueError as error:
        raise ChildFailedError("the voice answered nonsense") from error
    if not isinstance(answer, dict):
        raise ChildFailedError("the voice answered nonsense")
    return answer
