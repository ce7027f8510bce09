"""The journal: what must be known of calls after this process has died, one JSON line each, appended.

What ``kept`` writes is on the disk when it returns, also if the machine loses its power then.
"""

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

_NEWLINE = b"\n"


class Journal:
    """A file that is continued where it ends; a last line torn by a crash is cut off.

    Raises ``OSError`` where the file cannot be written.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._descriptor = self._opened()

    def entries(self) -> Iterator[dict[str, Any]]:
        """What was written, the earliest first; a line that nobody can read is left out."""
        with self._path.open("rb") as lines:
            for line in lines:
                if (entry := _read(line)) is not None:
                    yield entry

    def kept(self, entry: Mapping[str, Any]) -> None:
        """Appends an entry and waits for the disk."""
        self.noted(entry)
        os.fdatasync(self._descriptor)

    def noted(self, entry: Mapping[str, Any]) -> None:
        """Appends an entry that outlives this process, and perhaps not the machine."""
        line = _line(entry)
        if os.write(self._descriptor, line) != len(line):
            raise OSError(f"{self._path} took only a part of an entry")

    def rewrite(self, entries: Iterator[Mapping[str, Any]]) -> None:
        """From now on it has these entries alone: the old file stands until the new one is on the disk."""
        draft = self._path.with_name(f"{self._path.name}.draft")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(descriptor, "wb") as file:
            file.writelines(_line(entry) for entry in entries)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._path)
        self.close()
        self._descriptor = self._opened()
        _settle(self._path.parent)

    def close(self) -> None:
        """Writes no more."""
        os.close(self._descriptor)

    def _opened(self) -> int:
        is_new = not self._path.exists()
        descriptor = os.open(self._path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        size = os.fstat(descriptor).st_size
        if size and os.pread(descriptor, 1, size - 1) != _NEWLINE:
            os.ftruncate(descriptor, _last_line_end(descriptor, size))
        if is_new:
            _settle(self._path.parent)
        return descriptor


def _last_line_end(descriptor: int, size: int) -> int:
    return os.pread(descriptor, size, 0).rfind(_NEWLINE) + 1


def _line(entry: Mapping[str, Any]) -> bytes:
    return json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode() + _NEWLINE


def _read(line: bytes) -> dict[str, Any] | None:
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) else None


def _settle(folder: Path) -> None:
    """A new name in a folder is on the disk when the folder is."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
