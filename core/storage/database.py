"""The database and the unit of work: the only place in the whole service that commits.

SQLite by default (WAL, ``BEGIN IMMEDIATE`` for writers behind a first-come-first-served lock), PostgreSQL by URL.
"""

import json
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from time import sleep
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from sqlalchemy import JSON, Connection, DateTime, Dialect, MetaData, create_engine, event, text
from sqlalchemy import Enum as EnumType
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator, Uuid

from core.encryption.keys import Keys
from core.storage.fairness import FairLock, Turn
from core.storage.grouping import Grouping

log = logging.getLogger(__name__)

BUSY_TIMEOUT_MS = 15_000
"""How long whoever is not hurried waits for what others hold, on either database."""
HURRY_SECONDS = 3.0
"""How long each wait of a hurried unit of work may last: for the writer's turn, for the database, for its answer."""
DEADLOCK = "40P01"
"""PostgreSQL's SQLSTATE; https://www.postgresql.org/docs/current/errcodes-appendix.html"""
AFTER_DEADLOCKS = (0.1, 0.3, 1.0)
"""Seconds before a unit of work that PostgreSQL has ended is done anew, after one deadlock, two, three. The other has
waited for a row that is free now; done anew at once, this one would take it again before the other has woken up."""
_WRITES = "zaoan_writes"
_HURRIES = "zaoan_hurries"
_WAITS = "zaoan_waits_ms"
_AFTER_COMMIT = "after_commit"
_T = TypeVar("_T")
Action = Callable[[], None]
Work = Callable[[Session], Any]


class Instant(TypeDecorator[datetime]):
    """A timezone-aware UTC instant; SQLite, which has no time zones, keeps it as naive UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuses naive datetimes, whose meaning nobody can know."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None] | None:
        """What SQLite keeps is text of one form, which is read at once: pages read thousands of instants."""
        return _read if dialect.name == "sqlite" else super().result_processor(dialect, coltype)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Always aware, always UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _read(kept: str | None) -> datetime | None:
    return None if kept is None else datetime.fromisoformat(f"{kept}+00:00")


Kept = str | datetime | None
"""An instant as the driver gives it, in a statement that reads more of them than anybody looks at."""


def instant(kept: Kept) -> datetime | None:
    """The instant that a column coerced to ``String`` holds: SQLite keeps text, PostgreSQL knows instants."""
    at = datetime.fromisoformat(kept) if isinstance(kept, str) else kept
    return at.replace(tzinfo=UTC) if at is not None and at.tzinfo is None else at


_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
"""Made once: to make one takes longer than to write what a row holds."""


def as_json(value: Any) -> str:
    """As every JSON column keeps it: without blanks, and with the community's own script as it is written."""
    return _JSON.encode(value)


def _words(kind: type[StrEnum]) -> list[str]:
    return [each.value for each in kind]


class Base(DeclarativeBase):
    """The parent of every table; constraint names are fixed so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Instant,
        UUID: Uuid(),
        dict[str, Any]: JSON,
        list[str]: JSON,
        list[Any]: JSON,
        StrEnum: EnumType(StrEnum, native_enum=False, values_callable=_words),
    }


WITHIN_ITS_KEY: Mapping[str, Any] = {"sqlite_with_rowid": False}
"""Of a table of short rows with a long key: SQLite keeps them in the key's index, and the key not twice."""


class TooSlowError(TimeoutError):
    """A hurried unit of work did not begin in time; it has changed nothing."""


@dataclass(frozen=True)
class _Done:
    """What came of one of several works that shared a commit: its result and what is to follow, or its failure."""

    result: Any = None
    actions: tuple[Action, ...] = ()
    failure: Exception | None = None


