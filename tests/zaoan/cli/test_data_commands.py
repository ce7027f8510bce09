"""``zaoan resident export|erase`` and ``zaoan retention``, as an office types them."""

import json
import stat
import zipfile

import pytest
from typer.testing import CliRunner

from contacts.models import NOBODY, Resident
from tests.offices import Office
from zaoan.cli.cli import app

ROW = ["王秀英", "031186000101", "3号楼", "201", "独居", "签字 2026-11-01"]
WHY = ("--reason", "书面要求 2026-17")


@pytest.fixture
def office(tmp_path, monkeypatch):
    made = Office(tmp_path, monkeypatch)
    made.zaoan("migrate")
    made.zaoan("import", made.save("list.csv", [ROW]))
    return made


def test_everything_that_is_kept_is_written_to_a_file_of_ones_own(office):
    made = office.json("resident", "export", "王秀英", "--out", "her.zip")
    assert (made["resident"], made["parts"]["file"], made["parts"]["telephones"]) == ("王秀英", 1, 1)
    file = office.folder / "her.zip"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    document = json.loads(zipfile.ZipFile(file).read("data.json"))
    assert document["about"].startswith("本服务保存的关于王秀英的全部资料")
    assert "已经存在" in office.zaoan("resident", "export", "王秀英", "--out", "her.zip", code=1)
    assert "her.zip" in office.zaoan("resident", "export", "王秀英", "--out", "no/her.zip", code=1)
    office.zaoan("resident", "export", "王秀英", "--out", "english.zip", "--language", "en")
    document = json.loads(zipfile.ZipFile(office.folder / "english.zip").read("data.json"))
    assert document["parts"][0]["about"].startswith("The person")


def test_who_has_left_is_erased_when_it_is_really_meant(office):
    assert "仍在照看之列" in office.zaoan("resident", "erase", "王秀英", *WHY, "--yes", code=1)
    office.zaoan("resident", "remove", "王秀英", "--because", "deceased")
    assert "--yes" in office.zaoan("resident", "erase", "王秀英", *WHY, code=2)
    assert "不要写姓名" in office.zaoan("resident", "erase", "王秀英", "--reason", "王秀英的女儿", "--yes", code=1)
    with office.open() as session:
        kept = str(session.query(Resident).one().id)
    assert "已删除" in office.zaoan("resident", "erase", "王秀英", *WHY, "--yes")
    assert "没有" in office.zaoan("resident", "show", "王秀英", code=1)
    assert office.json("resident", "list", "--removed") == []
    assert office.json("resident", "erase", kept, *WHY)["rows"] == 0
    assert office.json("resident", "show", kept)["removed"]["note"] == "书面要求 2026-17"
    assert "删除了该居民的全部资料" in office.zaoan("resident", "history", kept)
    with office.open() as session:
        assert [each.name for each in session.query(Resident)] == [NOBODY]
    assert office.json("household", "list") == []


def test_a_person_is_asked_first(office, monkeypatch):
    office.zaoan("resident", "remove", "王秀英", "--because", "moved_away")
    monkeypatch.setattr("zaoan.cli.people.resident_data._is_asked", lambda: True)
    words = ["resident", "erase", "王秀英", *WHY]
    refused = CliRunner().invoke(app, words, input="n\n")
    assert (refused.exit_code, "无法恢复" in refused.output) == (1, True)
    with office.open() as session:
        assert session.query(Resident).one().name == "王秀英"
    assert CliRunner().invoke(app, words, input="y\n").exit_code == 0
    with office.open() as session:
        assert session.query(Resident).one().name == NOBODY


def test_what_is_kept_how_long_is_told_with_its_setting(office, monkeypatch):
    monkeypatch.setenv("ZAOAN_KEEP_LEFT_DAYS", "30")
    office.zaoan("resident", "remove", "王秀英", "--because", "moved_away")
    told = {each["kind"]: each for each in office.json("retention")}
    assert told["people"] | {"setting": "ZAOAN_KEEP_LEFT_DAYS", "days": 30, "rows": 1, "due": 0} == told["people"]
    assert told["people"]["next_at"].startswith("2026-12-28")
    assert (told["audit"]["days"], told["calls"]["days"]) == (1100, 400)
    assert "已离开的居民" in office.zaoan("retention")
    with office.open() as session:
        assert session.query(Resident).one().name == "王秀英"
