"""Values that stand in a statement itself instead of being sent with it."""

from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, literal_column


def literal_state(state: StrEnum) -> ColumnElement[Any]:
    """A state as the words of a partial index have it.

    SQLite uses such an index only so, and PostgreSQL, once it plans a statement for all values at once, does too.
    """
    return literal_column(f"'{state}'")
