from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext

import zaoan.service  # noqa: F401 - every table of the service
from core import migrating
from core.database import Base, Database
from core.migrating import migrate


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path):
    url = (
        request.getfixturevalue("postgresql")(empty=True)
        if request.param == "postgresql"
        else f"sqlite:///{tmp_path}/z.db"
    )
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


def first_morning(database, rows):
    """The database as the first version has left it, with these rows."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrating.__file__).parent / "migrations"))
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for table, values in rows:
            named = ", ".join(f"'{value}'" for value in values.values())
            connection.exec_driver_sql(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({named})")
        connection.commit()


def test_cases_that_pages_refer_to_survive_every_migration(database):
    at, one = "2026-11-01 00:00:00", "00000000000000000000000000000001"
    community = {"id": one, "community_id": one}
    first_morning(
        database,
        [
            ("communities", {"id": one, "name": "x", "timezone": "Asia/Shanghai", "language": "zh-CN", "region": "CN",
                             "area_code": "0311", "call_from": "07:30:00.000000", "call_until": "21:00:00.000000"}),
            ("areas", community | {"kind": "community", "name": "x"}),
            ("households", community | {"area_id": one, "room": "101", "access_notes": ""}),
            ("residents", community | {"household_id": one, "name": "王", "called": "王奶奶", "language": "zh-CN",
                                       "notes": ""}),
            ("responders", community | {"name": "楼长", "role": "office", "number": "+1", "email": "",
                                        "chat_address": "", "language": "zh-CN"}),
            ("calls", {"id": one, "direction": "out", "number": "+1", "owner": "page", "dialogue": "{}", "urgency": 0,
                       "state": "ended", "ring_seconds": 45, "due_at": at, "not_after": at, "by_machine": 0,
                       "hang_up_wanted": 0}),
            ("cases", community | {"resident_id": one, "kind": "unwell", "state": "open", "urgency": 0,
                                   "opened_at": at, "note": ""}),
            ("pages", {"id": one, "case_id": one, "responder_id": one, "call_id": one, "state": "unanswered",
                       "asked_at": at}),
        ],
    )  # fmt: skip
    migrate(database)
    with database.engine.connect() as connection:
        [(case_id, state)] = connection.exec_driver_sql(
            "SELECT pages.case_id, cases.state FROM pages JOIN cases ON cases.id = pages.case_id"
        ).all()
        assert (str(case_id).replace("-", ""), state) == (one, "open")
        if database.is_sqlite:
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
