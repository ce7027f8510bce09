"""What a database works for a piece of our code, in what does not depend on the machine: steps of SQLite's virtual
machine, rows that PostgreSQL has looked at.
"""

import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import event, text

from core.storage import database
from core.storage.database import reading

_EVERY = 10
_FLUSHED_SECONDS = 1.5
"""A backend that has ended has told the statistics of its last transaction by then."""
_ROWS = text("SELECT tup_returned + tup_fetched FROM pg_stat_database WHERE datname = current_database()")


def worked(once: Callable[[], object]) -> int:
    """Steps of SQLite, or rows of PostgreSQL, that ``once`` takes."""
    with reading() as session:
        is_server = session.connection().dialect.name == "postgresql"
    return _rows(once) if is_server else _steps(once)


def _steps(once: Callable[[], object]) -> int:
    """Counted for each statement, in whatever thread it is made."""
    found: list[int] = []

    def count(connection: Any, *_: object) -> None:
        connection.connection.dbapi_connection.set_progress_handler(lambda: found.append(_EVERY), _EVERY)

    engines = database.current().engines
    for engine in engines:
        event.listen(engine, "before_cursor_execute", count)
    try:
        once()
        return sum(found)
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", count)


def _rows(once: Callable[[], object]) -> int:
    before = _flushed()
    once()
    return _flushed() - before


def _flushed() -> int:
    """The rows so far; connections are ended, because only then all is told."""
    for engine in database.current().engines:
        engine.dispose()
    time.sleep(_FLUSHED_SECONDS)
    with reading() as session:
        return int(session.scalars(_ROWS).one())
