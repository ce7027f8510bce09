"""Where an installation is: its database. Another folder must not quietly be another installation."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from core.errors import NotFoundError, UserError
from core.running import private_files
from core.settings import Settings
from core.storage.database import Database
from core.storage.migrating import Schema, schema
from core.storage.unreachable import NO_ADDRESS

SQLITE_ENDINGS: Final = ("", "-wal", "-shm", "-journal")
OWN_NAMES: Final = (
    "secret_key",
    "data_keys",
    "data_keys.old",
    "exchange.jsonl",
    "clips",
    "workers",
    "unrecorded",
    "reports",
    "trunk",
)
"""In the data directory."""


def place_of(chosen: Settings) -> str:
    """The database's file with its whole path, or its address without a password."""
    url = _url(chosen)
    file = _file(url)
    return str(file) if file else url.render_as_string(hide_password=True)


def own_files(chosen: Settings) -> Sequence[Path]:
    """What an installation keeps on disk, whether it is there or not: its files and its folders."""
    file = _file(_url(chosen))
    beside = [file.with_name(file.name + ending) for ending in SQLITE_ENDINGS] if file else []
    return [*beside, *(chosen.data_dir / name for name in OWN_NAMES)]


def close_to_others(chosen: Settings) -> None:
    """What an installation keeps is read by its own user only; so is the data directory where nothing else is in it."""
    ours = own_files(chosen)
    private_files.close_to_others(ours)
    if chosen.data_dir.exists() and set(chosen.data_dir.iterdir()) <= set(ours):
        private_files.close_to_others([chosen.data_dir])


def exists(chosen: Settings) -> bool:
    """Whether there is an installation; looks, and makes nothing.

    Raises SQLAlchemy's errors for a server that is away.
    """
    file = _file(_url(chosen))
    if file is not None:
        return file.exists()
    opened = database_at(chosen)
    try:
        with opened.engine.connect() as connection:
            return schema(connection) is not Schema.MISSING
    finally:
        opened.close()


def refuse_missing(chosen: Settings) -> None:
    """Raises ``NotFoundError`` where there is no installation."""
    if not exists(chosen):
        raise NotFoundError(
            "There is no installation at {value}.",
            way_out="Go to the folder of yours or mend ZAOAN_DATABASE_URL; `zaoan migrate` makes a new one here.",
            field="ZAOAN_DATABASE_URL",
            value=place_of(chosen),
        )


def database_at(chosen: Settings) -> Database:
    """The database at the address of the settings; raises ``UserError`` where that is none we understand."""
    try:
        return Database(chosen.database_url)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as failure:
        raise _no_address() from failure


def _url(chosen: Settings) -> URL:
    try:
        return make_url(chosen.database_url)
    except ArgumentError as failure:
        raise _no_address() from failure


def _file(url: URL) -> Path | None:
    """SQLite's file; None for a server."""
    named = url.database or ""
    return Path(named).absolute() if url.get_backend_name() == "sqlite" and named not in ("", ":memory:") else None


def _no_address() -> UserError:
    return UserError(
        "The database does not work: {reason}.",
        way_out="Mend ZAOAN_DATABASE_URL.",
        field="ZAOAN_DATABASE_URL",
        reason=NO_ADDRESS,
    )
