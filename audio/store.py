"""Clips on disk: one µ-law WAV file for each speech, named by its digest, never changed once it is there."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

if TYPE_CHECKING:
    from audio.telephone import TelephoneSamples


@dataclass(frozen=True)
class Clip:
    """A finished sound file, 8 kHz mono µ-law."""

    digest: str
    path: Path


class ClipStore:
    """A folder of clips that any number of processes share. Makes the folder."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()
        self._root.mkdir(parents=True, exist_ok=True)

    def find(self, digest: str) -> Clip | None:
        """The clip if it is on disk now (one look at the disk: another process may have made or removed it)."""
        clip = self._clip(digest)
        return clip if os.path.exists(clip.path) else None

    def add(self, digest: str, samples: TelephoneSamples) -> Clip:
        """Keeps the clip; whoever looks sees all of it or nothing, also after a crash."""
        from audio.telephone import write_ulaw  # as in voice.py: costs seconds, and is not needed to find a clip

        clip = self._clip(digest)
        draft = self._root / f"{digest}.{uuid4().hex}.draft"
        try:
            write_ulaw(draft, samples)
            _flush(draft)
            os.replace(draft, clip.path)
        finally:
            draft.unlink(missing_ok=True)
        return clip

    def _clip(self, digest: str) -> Clip:
        return Clip(digest, self._root / f"{digest}.wav")


def _flush(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
