"""What our database could not take while its sender waited: kept on this machine's disk until it can.

Each piece is one file, written before its sender is told that we have it, and removed once it is recorded; a restart
finds what its predecessor has left. What the database itself refuses for the time being is tried for ever. What can
never be recorded, whatever the database says, is set aside after some tries, so that it is neither lost nor tried on
and on; the log says so in one line.
"""

import json
import logging
import os
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from time import sleep
from typing import Any

from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError

from core import settings

log = logging.getLogger(__name__)
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 1.0, 60.0
TRIES = 5
"""So often something is tried that fails although the database answers: what is in its way may be mended meanwhile."""
SET_ASIDE = "set-aside"
Piece = dict[str, Any]


class Spool:
    """One folder of pieces below the data directory.

    ``record(piece)`` records one; doing that twice must change nothing. ``given_up(piece)`` is told of one that is set
    aside, None where it cannot even be read.
    """

    def __init__(
        self, folder: str, record: Callable[[Piece], None], given_up: Callable[[Piece | None], None] | None = None
    ) -> None:
        self._name, self._record, self._given_up = folder, record, given_up
        self._guard = threading.Lock()
        self._recording: threading.Thread | None = None
        self._failed: Counter[str] = Counter()

    def keep(self, name: str, piece: Piece) -> None:
        """Keeps the piece; it is on the disk when this returns, and is recorded as soon as that is possible."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = self._folder / f"{name}.draft"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump(piece, file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(draft.with_suffix(".json"))
        self.begin()

    def begin(self) -> None:
        """Records in the background whatever is kept; called at every start, and whenever something is kept."""
        with self._guard:
            if any(self.kept()) and (self._recording is None or not self._recording.is_alive()):
                self._recording = threading.Thread(target=self._record_all, name=self._name, daemon=True)
                self._recording.start()

    def kept(self) -> list[Path]:
        """What waits, the oldest name first."""
        return sorted(self._folder.glob("*.json"))

    @property
    def _folder(self) -> Path:
        return folder_of(settings.current().data_dir, self._name)

    def _record_all(self) -> None:
        pause = FIRST_PAUSE_SECONDS
        while self._some_left():
            sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
            for path in self.kept():
                self._record_kept(path)

    def _some_left(self) -> bool:
        """False ends the thread, in the same breath in which ``begin`` may see that there is none."""
        with self._guard:
            if any(self.kept()):
                return True
            self._recording = None
            return False

    def _record_kept(self, path: Path) -> None:
        try:
            self._record(json.loads(path.read_text("utf-8")))
        except Exception as failure:  # noqa: BLE001 - whatever it is, the piece stays
            self._failed_with(path, failure)
        else:
            path.unlink(missing_ok=True)
            self._failed.pop(path.name, None)

    def _failed_with(self, path: Path, failure: Exception) -> None:
        """What is the matter with the database, or the disk, is no fault of the piece."""
        if _is_the_databases(failure):
            log.warning("%s waits: the database cannot take it yet (%s)", path.name, type(failure).__name__)
            return
        self._failed[path.name] += 1
        log.debug("%s could not be recorded", path.name, exc_info=failure)
        if self._failed[path.name] >= TRIES:
            self._set_aside(path, failure)

    def _set_aside(self, path: Path, failure: Exception) -> None:
        """Whoever is to be told is told first: what they could not be told of is not set aside yet."""
        try:
            if self._given_up is not None:
                self._given_up(_read(path))
        except Exception as trouble:
            if _is_the_databases(trouble):
                return
            log.exception("nobody could be told of %s", path.name)
        aside = path.parent / SET_ASIDE
        aside.mkdir(exist_ok=True, mode=0o700)
        path.replace(aside / path.name)
        del self._failed[path.name]
        log.error("%s was set aside: it could not be recorded in %s tries (%s)", aside / path.name, TRIES,
                  type(failure).__name__)  # fmt: skip


def folder_of(data_dir: Path, name: str) -> Path:
    """Where the pieces of one kind wait."""
    return data_dir / name


def _is_the_databases(failure: Exception) -> bool:
    if isinstance(failure, IntegrityError | DataError):
        return False
    return isinstance(failure, SQLAlchemyError | OSError)  # a unit of work that came too late is a TimeoutError


def _read(path: Path) -> Piece | None:
    try:
        piece = json.loads(path.read_text("utf-8"))
    except ValueError:
        return None
    return piece if isinstance(piece, dict) else None
