"""The database: can it be reached and written, is its schema this version's, is there room for it?"""

import shutil
from pathlib import Path

from sqlalchemy import text, update
from sqlalchemy.orm import Session

from core.running.installation import Installation
from core.settings import Settings
from core.storage.migrating import NEWER, Schema, schema
from zaoan.checks.finding import Finding, ok, warning, wrong
from zaoan.process.looking import NoDatabaseError, UnreachableError, looking, url_of

CHECK = "database"
LEAST_FREE_BYTES = 100 << 20
LITTLE_FREE_BYTES = 1 << 30
LARGE_WAL_BYTES = 256 << 20
_SAID = {
    Schema.MISSING: ("The database is empty.", "Start the service once (`zaoan up`), or run `zaoan migrate`."),
    Schema.BEHIND: ("The database's schema is older than this version.", "Run `zaoan migrate`."),
    Schema.AHEAD: NEWER,
}


def examine_database(chosen: Settings) -> list[Finding]:
    """Reachable, schema at head, writable; then the room on its disk."""
    try:
        with looking(chosen) as session:
            findings = _looked_at(session)
    except NoDatabaseError as missing:
        mend = "Start the service once (`zaoan up`), or run `zaoan migrate`; or mend ZAOAN_DATABASE_URL."
        return [wrong(CHECK, "There is no database at {path} yet.", mend, path=missing), *_room(chosen)]
    except UnreachableError as failure:
        mend = "Start it, let this user write its folder, or mend ZAOAN_DATABASE_URL."
        return [wrong(CHECK, "The database does not work: {reason}.", mend, reason=failure), *_room(chosen)]
    return [*findings, *_room(chosen)]


def _looked_at(session: Session) -> list[Finding]:
    state = schema(session.connection())
    if state in _SAID:
        said, mend = _SAID[state]
        return [wrong(CHECK, said, mend)]
    session.execute(update(Installation).values(purpose=Installation.purpose))  # undone: only whether it may
    session.rollback()
    name = session.get_bind().dialect.name
    return [ok(CHECK, "{name} answers, can be written, and has this version's schema.", name=name), *_journal(session)]


def _journal(session: Session) -> list[Finding]:
    if session.get_bind().dialect.name != "sqlite" or session.scalar(text("PRAGMA journal_mode")) == "wal":
        return []
    mend = "Keep the database on a local disk; network folders cannot share it."
    return [warning(CHECK, "SQLite does not keep a write-ahead log here, so readers and writers wait.", mend)]


def _room(chosen: Settings) -> list[Finding]:
    folder = _folder(chosen)
    free = shutil.disk_usage(folder).free
    gaps = {"folder": folder, "free": f"{free / 1e9:.1f} GB"}
    mend = "Make room on that disk, or move the folder to a larger one."
    if free < LEAST_FREE_BYTES:
        return [wrong(CHECK, "The disk of {folder} is full ({free} left).", mend, **gaps)]
    if free < LITTLE_FREE_BYTES:
        return [warning(CHECK, "The disk of {folder} is nearly full ({free} left).", mend, **gaps)]
    return [ok(CHECK, "{free} are free on the disk of {folder}.", **gaps), *_log_size(chosen)]


def _log_size(chosen: Settings) -> list[Finding]:
    path = Path(f"{_file(chosen)}-wal")
    if not path.exists() or path.stat().st_size < LARGE_WAL_BYTES:
        return []
    mend = "Something has been reading for a long time; restart the service, and what else opens the file."
    size = f"{path.stat().st_size / 1e6:.0f} MB"
    return [warning(CHECK, "The write-ahead log has grown to {size}.", mend, size=size)]


def _folder(chosen: Settings) -> Path:
    """The nearest folder that exists: that of the database's file, or of our own files beside a database server."""
    file = _file(chosen)
    folder = (file.parent if file else chosen.data_dir).absolute()
    return next(each for each in (folder, *folder.parents) if each.exists())


def _file(chosen: Settings) -> Path | None:
    try:
        url = url_of(chosen)
    except UnreachableError:
        return None
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None
