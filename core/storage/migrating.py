"""Migrations: brings a database to the schema this version of the service works with."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from enum import StrEnum
from functools import cache
from pathlib import Path
from sqlite3 import OperationalError

from sqlalchemy import Connection, inspect, text

from core.errors import ConflictError
from core.storage.database import Database

log = logging.getLogger(__name__)
_ADVISORY_LOCK = 0x5A414F414E  # "ZAOAN": processes that start together migrate one after the other


SCRIPTS = Path(__file__).parent / "migrations"
NEWER = ("A newer version of Zao'an has changed the database.", "Install that version here as well.")
_APPLIED = "alembic_version"
ENCRYPTED = "0052"
"""Since this migration no personal data is written as it is."""


class Schema(StrEnum):
    """How a database's schema stands to this version of the service."""

    MISSING = "missing"
    BEHIND = "behind"
    CURRENT = "current"
    AHEAD = "ahead"
    """A newer version of the service has migrated it."""


def schema(connection: Connection) -> Schema:
    """How this database's schema stands; changes nothing."""
    if not inspect(connection).has_table(_APPLIED):
        return Schema.MISSING
    applied = set(connection.scalars(text(f"SELECT version_num FROM {_APPLIED}")))
    if not applied:
        return Schema.MISSING
    if applied == {revisions()[-1]}:
        return Schema.CURRENT
    return Schema.BEHIND if applied <= set(revisions()) else Schema.AHEAD


@cache
def revisions() -> tuple[str, ...]:
    """This version's migrations, the newest last. Their files' names say it: reading them all takes half a second."""
    return tuple(sorted(path.name.partition("_")[0] for path in (SCRIPTS / "versions").glob("[0-9]*.py")))


def migrate(database: Database) -> None:
    """Applies every migration that is missing; does nothing when there is none.

    Raises ``ConflictError`` when a newer version has been here.
    """
    with database.engine.connect() as connection:
        state = schema(connection)
        if state is Schema.CURRENT:
            return
        if state is Schema.AHEAD:
            raise ConflictError(NEWER[0], way_out=NEWER[1])
        connection.rollback()
        _upgrade(database, connection)


def _upgrade(database: Database, connection: Connection) -> None:
    """Whoever waited for another process that migrates finds nothing left to do."""
    from alembic import command  # only here: nearly every start finds the schema as it must be
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    if not database.is_sqlite:
        connection.execute(text("SET lock_timeout = 0"))  # others may migrate for as long as they need
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _ADVISORY_LOCK})
    try:
        config.attributes["connection"] = connection
        was_plain = _was_plain(connection)
        with _references_unchecked(connection) if database.is_sqlite else nullcontext():
            command.upgrade(config, "head")
        connection.commit()
        if was_plain and database.is_sqlite:
            _forget_what_was_plain(connection)
    finally:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _ADVISORY_LOCK})
            connection.execute(text("RESET lock_timeout"))
            connection.commit()


def _was_plain(connection: Connection) -> bool:
    """Whether this database has rows of before personal data was encrypted."""
    there = inspect(connection).has_table(_APPLIED)
    applied = connection.scalars(text(f"SELECT version_num FROM {_APPLIED}")).all() if there else ()
    connection.rollback()
    return any(each < ENCRYPTED for each in applied)


def _forget_what_was_plain(connection: Connection) -> None:
    """What SQLite has replaced stays in the file until its place is needed; writing the file anew leaves it out."""
    connection.rollback()
    driver = connection.connection.driver_connection
    assert driver is not None
    try:
        driver.execute("VACUUM")
        driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except OperationalError as failure:
        log.warning("the database could not be written anew, so that what was plain may still stand in it: %s", failure)


@contextmanager
def _references_unchecked(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by replacing it, which rows that refer to it would forbid; they are checked at the end.

    The switch has no effect inside a transaction, so it is set on the connection before one begins.
    """
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
        if dangling := connection.exec_driver_sql("PRAGMA foreign_key_check").all():
            raise RuntimeError(f"rows would refer to nothing after migrating: {dangling[:5]}")
        connection.commit()
    finally:
        connection.rollback()
        driver.execute("PRAGMA foreign_keys=ON")
