"""Which columns of which tables are encrypted, and how to reach what they hold as it is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, ColumnElement, LargeBinary, MetaData, String, Table, cast, column, func
from sqlalchemy import table as named_table
from sqlalchemy.sql.expression import ColumnClause, TableClause

from core.encryption.data_keys import DIGITS
from core.encryption.key_ring import MARK_BYTES, KeyRing
from core.storage.encrypted import ENCRYPTED, EncryptedBytes, EncryptedDocument


@dataclass(frozen=True)
class EncryptedColumn:
    """One encrypted column by its plain type: what is read and written here is what the database keeps."""

    plain: ColumnClause[Any]

    @property
    def name(self) -> str:
        """As the table calls it."""
        return self.plain.name

    @property
    def holds_bytes(self) -> bool:
        """Whether it keeps bytes; if not, it keeps text."""
        return isinstance(self.plain.type, LargeBinary)

    @property
    def raw(self) -> ColumnElement[Any]:
        """What is kept; PostgreSQL compares no JSON, but its text."""
        return cast(self.plain, String) if isinstance(self.plain.type, JSON) else self.plain

    @property
    def is_kept(self) -> ColumnElement[bool]:
        """Whether anything is."""
        return func.length(self.raw) > 0

    @property
    def mark(self) -> ColumnElement[Any]:
        """The part that names the key."""
        begins = 2 if isinstance(self.plain.type, JSON) else 1
        return func.substr(self.raw, begins, MARK_BYTES if self.holds_bytes else DIGITS)

    def fingerprint(self, mark: Any) -> str:
        """The fingerprint that a ``mark`` is."""
        return bytes(mark).hex() if self.holds_bytes else str(mark)

    def needs(self, kept: Any, newest: str) -> bool:
        """Whether a value is kept under another key than the ``newest``."""
        if not kept:
            return False
        if self.holds_bytes:
            return bytes(kept[:MARK_BYTES]) != bytes.fromhex(newest)
        return not self._token(kept).startswith(newest)

    def rotated(self, ring: KeyRing, kept: Any) -> Any:
        """What is to be kept instead, under the newest key of the ring."""
        return ring.rotated_bytes(bytes(kept)) if self.holds_bytes else ring.rotated(self._token(kept))

    def _token(self, kept: str) -> str:
        return kept.strip('"') if isinstance(self.plain.type, JSON) else kept


@dataclass(frozen=True)
class EncryptedTable:
    """A table with encrypted columns: the columns of its primary key, and those."""

    table: TableClause
    key: Sequence[ColumnClause[Any]]
    columns: Sequence[EncryptedColumn]


def encrypted_tables(metadata: MetaData) -> Sequence[EncryptedTable]:
    """All of them, in the order of their names; every model has to be loaded."""
    found = (_encrypted(table) for _, table in sorted(metadata.tables.items()))
    return [each for each in found if each.columns]


def _encrypted(table: Table) -> EncryptedTable:
    key = [column(each.name, each.type) for each in table.primary_key]
    encrypted = [column(each.name, _plain(each.type)) for each in table.columns if isinstance(each.type, ENCRYPTED)]
    plain = named_table(table.name, *key, *encrypted)
    return EncryptedTable(
        plain, [plain.c[each.name] for each in key], [EncryptedColumn(plain.c[each.name]) for each in encrypted]
    )


def _plain(kind: Any) -> Any:
    if isinstance(kind, EncryptedBytes):
        return LargeBinary()
    return JSON() if isinstance(kind, EncryptedDocument) else String()
