"""Identifiers: UUID version 7, so that keys sort by the time they were made."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import Dialect
from sqlalchemy.types import Uuid
from uuid6 import uuid7

_MOST_KNOWN = 100_000


class _Known(dict[str | None, UUID | None]):
    """Ids that were parsed; a dictionary of its own because a page looks thousands of them up."""

    def __missing__(self, kept: str | None) -> UUID | None:
        if len(self) >= _MOST_KNOWN:
            self.clear()
        parsed = self[kept] = None if kept is None else UUID(kept)
        return parsed


_parsed_once = _Known().__getitem__


class RecurringId(Uuid[UUID]):
    """An id in a statement that reads the same thousands of rows again and again (``type_coerce(column, …)``).

    SQLite keeps ids as text, and to parse one takes longer than to read its row: each is parsed once.
    """

    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], UUID | None] | None:
        """What a database gives that knows UUIDs is taken as it is."""
        if dialect.name == "sqlite":
            return _parsed_once
        native: Callable[[Any], UUID | None] | None = super().result_processor(dialect, coltype)  # type: ignore[no-untyped-call]
        return native


def new_id() -> UUID:
    """A fresh UUIDv7."""
    return UUID(int=uuid7().int)
