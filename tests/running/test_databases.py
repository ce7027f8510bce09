"""The tests' own databases."""

from core.storage.database import Database


def test_postgresql_outlives_another_run_of_the_tests_that_begins_meanwhile(postgresql, tmp_path_factory):
    """Which takes every permission of others from pytest's folder."""
    tmp_path_factory.getbasetemp().chmod(0o700)
    opened = Database(postgresql())
    with opened.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM residents").scalar() == 0
    opened.close()
