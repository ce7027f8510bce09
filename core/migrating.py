"""Migrations: brings a database to the schema this version of the service works with."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from enum import StrEnum
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from core.database import Database

_ADVISORY_LOCK = 0x5A414F414E  # "ZAOAN": processes that start together migrate one after the other


SCRIPTS = Path(__file__).parent / "migrations"


class Schema(StrEnum):
    """How a database's schema stands to this version of the service."""

    MISSING = "missing"
    BEHIND = "behind"
    CURRENT = "current"
    AHEAD = "ahead"
    """A newer version of the service has migrated it."""


def schema(connection: Connection) -> Schema:
    """How this database's schema stands; changes nothing."""
    applied = set(MigrationContext.configure(connection).get_current_heads())
    if not applied:
        return Schema.MISSING
    if applied == _newest():
        return Schema.CURRENT
    known = {each.revision for each in ScriptDirectory(str(SCRIPTS)).walk_revisions()}
    return Schema.BEHIND if applied <= known else Schema.AHEAD


@cache
def _newest() -> frozenset[str]:
    """Where this version's migrations lead; reading all of them takes a while."""
    return frozenset(ScriptDirectory(str(SCRIPTS)).get_heads())


def migrate(database: Database) -> None:
    """Applies every migration that is missing; does nothing when there is none."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    with database.engine.connect() as connection:
        if schema(connection) is Schema.CURRENT:
            return
        connection.rollback()
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _ADVISORY_LOCK})
        try:
            config.attributes["connection"] = connection
            with _references_unchecked(connection) if database.is_sqlite else nullcontext():
                command.upgrade(config, "head")
            connection.commit()
        finally:
            if not database.is_sqlite:
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _ADVISORY_LOCK})
                connection.commit()


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