class Database:
    """One database: its engine and its units of work."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.keys: Keys | None = None
        """What is encrypted in it, once somebody has looked where its keys are."""
        self.engine = _sqlite_engine(url) if self.is_sqlite else _patient_engine(url)
        self._writing = self.engine.execution_options(**{_WRITES: True})
        self._impatient = self.engine if self.is_sqlite else _impatient_engine(url)
        self._hurrying = self._impatient.execution_options(**{_WRITES: True, _HURRIES: True})
        self._writer_turn = FairLock()
        self._together = {
            turn: Grouping(partial(self._turn_to_write, turn), self._store_together, _too_slow) for turn in Turn
        }

    def unit_of_work(self) -> AbstractContextManager[Session]:
        """A writing transaction: everything inside it happens, or nothing does.

        What was registered with ``after_commit`` runs once the commit has returned.
        """
        return self._write_with(self._writing, None)

    def hurried_unit_of_work(self) -> AbstractContextManager[Session]:
        """A writing transaction for whoever is kept waiting by it: it fails within seconds instead of waiting on.

        Raises ``TooSlowError`` or SQLAlchemy's ``DBAPIError`` and ``TimeoutError``; nothing has happened then.
        """
        return self._write_with(self._hurrying, HURRY_SECONDS)

    def write(self, work: Callable[[Session], _T]) -> _T:
        """The result of ``work`` in a unit of work, once it has committed.

        Of two that wait for each other PostgreSQL ends one, which is done anew once the other could go on, so ``work``
        does nothing outside its session.
        """
        return _done_in(self.unit_of_work, work)

    def write_behind(self, work: Callable[[Session], _T]) -> _T:
        """As ``write``, for what can wait until nobody else wants to write: it lets everybody else go first."""
        return _done_in(partial(self._write_with, self._writing, None, Turn.REPORT), work)

    def store(self, work: Callable[[Session], _T], turn: Turn = Turn.ANSWER) -> _T:
        """The result of ``work`` in a hurried unit of work, once it has committed.

        On SQLite those who wait at the same time share one commit, which costs the disk's time once; each is a
        savepoint of its own, so that the failure of one is nobody else's. PostgreSQL does this by itself.
        """
        if not self.is_sqlite:
            return _done_in(self.hurried_unit_of_work, work)
        done = self._together[turn].carry_out(work, HURRY_SECONDS)
        if done.failure is not None:
            raise done.failure
        for action in done.actions:
            action()
        return done.result  # type: ignore[no-any-return]

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction that only reads; whatever it changes is thrown away, and what it loaded may be kept."""
        with Session(self.engine, expire_on_commit=False, autoflush=False) as session:
            yield session
            session.expunge_all()

    def close(self) -> None:
        """Closes the pooled connections."""
        for engine in self.engines:
            engine.dispose()

    @property
    def engines(self) -> frozenset[Engine]:
        """All of its engines: whoever is kept waiting may have one of their own, whose waits are bounded."""
        return frozenset({self.engine, self._impatient})

    @contextmanager
    def _write_with(self, engine: Engine, within: float | None, turn: Turn = Turn.ANSWER) -> Iterator[Session]:
        with self._turn_to_write(turn, within), Session(engine, expire_on_commit=False) as session, session.begin():
            yield session
        for action in _actions(session):
            action()

    def _store_together(self, works: Sequence[Work]) -> Sequence[_Done]:
        if len(works) == 1:
            return [self._stored_alone(works[0])]
        with self._hurrying.connect() as connection, connection.begin():
            return [_stored_apart(connection, work) for work in works]

    def _stored_alone(self, work: Work) -> _Done:
        """One work without others beside it: its transaction is its own, and needs no savepoint."""
        with Session(self._hurrying, expire_on_commit=False) as session:
            try:
                with session.begin():
                    result = work(session)
            except Exception as failure:  # noqa: BLE001 - whoever has brought the work is told
                return _Done(failure=failure)
            return _Done(result, _actions(session))

    @contextmanager
    def _turn_to_write(self, turn: Turn, within: float | None) -> Iterator[None]:
        if not self.is_sqlite:
            yield
            return
        if not self._writer_turn.take(within, turn):
            raise _too_slow()
        try:
            yield
        finally:
            self._writer_turn.release()


def _done_in(unit: Callable[[], AbstractContextManager[Session]], work: Callable[[Session], _T]) -> _T:
    for pause in AFTER_DEADLOCKS:
        try:
            with unit() as session:
                return work(session)
        except DBAPIError as failure:
            if getattr(failure.orig, "sqlstate", None) != DEADLOCK:
                raise
            log.info("two units of work waited for each other; this one is done anew")
            sleep(pause)
    with unit() as session:
        return work(session)


def _too_slow() -> TooSlowError:
    return TooSlowError(f"other writers have kept the database for {HURRY_SECONDS} s")


def _stored_apart(connection: Connection, work: Work) -> _Done:
    """One work in a savepoint. Where SQLite gave up the whole transaction (a full disk), nobody's work is stored."""
    with Session(connection, expire_on_commit=False, join_transaction_mode="create_savepoint") as session:
        try:
            with session.begin():
                result = work(session)
        except Exception as failure:
            if not connection.connection.dbapi_connection.in_transaction:  # type: ignore[union-attr]
                raise
            return _Done(failure=failure)
        return _Done(result, _actions(session))


def _actions(session: Session) -> tuple[Action, ...]:
    return tuple(dict.fromkeys(session.info.get(_AFTER_COMMIT, ())))


def after_commit(session: Session, action: Action) -> None:
    """Runs ``action`` once, after this unit of work has committed; equal actions run once."""
    session.info.setdefault(_AFTER_COMMIT, []).append(action)


