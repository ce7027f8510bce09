"""Recordings: WAV files in a folder, until the service has fetched them and says so."""

import os
import re
from pathlib import Path
from uuid import uuid4

from trunk.calls.records import Kept
from trunk.sound.g711 import BYTES_A_SECOND, wav_of

_ID = re.compile("[0-9a-f]{32}")


class Recordings:
    """What parties have said after the beep, and what networks say instead of an answer."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def keep(self, pcm: bytes) -> Kept:
        """Is on the disk when this returns."""
        name = uuid4().hex
        descriptor = os.open(self._folder / f"{name}.draft", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "wb") as file:
            file.write(wav_of(pcm))
            file.flush()
            os.fsync(file.fileno())
        (self._folder / f"{name}.draft").replace(self._folder / f"{name}.wav")
        return Kept(name, max(1, round(len(pcm) / BYTES_A_SECOND)))

    def find(self, name: str) -> bytes | None:
        """The file's content; None where there is none of this name."""
        path = self._path(name)
        return path.read_bytes() if path is not None and path.exists() else None

    def delete(self, name: str) -> None:
        """One that is gone is no error."""
        if (path := self._path(name)) is not None:
            path.unlink(missing_ok=True)

    def _path(self, name: str) -> Path | None:
        return self._folder / f"{name}.wav" if _ID.fullmatch(name) else None
