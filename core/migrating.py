"""Migrations: brings a database to the schema this version of the service works with."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from core.database import Database

_ADVISORY_LOCK = 0x5A414F414E  # "ZAOAN": processes that start together migrate one after the other


def migrate(database: Database) -> None:
    """Applies every migration that is missing; does nothing when there is none."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with database.engine.connect() as connection:
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
