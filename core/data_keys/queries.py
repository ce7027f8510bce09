"""Every SELECT of data keys, and of what is encrypted with them."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, String, func, inspect, select, text, tuple_, type_coerce
from sqlalchemy.orm import Session

from core.data_keys.columns import EncryptedTable
from core.data_keys.models import KeptLookupKey, KnownKey

Row = tuple[Any, ...]
"""A primary key, then what each encrypted column holds as it is kept."""


def known_keys(session: Session) -> Sequence[KnownKey]:
    """All keys that this database has had, the newest first."""
    return session.scalars(select(KnownKey).order_by(KnownKey.made_at.desc(), KnownKey.fingerprint)).all()


def lookup_key(session: Session) -> str | None:
    """The look-up key as it is kept, encrypted; None where none was made."""
    return session.scalar(select(type_coerce(KeptLookupKey.secret, String)))


def needed(connection: Connection) -> frozenset[str]:
    """Fingerprints of the keys without which nobody opens this database; also of one that is not migrated yet."""
    if not inspect(connection).has_table(KnownKey.__tablename__):
        return frozenset()
    return frozenset(connection.scalars(select(KnownKey.fingerprint).where(KnownKey.removed_at.is_(None))))


def rows_by_key(session: Session, tables: Collection[EncryptedTable]) -> Counter[str]:
    """How many encrypted values there are by fingerprint; what bears none counts as what stands there instead.

    Reads every row.
    """
    found: Counter[str] = Counter()
    for table in tables:
        for column in table.columns:
            mark = column.mark
            for fingerprint, count in session.execute(select(mark, func.count()).where(column.is_kept).group_by(mark)):
                found[column.fingerprint(fingerprint)] += count
    return found


def bite(session: Session, table: EncryptedTable, after: Row | None, size: int) -> Sequence[Row]:
    """The next rows of a table in the order of its primary key, as they are kept."""
    rows = select(*table.key, *(column.raw for column in table.columns)).order_by(*table.key).limit(size)
    if after is not None:
        rows = rows.where(tuple_(*table.key) > after)
    return [tuple(row) for row in session.execute(rows)]


def writers_since_before(session: Session, at: datetime) -> int:
    """How many transactions of others have begun before ``at`` (real time) and go on; on SQLite none can."""
    if session.get_bind().dialect.name != "postgresql":
        return 0
    older = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        " AND xact_start < :at AND backend_xid IS NOT NULL"
    )
    return session.scalar(older, {"at": at}) or 0
