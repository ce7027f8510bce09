"""Long lists: so many more rows need no more statements, and only so many residents are held in full."""

import csv

import pytest

from benchmarks.scale.lists import rows
from contacts.importing import importing
from contacts.importing.importing import Kind, run_import
from contacts.queries import register as queries_register
from tests.contacts.stories import statements_of


@pytest.fixture
def imported(tmp_path, db, community):
    """Imports a list of so many people; returns the statements that this took."""

    def run(size):
        path = tmp_path / "long.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(rows(size))
        with statements_of(db) as sent:
            assert run_import(Kind.RESIDENTS, path, consent=None, dry_run=False).problems == ()
        return len(sent)

    return run


def test_more_rows_need_no_more_statements(imported):
    first = imported(20)
    assert imported(20) <= first
    assert imported(90) <= first + 3  # some are known, some are not
    assert imported(90) <= first


def test_only_so_many_residents_are_held_in_full(imported, monkeypatch):
    asked = []
    in_full = queries_register.in_full

    def noted(session, ids):
        asked.append(len(ids))
        return in_full(session, ids)

    monkeypatch.setattr(importing, "_AT_ONCE", 10)
    monkeypatch.setattr(queries_register, "in_full", noted)
    imported(35)
    imported(35)
    assert asked == [0, 0, 0, 0, 10, 10, 10, 5]
