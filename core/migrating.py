"""Migrations: brings a database to the schema this version of the service works with."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import text

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
            command.upgrade(config, "head")
            connection.commit()
        finally:
            if not database.is_sqlite:
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _ADVISORY_LOCK})
                connection.commit()
