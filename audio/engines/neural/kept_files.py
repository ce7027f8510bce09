"""Large published files, kept once for all copies of Zao'an on a machine, each under its name and its sha256.

They lie in the user's cache (XDG Base Directory Specification), or beside the Python environment where the cache cannot
be written. A file that anybody else may write is not used. What a file holds is compared with its sha256 when it is
found; a stamp beside it says which size and time of change were compared, so that the next process need not read it.
"""

import hashlib
import os
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

DRAFT: Final = ".draft-"
LEFT_BEHIND_SECONDS: Final = 3600
"""A draft of this age is of a process that was killed; writing one takes seconds."""
FOR_OTHERS_TO_WRITE: Final = 0o022
READABLE: Final = 0o644


class WrongContentError(Exception):
    """What was to be kept is not what was published under this name."""


@dataclass(frozen=True)
class Published:
    """A file that was published: its name, and the sha256 of what it holds (hexadecimal)."""

    name: str
    sha256: str

    @property
    def kept_name(self) -> str:
        """Versions of Zao'an that use different files of one name do not disturb each other."""
        stem, dot, ending = self.name.partition(".")
        return f"{stem}-{self.sha256[:12]}{dot}{ending}"


def folders() -> Sequence[Path]:
    """Where kept files may lie, the best place first."""
    return (*_caches(), Path(sys.prefix) / "share" / "zaoan" / "voice")


def lies_kept(published: Published) -> bool:
    """Whether a file of this name and sha256 is kept; what it holds is not looked at."""
    return any((folder / published.kept_name).is_file() for folder in folders())


def find(published: Published) -> Path | None:
    """The kept file, compared with its sha256; None where there is none that may be used."""
    kept = (folder / published.kept_name for folder in folders())
    return next((path for path in kept if is_intact(path, published.sha256)), None)


def keep(published: Published, content: Iterable[bytes]) -> Path:
    """Keeps ``content`` in the best folder that can be written; whoever looks sees all of it or nothing.

    Any number of processes may keep the same file at once. Raises ``WrongContentError`` if it is not what was
    published, ``OSError`` if no folder takes it (why the best one does not).
    """
    pieces = list(content)
    _compare(published, pieces)
    refused = []
    for folder in folders():
        try:
            return _keep(folder, published, pieces)
        except OSError as failure:
            refused.append(failure)
    raise refused[0]


def find_made(name: str) -> Path | None:
    """What this program has made and kept under this name, compared with what was noted then; None without it."""
    for folder in folders():
        path = folder / name
        with suppress(OSError, UnicodeDecodeError):
            note = _note_of(path)
            if _is_ours(note) and is_intact(path, note.read_text("ascii").strip()):
                return path
    return None


def keep_made(name: str, content: bytes) -> Path:
    """Keeps what this program has made, as ``keep`` does what was published. Raises ``OSError``."""
    sha256 = hashlib.sha256(content).hexdigest()
    refused = []
    for folder in folders():
        try:
            return _keep_made(folder / name, sha256, content)
        except OSError as failure:
            refused.append(failure)
    raise refused[0]


def is_intact(path: Path, sha256: str) -> bool:
    """Whether the file may be trusted and holds what it should. Reads it only if its stamp says something else."""
    try:
        if not (_is_ours(path.parent) and _is_ours(path)):
            return False
        if _stamped(path) == _state(path, sha256):
            return True
        if digest(path) != sha256:
            return False
    except OSError:
        return False
    _stamp(path, sha256)
    return True


def digest(path: Path) -> str:
    """The sha256 of what a file holds, hexadecimal; raises ``OSError``."""
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _caches() -> Iterator[Path]:
    """The specification has a relative path ignored; a user without a home has no cache."""
    named = Path(os.environ.get("XDG_CACHE_HOME", ""))
    with suppress(RuntimeError):
        yield (named if named.is_absolute() else Path.home() / ".cache") / "zaoan" / "voice"


def _compare(published: Published, pieces: Iterable[bytes]) -> None:
    found = hashlib.sha256()
    for piece in pieces:
        found.update(piece)
    if found.hexdigest() != published.sha256:
        raise WrongContentError(published.name)


def _keep(folder: Path, published: Published, pieces: Iterable[bytes]) -> Path:
    _make_ready(folder)
    path = folder / published.kept_name
    _write(path, pieces)
    _stamp(path, published.sha256)
    return path


def _keep_made(path: Path, sha256: str, content: bytes) -> Path:
    """The note comes last: what has none is made again."""
    _make_ready(path.parent)
    _write(path, [content])
    _stamp(path, sha256)
    _write(_note_of(path), [f"{sha256}\n".encode("ascii")])
    return path


def _make_ready(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o755)
    if not _is_ours(folder):
        raise PermissionError(f"others may write in {folder}")
    _clear_up(folder)


def _write(path: Path, pieces: Iterable[bytes]) -> None:
    descriptor, draft = tempfile.mkstemp(prefix=f"{DRAFT}{path.name}-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as opened:
            opened.writelines(pieces)
            opened.flush()
            os.fsync(opened.fileno())
            os.fchmod(opened.fileno(), READABLE)
        os.replace(draft, path)
    except BaseException:
        os.unlink(draft)
        raise


def _clear_up(folder: Path) -> None:
    for draft in folder.glob(f"{DRAFT}*"):
        with suppress(OSError):  # another process has finished or removed it
            if draft.stat().st_mtime < time.time() - LEFT_BEHIND_SECONDS:
                draft.unlink()


def _stamp(path: Path, sha256: str) -> None:
    with suppress(OSError):  # without one the next process compares again
        _write(_stamp_of(path), [_state(path, sha256)])


def _stamped(path: Path) -> bytes:
    with suppress(FileNotFoundError):
        return _stamp_of(path).read_bytes() if _is_ours(_stamp_of(path)) else b""
    return b""


def _note_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.sha256")


def _stamp_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.compared")


def _state(path: Path, sha256: str) -> bytes:
    status = path.stat()
    return f"{sha256} {status.st_size} {status.st_mtime_ns}\n".encode("ascii")


def _is_ours(path: Path) -> bool:
    """Whether nobody but this user and root may change it."""
    status = path.stat()
    return status.st_uid in {0, os.geteuid()} and not status.st_mode & FOR_OTHERS_TO_WRITE
