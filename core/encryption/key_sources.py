"""Where the data keys of a process come from: given by a setting, or kept in a file that may change meanwhile."""

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from core.encryption.data_keys import DataKey, keys_in, written

PUT_ASIDE: Final = ".old"
"""How the name of the file ends in which keys are kept that no row needs."""


class KeySource(Protocol):
    """Keys, and whether they may have changed."""

    def read(self) -> Sequence[DataKey]:
        """The newest first; raises ``OSError`` and ``UserError`` where they cannot be read."""

    def state(self) -> object:
        """Equal as long as the keys are the same; costs microseconds."""

    @property
    def place(self) -> str:
        """Where a person looks for them."""


@dataclass(frozen=True)
class GivenKeys:
    """Keys that a setting gives; ``place`` is its name."""

    given: Sequence[DataKey]
    place: str

    def read(self) -> Sequence[DataKey]:
        """Those that were given."""
        return self.given

    def state(self) -> object:
        """Always the same."""
        return None


@dataclass(frozen=True)
class KeyFile:
    """Keys in a file, one on a line; it is replaced as a whole, never written into."""

    path: Path

    @property
    def place(self) -> str:
        """The file with its whole path."""
        return str(self.path.absolute())

    def read(self) -> Sequence[DataKey]:
        """What stands in it; none where there is no file."""
        with suppress(FileNotFoundError):
            return keys_in(self.path.read_text(encoding="ascii", errors="replace"), self.place)
        return ()

    def state(self) -> object:
        """When it was replaced last, and by which file; None where there is none."""
        with suppress(FileNotFoundError):
            seen = self.path.stat()
            return seen.st_mtime_ns, seen.st_ino, seen.st_size
        return None

    def begin(self, key: DataKey) -> None:
        """Writes the first key, unless another process has written one meanwhile."""
        write_once(self.path, written([key]))

    def replace(self, keys: Sequence[DataKey]) -> None:
        """These keys from now on; who reads the file meanwhile finds all of them or all of those before."""
        draft = _draft(self.path, written(keys))
        draft.replace(self.path)

    def put_aside(self, keys: Sequence[DataKey]) -> None:
        """Keeps keys that no row needs beside the file, for backups that were made before; nobody of us reads them."""
        aside = KeyFile(self.path.with_name(f"{self.path.name}{PUT_ASIDE}"))
        aside.replace([*keys, *(each for each in aside.read() if each not in keys)])


def write_once(path: Path, text: str) -> None:
    """Processes that start together must agree on one key, so the finished file is linked, never replaced."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = _draft(path, text)
    with suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()


def _draft(path: Path, text: str) -> Path:
    """The text beside its place, on the disk for certain, readable by nobody else (600)."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return draft
