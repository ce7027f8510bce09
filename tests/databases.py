"""Fresh databases for tests: copies of one that was migrated once.

Whoever opens them migrates them all the same, and finds nothing left to do.
"""

import itertools
import shutil
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.exc import OperationalError
from sqlalchemy.util import LRUCache

from core import database
from core.database import Database
from core.migrating import migrate

_folder = TemporaryDirectory(prefix="zaoan-migrated-")


def sqlite_in(directory):
    """The URL of the database in this directory, a migrated one if there is none yet."""
    path = Path(directory) / "zaoan.db"
    if not path.exists():
        shutil.copyfile(_migrated(), path)
    return f"sqlite:///{path}"


class PostgreSQL:
    """A running server; call it for the URL of a fresh database, ``empty`` of any table."""

    def __init__(self, server):
        self._server, self._numbers = server, itertools.count()
        self._create("migrated")
        migrated = Database(self._url("migrated"))
        migrate(migrated)
        migrated.close()

    def __call__(self, *, empty=False):
        name = f"zaoan_{next(self._numbers)}"
        self._create(name, "template1" if empty else "migrated")
        return self._url(name)

    def _create(self, name, template="template1"):
        self._server.psql(f"CREATE DATABASE {name} TEMPLATE {template}")

    def _url(self, name):
        return self._server.get_uri(name).replace("postgresql://", "postgresql+psycopg://", 1)


@cache
def _migrated():
    path = Path(_folder.name) / "migrated.db"
    opened = Database(f"sqlite:///{path}")
    migrate(opened)
    opened.close()  # the last connection puts everything into this one file
    return path


@contextmanager
def sharing_what_is_compiled():
    """Databases opened meanwhile compile each statement once for all of their kind, not once each."""
    opened, compiled, dialects = database.create_engine, LRUCache(2000), {}

    def sharing(url, **options):
        engine = opened(url, **options)
        kind = engine.dialect.name
        if kind not in dialects:
            with suppress(OperationalError):  # a database that cannot be reached, on purpose
                engine.connect().close()  # a dialect looks at its first database and is the same for every other one
                dialects[kind] = engine.dialect
        if kind in dialects:
            engine.dialect = dialects[kind]
            engine.update_execution_options(compiled_cache=compiled)
        return engine

    database.create_engine = sharing
    yield
    database.create_engine = opened
