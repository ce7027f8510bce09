"""Blanking: a row stays, and no word in it is anybody's. A column that nobody has thought of is blanked, too."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import Boolean, Column, Date, Enum, Float, Integer, Numeric, Time, Uuid, inspect
from sqlalchemy.orm import Mapper

from core.storage.database import Base, Instant

_WITHOUT_WORDS = (Boolean, Date, Enum, Float, Instant, Integer, Numeric, Time, Uuid)
"""Types of columns in which no word and no sound can stand."""


def holds_words(column: Column[Any]) -> bool:
    """Whether somebody's words, name, number or voice may stand in this column."""
    return not isinstance(column.type, _WITHOUT_WORDS)


def columns_with_words(table: type[Base]) -> Iterator[tuple[str, Column[Any]]]:
    """The attributes of a table, with their columns, that may hold words, without what other tables refer to."""
    mapper: Mapper[Any] = inspect(table)
    for attribute in mapper.column_attrs:
        column = attribute.columns[0]
        if isinstance(column, Column) and holds_words(column) and not column.primary_key and not column.foreign_keys:
            yield attribute.key, column


def blank(row: Base, keeps: Collection[str] = (), puts: Mapping[str, Any] | None = None) -> None:
    """Empties what may hold words, but for the attributes ``keeps``; ``puts`` are what others are set to.

    Raises ``ValueError`` for a column that cannot be empty and for which nothing is put.
    """
    told = dict(puts or {})
    for name, column in columns_with_words(type(row)):
        if name not in keeps and name not in told:
            told[name] = _empty(column)
    for name, value in told.items():
        setattr(row, name, value)


def _empty(column: Column[Any]) -> Any:
    default: Any = column.default
    if column.nullable:
        return None
    if default is not None and default.is_scalar:
        return default.arg
    if default is not None and default.is_callable:
        return default.arg(None)
    if issubclass(column.type.python_type, str):
        return ""
    raise ValueError(f"{column} cannot be empty: say what is put there")
