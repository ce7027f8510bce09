"""How long something lasted, in a statement: each database subtracts instants in its own way."""

from typing import Any

from sqlalchemy import ColumnElement, func
from sqlalchemy.orm import Session


def seconds_between(session: Session, begins: Any, ends: Any) -> ColumnElement[float]:
    """The seconds from one instant to the other, good to order by: SQLite's are exact to a millisecond only."""
    if session.get_bind().dialect.name == "postgresql":
        return func.extract("epoch", ends - begins)
    return (func.julianday(ends) - func.julianday(begins)) * 86400
