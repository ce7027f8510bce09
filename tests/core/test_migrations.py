import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

import zaoan.service  # noqa: F401 - every table of the service
from core.database import Base, Database
from core.migrating import migrate


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path):
    url = request.getfixturevalue("postgresql")() if request.param == "postgresql" else f"sqlite:///{tmp_path}/z.db"
    opened = Database(url)
    yield opened
    opened.close()


def test_the_migrations_make_exactly_the_tables_of_the_models(database):
    migrate(database)
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_migrating_again_changes_nothing(database):
    migrate(database)
    migrate(database)
