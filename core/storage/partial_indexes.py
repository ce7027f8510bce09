"""Partial indexes, in which only some rows of their table stand, on whichever database there is."""

from typing import Any

from sqlalchemy import Connection, Index, Table, event, text

_WHERE = "where"


def partial_index(name: str, *columns: str, where: str, postgresql: str | None = None, unique: bool = False) -> Index:
    """An index of the rows for which ``where`` holds, in SQL; ``postgresql`` is how PostgreSQL says it, if otherwise.

    Which dialect it is said in is left open until tables are made: to name one would load it, at every start, in every
    process, whichever database is in use.
    """
    return Index(name, *columns, unique=unique, info={_WHERE: {"sqlite": where, "postgresql": postgresql or where}})


@event.listens_for(Table, "before_create")
def _say_where(table: Table, connection: Connection, **_: Any) -> None:
    dialect = connection.dialect.name
    for index in table.indexes:
        if _WHERE in index.info:
            index.dialect_kwargs[f"{dialect}_{_WHERE}"] = text(index.info[_WHERE][dialect])
