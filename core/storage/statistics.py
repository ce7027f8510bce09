"""What a database knows of its own tables, by which it plans how to find something."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from core.storage.database import Base

MANY = 1000
"""Rows at once after which it is worth its while; it takes hundredths of a second."""


def renew(session: Session, *tables: type[Base]) -> None:
    """After many new rows, in the unit of work that has made them.

    PostgreSQL learns of them by itself within a minute or more, and until then takes a large table for a small one: it
    reads all residents for a page of fifty. SQLite plans without.
    """
    if session.get_bind().dialect.name != "postgresql":
        return
    session.flush()
    session.execute(text(f"ANALYZE {', '.join(each.__tablename__ for each in tables)}"))
