"""Re-encrypting: rows come under the newest key in bites, each a short transaction, while others read and write.

A value that has changed since it was read is left alone: it was written under the newest key.
"""

from collections.abc import Callable, Sequence
from functools import partial
from time import sleep
from typing import Any, Final

from sqlalchemy import bindparam, update
from sqlalchemy.orm import Session

from core.data_keys import queries
from core.data_keys.columns import EncryptedColumn, EncryptedTable
from core.encryption.key_ring import KeyRing
from core.storage.database import reading, write_behind

BITE: Final = 200
PAUSE_SECONDS: Final = 0.01
"""Between two bites, in which others write."""
Progress = Callable[[int], None]
"""Is told after each bite how many values have come under the newest key in it."""


def reencrypt(ring: KeyRing, tables: Sequence[EncryptedTable], progress: Progress = lambda _: None) -> int:
    """Brings every row under the newest key; how many values were under another one. Raises ``UnreadableError``."""
    return sum(_table_reencrypted(ring, table, progress) for table in tables)


def _table_reencrypted(ring: KeyRing, table: EncryptedTable, progress: Progress) -> int:
    done, after = 0, None
    while rows := _bite(table, after):
        changes = [(column, _changes(ring, table, column, index, rows)) for index, column in enumerate(table.columns)]
        if count := sum(len(each) for _, each in changes):
            write_behind(partial(_written, table, changes))
            done += count
            progress(count)
            sleep(PAUSE_SECONDS)
        after = rows[-1][: len(table.key)]
    return done


def _bite(table: EncryptedTable, after: queries.Row | None) -> Sequence[queries.Row]:
    with reading() as session:
        return queries.bite(session, table, after, BITE)


def _changes(
    ring: KeyRing, table: EncryptedTable, column: EncryptedColumn, index: int, rows: Sequence[queries.Row]
) -> list[dict[str, Any]]:
    """What is to be written into one column: by primary key, what was read there and what is to stand there."""
    newest, width = ring.newest.fingerprint, len(table.key)
    keyed = [{f"key_{place}": value for place, value in enumerate(row[:width])} for row in rows]
    kept = [row[width + index] for row in rows]
    return [key | {"was": was, "becomes": column.rotated(ring, was)} for key, was in zip(keyed, kept, strict=True)
            if column.needs(was, newest)]  # fmt: skip


def _written(table: EncryptedTable, changes: Sequence[tuple[EncryptedColumn, list[dict[str, Any]]]],
             session: Session) -> None:  # fmt: skip
    """Compared with what was read: a value that was changed meanwhile is under the newest key already."""
    for column, rows in changes:
        if rows:
            mine = [each == bindparam(f"key_{place}", type_=each.type) for place, each in enumerate(table.key)]
            change = update(table.table).where(*mine, column.raw == bindparam("was", type_=column.raw.type))
            session.connection().execute(change.values({column.name: bindparam("becomes")}), rows)
