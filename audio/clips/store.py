"""Clips on disk: one µ-law WAV file for each speech, named by its digest, never changed once it is there."""

from __future__ import annotations

import fcntl
import logging
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, BinaryIO, Final
from uuid import uuid4

if TYPE_CHECKING:
    from audio.sound.telephone import TelephoneSamples

log = logging.getLogger(__name__)
MARKED_EVERY_SECONDS: Final = 86_400.0
TURNS: Final = "turns"
DRAFTS: Final = "drafts"
UNUSED_SECONDS: Final = 60 * 86_400.0
"""Much longer than any call waits: a clip is found when its call is claimed, and again for every reply."""


@dataclass(frozen=True)
class Clip:
    """A finished sound file, 8 kHz mono µ-law."""

    digest: str
    path: Path


class ClipStore:
    """A folder of clips that any number of processes share. Makes the folder.

    A clip that is found, or served, is marked as used, at most once a day: ``prune`` removes what was not used since.
    """

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()
        self._root.mkdir(parents=True, exist_ok=True)
        self._drafts = self._root / DRAFTS
        self._clear_up()

    def find(self, digest: str) -> Clip | None:
        """The clip if it is on disk now (one look at the disk: another process may have made or removed it)."""
        clip = self._clip(digest)
        try:
            if os.stat(clip.path).st_mtime < time.time() - MARKED_EVERY_SECONDS:
                os.utime(clip.path)
        except FileNotFoundError:
            return None
        except PermissionError:
            log.warning("the clip %s cannot be marked as used: it belongs to another user", digest)
        return clip

    @contextmanager
    def turn(self, digest: str) -> Iterator[None]:
        """Waits until nobody else, in whatever process, makes this clip; when a process dies, its turn is over.

        Whoever has it waits for nothing but the clip's own making: an alert may stand behind it.
        """
        place = self._root / TURNS / digest
        place.parent.mkdir(exist_ok=True)
        with _turn_at(place):
            try:
                yield
            finally:
                place.unlink(missing_ok=True)

    def add(self, digest: str, samples: TelephoneSamples) -> Clip:
        """Keeps the clip; whoever looks sees all of it or nothing, also after a crash."""
        from audio.sound.telephone import write_ulaw  # as in voice.py: costs seconds, and is not needed to find a clip

        return self._keep(digest, lambda draft: write_ulaw(draft, samples))

    def put(self, digest: str, content: bytes) -> Clip:
        """Keeps a finished sound file (8 kHz µ-law WAV), as ``add`` does."""
        return self._keep(digest, lambda draft: draft.write_bytes(content))

    @contextmanager
    def workplace(self) -> Iterator[Path]:
        """A folder for a sound that is being made: gone afterwards, and at the next start if this process has died."""
        self._drafts.mkdir(exist_ok=True)
        with _locked(self._drafts, fcntl.LOCK_SH):
            place = TemporaryDirectory(dir=self._drafts)
            held = os.open(place.name, os.O_RDONLY)
            fcntl.flock(held, fcntl.LOCK_EX)
        try:
            yield Path(place.name)
        finally:
            os.close(held)
            place.cleanup()

    def _clear_up(self) -> None:
        """Removes the workplaces of processes that have died: what is said in them is about people."""
        if not self._drafts.exists():
            return
        with _locked(self._drafts, fcntl.LOCK_EX):
            for place in self._drafts.iterdir():
                with suppress(BlockingIOError, FileNotFoundError), _locked(place, fcntl.LOCK_EX | fcntl.LOCK_NB):
                    shutil.rmtree(place, ignore_errors=True)

    def prune(self, unused_seconds: float = UNUSED_SECONDS) -> int:
        """Removes clips that nobody has used for so long, and what a crash left; returns how many clips.

        Whoever needs one again makes it again.
        """
        before = time.time() - unused_seconds
        for left in (*self._root.glob("*.draft"), *self._root.glob(f"{TURNS}/*")):
            if _last_used(left) < time.time() - MARKED_EVERY_SECONDS:
                left.unlink(missing_ok=True)
        return sum(self._removed(path, before) for path in self._root.glob("*.wav"))

    def _keep(self, digest: str, write: Callable[[Path], object]) -> Clip:
        clip = self._clip(digest)
        draft = self._root / f"{digest}.{uuid4().hex}.draft"
        try:
            write(draft)
            _flush(draft)
            os.replace(draft, clip.path)
        finally:
            draft.unlink(missing_ok=True)
        return clip

    def _removed(self, path: Path, before: float) -> bool:
        """Put aside first and looked at again: a clip that was found a moment ago is put back."""
        if _last_used(path) >= before:
            return False
        aside = path.with_suffix(f".{uuid4().hex}.draft")
        try:
            os.rename(path, aside)
        except FileNotFoundError:
            return False
        if _last_used(aside) >= before:
            with suppress(FileNotFoundError):  # somebody else who prunes has taken it for a crash's draft
                os.replace(aside, path)
            return False
        aside.unlink(missing_ok=True)
        return True

    def _clip(self, digest: str) -> Clip:
        return Clip(digest, self._root / f"{digest}.wav")


def _turn_at(place: Path) -> BinaryIO:
    """The file of a turn, locked until it is closed: a new one, if whoever had the turn before has removed theirs."""
    while True:
        held = place.open("wb")
        fcntl.flock(held, fcntl.LOCK_EX)
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(held.fileno()), place.stat()):
                return held
        held.close()


@contextmanager
def _locked(folder: Path, how: int) -> Iterator[None]:
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, how)
        yield
    finally:
        os.close(held)


def _last_used(path: Path) -> float:
    """Seconds since the epoch; the far future for a file that is gone."""
    try:
        return os.stat(path).st_mtime
    except FileNotFoundError:
        return float("inf")


def _flush(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
