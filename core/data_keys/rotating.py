"""Rotating: everything that is encrypted comes under the newest key while the service goes on.

1. The new key is in front of the others, from where every process reads them before it encrypts again.
2. Who began to write before that has ended (``waited``).
3. Rows come under it in bites, each a short transaction that leaves alone what has changed since it was read.
4. Once every row was looked at and none needs an older key, that key is removed (``remove_unused``).
"""

from collections.abc import Callable, Sequence
from functools import partial
from time import monotonic, sleep
from typing import Any, Final

from sqlalchemy import bindparam, update
from sqlalchemy.orm import Session

from core import clock
from core.data_keys import queries
from core.data_keys.columns import EncryptedColumn, EncryptedTable
from core.data_keys.models import KnownKey
from core.encryption.key_ring import KeyRing
from core.storage.database import reading, unit_of_work, write_behind

BITE: Final = 200
PAUSE_SECONDS: Final = 0.01
"""Between two bites, in which others write."""
WRITERS_WITHIN_SECONDS: Final = 60.0
"""So long a transaction that began before the new key is waited for."""
Progress = Callable[[int], None]
"""Is told after each bite how many values have come under the newest key in it."""


def register(session: Session, fingerprints: Sequence[str]) -> None:
    """Makes these keys, the newest first, known to the database: it is not opened without them from now on."""
    for fingerprint in reversed(fingerprints):
        known = session.get(KnownKey, fingerprint)
        if known is None:
            session.add(KnownKey(fingerprint=fingerprint, made_at=clock.real_now()))
        elif known.removed_at is not None:
            known.removed_at = None
    session.flush()


def waited() -> bool:
    """Waits until nobody writes who began before now; False where somebody does for longer than a minute."""
    with unit_of_work():  # on SQLite there is one writer: whoever began before has ended
        began = clock.real_now()
    until = monotonic() + WRITERS_WITHIN_SECONDS
    while monotonic() < until:
        with reading() as session:
            if not queries.writers_since_before(session, began):
                return True
        sleep(PAUSE_SECONDS * 10)
    return False


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


def remove_unused(session: Session, ring: KeyRing, tables: Sequence[EncryptedTable]) -> list[str]:
    """Fingerprints of the older keys that no row needs; the database can be opened without them from now on."""
    used = queries.rows_by_key(session, tables)
    unused = [each.fingerprint for each in ring.keys[1:] if not used[each.fingerprint]]
    for known in queries.known_keys(session):
        is_over = known.fingerprint in unused or not (used[known.fingerprint] or known.fingerprint in _held(ring))
        if known.removed_at is None and is_over:
            known.removed_at = clock.real_now()
    return unused


def _held(ring: KeyRing) -> frozenset[str]:
    return frozenset(each.fingerprint for each in ring.keys)
