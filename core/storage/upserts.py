"""Inserts that leave or change what is there already, which each database writes in its own way."""

from typing import Any

from sqlalchemy.orm import Session


def insert_into(session: Session, table: type[Any]) -> Any:
    """An ``INSERT`` that knows ``on_conflict_do_nothing`` and ``on_conflict_do_update``, for this session's database.

    Only its dialect is loaded: PostgreSQL's takes as long as all the rest of a command on SQLite.
    """
    if session.get_bind().dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as postgresql_insert

        return postgresql_insert(table)
    from sqlalchemy.dialects.sqlite import insert as sqlite_insert

    return sqlite_insert(table)