def holds_rows(session: Session) -> bool:
    """Whether several units of work write at the same time and hold rows against each other; SQLite's never do."""
    return session.get_bind().dialect.name == "postgresql"


def alone(session: Session, what: str) -> None:
    """From here to its end, this unit of work is the only one in any process that does ``what``.

    SQLite's writers are alone anyway. On PostgreSQL take it before any row that others who wait for it may hold.
    """
    if holds_rows(session):
        session.execute(text("SELECT pg_advisory_xact_lock(hashtext(:what))"), {"what": f"zaoan {what}"})


def _patient_engine(url: str) -> Engine:
    """It waits for a server that does not answer, and for what another transaction holds, as long as SQLite does."""
    return create_engine(
        url,
        pool_size=20,
        pool_pre_ping=True,
        hide_parameters=True,
        json_serializer=as_json,
        connect_args={
            "connect_timeout": BUSY_TIMEOUT_MS // 1000,
            "options": _options(url, f"-c lock_timeout={BUSY_TIMEOUT_MS}"),
        },
    )


def _options(url: str, ours: str) -> str:
    """What a session of PostgreSQL begins with: ours, and what its address says."""
    theirs = make_url(url).query.get("options", ())
    return " ".join([ours, *([theirs] if isinstance(theirs, str) else theirs)])


def _impatient_engine(url: str) -> Engine:
    """Every wait of its connections is bounded: for the pool, the network, a lock and a statement."""
    seconds, milliseconds = int(HURRY_SECONDS), int(HURRY_SECONDS * 1000)
    return create_engine(
        url,
        pool_size=20,
        pool_pre_ping=True,
        pool_timeout=seconds,
        hide_parameters=True,
        json_serializer=as_json,
        connect_args={
            "connect_timeout": seconds,
            "tcp_user_timeout": milliseconds,
            "options": _options(url, f"-c lock_timeout={milliseconds} -c statement_timeout={milliseconds}"),
        },
    )


def _sqlite_engine(url: str) -> Engine:
    path = make_url(url).database
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        pool_size=40,
        max_overflow=40,
        connect_args={"check_same_thread": False, "timeout": BUSY_TIMEOUT_MS / 1000},
        hide_parameters=True,
        json_serializer=as_json,
    )

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # the driver must not open transactions of its own
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA secure_delete=ON")  # what was erased does not stay in the file's free pages
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        writes = options.get(_WRITES, False)
        wait = int(HURRY_SECONDS * 1000) if options.get(_HURRIES, False) else BUSY_TIMEOUT_MS
        if connection.info.get(_WAITS) != wait:
            connection.exec_driver_sql(f"PRAGMA busy_timeout={wait}")
            connection.info[_WAITS] = wait
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


_current: Database | None = None


def use(database: Database) -> None:
    """Makes ``database`` the one that ``unit_of_work`` and ``reading`` work on in this process, with its keys."""
    global _current
    _current = database
    if database is not None and database.keys is not None:
        database.keys.use()


def current() -> Database:
    """The database of this process; raises ``RuntimeError`` before ``use`` was called."""
    if _current is None:
        raise RuntimeError("no database is in use yet")
    return _current


def unit_of_work() -> AbstractContextManager[Session]:
    """A writing transaction on this process's database; see ``Database.unit_of_work``."""
    return current().unit_of_work()


def hurried_unit_of_work() -> AbstractContextManager[Session]:
    """A writing transaction that fails rather than waits; see ``Database.hurried_unit_of_work``."""
    return current().hurried_unit_of_work()


def write(work: Callable[[Session], _T]) -> _T:
    """The result of ``work`` in a unit of work, done anew after a deadlock; see ``Database.write``."""
    return current().write(work)


def write_behind(work: Callable[[Session], _T]) -> _T:
    """The result of ``work``, written when nobody else wants to write; see ``Database.write_behind``."""
    return current().write_behind(work)


def store(work: Callable[[Session], _T], turn: Turn = Turn.ANSWER) -> _T:
    """The result of ``work``, stored within seconds or not at all; see ``Database.store``."""
    return current().store(work, turn)


def reading() -> AbstractContextManager[Session]:
    """A reading transaction on this process's database."""
    return current().reading()


def leave_no_traces() -> None:
    """What was deleted leaves SQLite's log as well; while others read in it, a later call does that.

    On PostgreSQL the server's own cleaning (autovacuum) does.
    """
    if not current().is_sqlite:
        return
    with current().engine.connect() as connection:
        connection.info.pop(_WAITS, None)  # nobody is kept waiting by this
        cursor = connection.connection.cursor()
        for said in ("PRAGMA busy_timeout=0", "PRAGMA wal_checkpoint(TRUNCATE)"):
            cursor.execute(said)
        cursor.close()
