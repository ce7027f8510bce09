"""What holds for every test: in continuous integration a test that was skipped is a test that failed."""

import itertools
import os
import shutil

import pgserver
import pytest

from core.database import Database
from core.migrating import migrate
from core.settings import Settings
from tests.ivr.correspondence import House


def pytest_addoption(parser):
    parser.addoption("--postgresql", action="store_true", help="installations of tests live in PostgreSQL")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.skipped and os.environ.get("CI") == "true" and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped in continuous integration: {report.longrepr}"
    return report


def pytest_terminal_summary(terminalreporter):
    """What mornings of kills have cost, one line each."""
    reports = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    for report in reports:
        for name, told in report.user_properties:
            if name == "toll" and report.when == "call":
                terminalreporter.write_line(f"{report.nodeid}: {told}")


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory):
    """A database with every table and nothing in them: a copy of the file is ten times faster than the migrations."""
    path = tmp_path_factory.mktemp("empty") / "zaoan.db"
    opened = Database(f"sqlite:///{path}")
    migrate(opened)
    with opened.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    opened.close()
    return path


@pytest.fixture
def house_settings(request, tmp_path, empty_database):
    """Settings of an installation of its own in a temporary directory.

    With ``--postgresql`` (``make test`` gives it to the most telling tests) its database is PostgreSQL.
    """
    url = f"sqlite:///{tmp_path / 'zaoan.db'}"
    shutil.copyfile(empty_database, tmp_path / "zaoan.db")
    if request.config.getoption("--postgresql"):
        url = request.getfixturevalue("postgresql")()
    return Settings(database_url=url, data_dir=tmp_path, community="槐东社区", area_code="0311")


@pytest.fixture
def street(house_settings):
    """The service in this process, with an empty street and a scripted provider of texts."""
    opened = House(house_settings)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory):
    """A real PostgreSQL server of its own; call it for the URL of a fresh database."""
    server = pgserver.get_server(tmp_path_factory.mktemp("postgresql"), cleanup_mode="delete")
    names = (f"zaoan_{number}" for number in itertools.count())

    def fresh_database():
        name = next(names)
        server.psql(f"CREATE DATABASE {name}")
        return server.get_uri(name).replace("postgresql://", "postgresql+psycopg://", 1)

    yield fresh_database
    server.cleanup()
