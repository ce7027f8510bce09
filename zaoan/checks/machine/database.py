"""The database: can it be reached and written, is its schema this version's?"""

from sqlalchemy import text, update
from sqlalchemy.orm import Session

from core.running.installation import Installation
from core.settings import Settings
from core.storage.migrating import NEWER, Schema, schema
from zaoan.checks.machine.disk import examine_disk
from zaoan.checks.observation import Observation, ok, warning, wrong
from zaoan.process.looking import NoDatabaseError, UnreachableError, looking

CHECK = "database"
_SAID = {
    Schema.MISSING: ("The database is empty.", "Start the service once (`zaoan up`), or run `zaoan migrate`."),
    Schema.BEHIND: ("The database's schema is older than this version.", "Run `zaoan migrate`."),
    Schema.AHEAD: NEWER,
}


def examine_database(chosen: Settings) -> list[Observation]:
    """Reachable, schema at head, writable; then the room on its disk (``zaoan.checks.machine.disk``)."""
    try:
        with looking(chosen) as session:
            observations = _looked_at(session)
    except NoDatabaseError as missing:
        mend = "Start the service once (`zaoan up`), or run `zaoan migrate`; or mend ZAOAN_DATABASE_URL."
        return [wrong(CHECK, "There is no database at {path} yet.", mend, path=missing), *examine_disk(chosen)]
    except UnreachableError as failure:
        mend = "Start it, let this user write its folder, or mend ZAOAN_DATABASE_URL."
        return [wrong(CHECK, "The database does not work: {reason}.", mend, reason=failure), *examine_disk(chosen)]
    return [*observations, *examine_disk(chosen)]


def _looked_at(session: Session) -> list[Observation]:
    state = schema(session.connection())
    if state in _SAID:
        said, mend = _SAID[state]
        return [wrong(CHECK, said, mend)]
    session.execute(update(Installation).values(purpose=Installation.purpose))  # undone: only whether it may
    session.rollback()
    name = session.get_bind().dialect.name
    return [ok(CHECK, "{name} answers, can be written, and has this version's schema.", name=name), *_journal(session)]


def _journal(session: Session) -> list[Observation]:
    if session.get_bind().dialect.name != "sqlite" or session.scalar(text("PRAGMA journal_mode")) == "wal":
        return []
    mend = "Keep the database on a local disk; network folders cannot share it."
    return [warning(CHECK, "SQLite does not keep a write-ahead log here, so readers and writers wait.", mend)]
