from collections.abc import Iterator
from pathlib import Path

import pytest

from contacts.models import Community
from core.storage import database
from core.storage.database import Database
from tests import people
from tests.databases import sqlite_in


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """An empty database, in use."""
    opened = Database(sqlite_in(tmp_path))
    database.use(opened)
    yield opened
    opened.close()


@pytest.fixture
def community(db: Database) -> Community:
    with db.unit_of_work() as session:
        return people.community(session)
