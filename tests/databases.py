"""Fresh databases for tests: copies of one that was migrated once."""

import fcntl
import itertools
import shutil
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pgserver
import psycopg
import pytest
from pgserver import postgres_server
from sqlalchemy.exc import OperationalError
from sqlalchemy.util import LRUCache

from core.storage import database, migrating
from core.storage.database import Database
from core.storage.migrating import migrate
from tests.running import forking

START_SECONDS = 300
KEPT = 20
"""So many of the latest databases of a server stay, whoever may come back to them."""
_folder = TemporaryDirectory(prefix="zaoan-migrated-")
_filled = set()
"""Copies that nobody has opened yet."""


def sqlite_in(directory):
    """The URL of the database in this directory, a migrated one if there is none yet."""
    path = Path(directory) / "zaoan.db"
    _fill(path)
    return f"sqlite:///{path}"


@contextmanager
def filled_unless_there():
    """Meanwhile installations that keep theirs in a file find it migrated."""

    def filling(opened):
        path = Path(opened.engine.url.database) if opened.is_sqlite else None
        if path:
            _fill(path)
        if path in _filled:
            _filled.discard(path)  # nobody has opened it yet, and there is nothing to do
        else:
            migrate(opened)

    migrating.migrate = filling
    yield
    migrating.migrate = migrate


@contextmanager
def postgresql_server():
    """A server of its own, however long it takes to start.

    It lives in no folder of pytest's: any other run of pytest that starts meanwhile closes those to everybody but their
    owner, and where the tests are root PostgreSQL is somebody else.
    """
    with TemporaryDirectory(prefix="zaoan-postgresql-") as folder, pytest.MonkeyPatch.context() as patching:
        patching.setattr(postgres_server, "pg_ctl", _patiently(postgres_server.pg_ctl))
        server = pgserver.get_server(Path(folder) / "data", cleanup_mode="delete")
        running = PostgreSQL(server)
        yield running
        running.close()
        server.cleanup()


def _patiently(pg_ctl):
    """pgserver gives it ten seconds."""

    def waiting(arguments, *, timeout=None, **others):
        return pg_ctl([*arguments, "-t", str(START_SECONDS)], **others)

    return waiting


class PostgreSQL:
    """A running server; call it for the URL of a fresh database, ``empty`` of any table."""

    def __init__(self, server):
        self._server, self._numbers, self._made = server, itertools.count(), []
        self._administration = psycopg.connect(server.get_uri(), autocommit=True)
        self._create("migrated")
        migrated = Database(self._url("migrated"))
        migrate(migrated)
        migrated.close()

    def close(self):
        self._administration.close()

    def __call__(self, *, empty=False):
        name = f"zaoan_{next(self._numbers)}"
        self._create(name, "template1" if empty else "migrated")
        self._made.append(name)
        self._drop_old()
        return self._url(name)

    def _drop_old(self):
        """Each takes nine megabytes, perhaps of memory; those of tests that are over are in nobody's use."""
        for name in self._made[:-KEPT]:
            with suppress(psycopg.errors.ObjectInUse):
                self._administration.execute(f"DROP DATABASE {name}")
                self._made.remove(name)

    def _create(self, name, template="template1"):
        self._administration.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")

    def _url(self, name):
        return self._server.get_uri(name).replace("postgresql://", "postgresql+psycopg://", 1)


def _fill(path):
    if not path.exists() or not path.stat().st_size:
        shutil.copyfile(_migrated(), path)
        _filled.add(path)


@cache
def _migrated():
    """Made once for all processes of a run."""
    path = (forking.folder() or Path(_folder.name)) / "migrated.db"
    with path.with_suffix(".lock").open("w") as one_only:
        fcntl.flock(one_only, fcntl.LOCK_EX)
        if not path.exists():
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
                engine.dispose()  # that connection knows nothing yet of how ours have to be
                dialects[kind] = engine.dialect
        if kind in dialects:
            engine.dialect = dialects[kind]
            engine.update_execution_options(compiled_cache=compiled)
        return engine

    database.create_engine = sharing
    yield
    database.create_engine = opened
