"""After a large list the database knows how large its tables are, before it would have learnt so by itself."""

import pytest
from sqlalchemy import text

from contacts.importing.importing import Kind, run_import
from contacts.models import Resident
from core.storage import statistics
from core.storage.database import reading, unit_of_work
from tests.switchboard import House

HEADERS = "姓名,电话,楼栋,单元,房号,同意"


@pytest.fixture
def kept_in():
    return "postgresql"


def residents_known(table="residents"):
    """How many rows PostgreSQL takes a table to have; -1 where it has never looked."""
    with reading() as session:
        return session.scalar(text(f"SELECT reltuples FROM pg_class WHERE relname = '{table}'"))


def listed(folder, homes):
    path = folder / "list.csv"
    lines = [f"王桂兰{index},0311-8{index:07d},{index // 100 + 1}号楼,1单元,{index % 100 + 101},2026-11-01 书面同意"
             for index in range(homes)]  # fmt: skip
    path.write_text("\n".join([HEADERS, *lines]), encoding="utf-8")
    return path


@pytest.fixture
def empty(house_settings):
    opened = House(house_settings)
    yield opened
    opened.close()


@pytest.mark.parametrize(("homes", "is_told"), [(statistics.MANY, True), (20, False)])
def test_a_large_list_is_known_at_once(empty, tmp_path, homes, is_told):
    report = run_import(Kind.RESIDENTS, listed(tmp_path, homes), consent=None, dry_run=False)
    assert (report.added, report.problems) == (homes, ())
    assert (residents_known() >= statistics.MANY) == is_told
    assert (residents_known("households") >= statistics.MANY) == is_told


@pytest.mark.parametrize("kept_in", ["sqlite"])
def test_sqlite_is_asked_for_nothing(street):
    with unit_of_work() as session:
        statistics.renew(session, Resident)
