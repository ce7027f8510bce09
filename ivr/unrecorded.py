"""Answers that our database could not take while their caller waited: kept on this machine's disk until it can.

Each is one file, written before the caller hears the apology and removed once its answer is recorded; a restart finds
what its predecessor has left. Recording one twice changes nothing, because its turn is recorded once.
"""

import json
import logging
import os
import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from time import sleep
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from core import settings
from core.database import unit_of_work
from ivr import calls, conversation
from ivr.dialogue import Heard, Position, Sound

log = logging.getLogger(__name__)
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 1.0, 60.0
_guard = threading.Lock()
_recording: threading.Thread | None = None


@dataclass(frozen=True)
class Unrecorded:
    """A key that was pressed and could not be stored: its turn, and where in the dialogue it was asked for."""

    call_id: str
    provider_id: str
    number: int
    key: str
    step: str | None
    play: int


def keep(answer: Unrecorded) -> None:
    """Keeps the answer; it is on the disk when this returns. It will be recorded as soon as that is possible."""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f"{answer.call_id}-{answer.number}.draft"
    with draft.open("w", encoding="utf-8") as file:
        json.dump(asdict(answer), file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(draft.with_suffix(".json"))
    begin()


def begin() -> None:
    """Records in the background whatever is kept; called at every start, and whenever something is kept."""
    global _recording
    with _guard:
        if any(_kept()) and (_recording is None or not _recording.is_alive()):
            _recording = threading.Thread(target=_record_all, name="unrecorded", daemon=True)
            _recording.start()


def _record_all() -> None:
    pause = FIRST_PAUSE_SECONDS
    while _some_left():
        sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
        for path in _kept():
            _record_kept(path)


def _some_left() -> bool:
    """False ends the thread, in the same breath in which ``begin`` may see that there is none."""
    global _recording
    with _guard:
        if any(_kept()):
            return True
        _recording = None
        return False


def _record_kept(path: Path) -> None:
    try:
        record(Unrecorded(**json.loads(path.read_text("utf-8"))))
    except (SQLAlchemyError, OSError, LookupError, ValueError, TypeError, RuntimeError):
        log.exception("the answer in %s cannot be recorded yet", path)
    else:
        path.unlink(missing_ok=True)


def record(answer: Unrecorded) -> None:
    """Records the answer as one whose caller was told that a person will be in touch."""
    position = Position(answer.step, answer.play) if answer.step else None
    with unit_of_work() as session:
        call = calls.held(session, UUID(answer.call_id))
        if call is not None and calls.adopt(session, call, answer.provider_id):
            conversation.reply(session, call, answer.number, Heard(Sound.LOST, answer.key), position)


def _kept() -> list[Path]:
    return sorted(_folder().glob("*.json"))


def _folder() -> Path:
    return settings.current().data_dir / "unrecorded"
