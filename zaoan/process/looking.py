"""Opens the database for looking only: nothing is made, and nobody waits for long."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import connect
from urllib.parse import quote

from sqlalchemy import Engine, NullPool, create_engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.orm import Session

from core.encryption.key_ring import UnreadableError
from core.settings import Settings

WAIT_SECONDS = 5


class NoDatabaseError(Exception):
    """The database file is not there; the message is its path."""


class UnreachableError(Exception):
    """The database cannot be opened or does not answer; the message says why, and no password."""


@contextmanager
def looking(chosen: Settings) -> Iterator[Session]:
    """A session on the database as it is; whatever it does is undone."""
    engine = _engine(chosen.database_url)
    try:
        with Session(engine) as session:
            yield session
            session.rollback()
    except UnreadableError as failure:
        raise UnreachableError(str(failure).rstrip(".")) from failure
    except SQLAlchemyError as failure:
        raise UnreachableError(_reason(failure)) from failure
    finally:
        engine.dispose()


def url_of(chosen: Settings) -> URL:
    """The database's address; raises ``UnreachableError`` when it is none."""
    try:
        return make_url(chosen.database_url)
    except ArgumentError as failure:
        raise UnreachableError("the address cannot be read") from failure


def _engine(url: str) -> Engine:
    try:
        known = make_url(url)
        if known.get_backend_name() == "sqlite":
            return _sqlite(known.database or "")
        options = {"connect_timeout": WAIT_SECONDS, "options": f"-c statement_timeout={WAIT_SECONDS * 1000}"}
        return create_engine(known, poolclass=NullPool, connect_args=options, hide_parameters=True)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as failure:
        raise UnreachableError("only sqlite:///… and postgresql+psycopg://… are understood") from failure


def _sqlite(database: str) -> Engine:
    if not Path(database).exists():
        raise NoDatabaseError(database)
    uri = f"file:{quote(str(Path(database).absolute()))}?mode=rw"
    return create_engine(
        "sqlite://",
        creator=lambda: connect(uri, uri=True, timeout=WAIT_SECONDS),
        poolclass=NullPool,
        hide_parameters=True,
    )


def _reason(failure: SQLAlchemyError) -> str:
    original = getattr(failure, "orig", None) or failure
    return str(original).strip().splitlines()[0].rstrip(".")
