"""How long something lasted, in a statement: each database subtracts instants in its own way."""

from typing import Any

from sqlalchemy import ColumnElement, Integer, cast, func
from sqlalchemy.orm import Session


def seconds_between(session: Session, begins: Any, ends: Any) -> ColumnElement[int]:
    """The whole seconds from one instant to the other, the nearest; NULL where one of them is."""
    if session.get_bind().dialect.name == "postgresql":
        return cast(func.round(func.extract("epoch", ends - begins)), Integer)
    return cast(func.round((func.julianday(ends) - func.julianday(begins)) * 86400), Integer)
