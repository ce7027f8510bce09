"""The exchange's own log: what happened on the telephone, one JSON line each, never changed afterwards."""

import json
import os
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

_CHUNK = 1 << 20


class Direction(StrEnum):
    """``OUT``: the service rings or writes to a subscriber; ``IN``: a subscriber to the service."""

    OUT = "out"
    IN = "in"


@dataclass(frozen=True)
class Subject:
    """What an entry is about: the call's sid, the other party's number (E.164; None when withheld), the direction."""

    call: str | None = None
    number: str | None = None
    direction: Direction | None = None


class Log:
    """Numbers entries from 1 and writes each with one ``write``; an existing file is continued.

    It survives the end of this process, not of the machine (no fsync). A last line torn by a crash is cut off.
    """

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        self._starts = array("Q", [0])
        self._listeners: list[Callable[[str, Subject], None]] = []
        self._index()

    def write(self, event: str, subject: Subject, **fields: object) -> None:
        """Appends one entry, with real UTC time in ``at``."""
        entry: dict[str, object] = {
            "seq": len(self._starts),
            "at": datetime.now(UTC).isoformat(timespec="microseconds"),
            "event": event,
            "call": subject.call,
            "number": subject.number,
        }
        if subject.direction is not None:
            entry["direction"] = subject.direction
        line = json.dumps(entry | fields, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        os.write(self._descriptor, line)
        self._starts.append(self._starts[-1] + len(line))
        for listener in self._listeners:
            listener(event, subject)

    def tell(self, listener: Callable[[str, Subject], None]) -> None:
        """From now on ``listener`` is called after each entry is written, with its event and what it is about."""
        self._listeners.append(listener)

    def after(self, seq: int) -> bytes:
        """All entries numbered above ``seq`` as one JSON list."""
        first = min(max(seq, 0), len(self._starts) - 1)
        start, end = self._starts[first], self._starts[-1]
        lines = os.pread(self._descriptor, end - start, start).splitlines()
        return b"[" + b",".join(lines) + b"]"

    def close(self) -> None:
        """Ends the log."""
        os.close(self._descriptor)

    def _index(self) -> None:
        position = 0
        while chunk := os.pread(self._descriptor, _CHUNK, position):
            found = chunk.find(b"\n")
            while found >= 0:
                self._starts.append(position + found + 1)
                found = chunk.find(b"\n", found + 1)
            position += len(chunk)
        os.ftruncate(self._descriptor, self._starts[-1])
