"""Who can help, and where, as the command line shows it."""

import pytest

from tests.offices import Office
from zaoan.terminal import common

HELPERS = ["姓名", "角色", "负责区域", "电话", "密码"]
ROWS = [
    ["刘大姐", "志愿者", "3号楼、5号楼2单元、第二网格、A座", "13800138001", ""],
    ["王书记", "书记", "", "0311-86000901", "482915"],
    ["刘大姐", "楼栋长", "7号楼", "13800138003", ""],
]


@pytest.fixture
def office(tmp_path, monkeypatch):
    made = Office(tmp_path, monkeypatch)
    monkeypatch.setattr(common.console(), "width", 200)
    made.zaoan("import", made.save("帮手.csv", ROWS, HELPERS), "--kind", "responders")
    return made


@pytest.mark.parametrize(
    ("language", "areas", "everything", "role"),
    [
        ("zh-CN", "3号楼、5号楼2单元、第二网格、A座", "整个社区", "楼栋长"),
        ("en", "building 3, building 5, unit 2, 第二网格, building A", "the whole community", "building head"),
    ],
)
def test_all_areas_of_everybody_are_listed(office, monkeypatch, language, areas, everything, role):
    monkeypatch.setenv("ZAOAN_LANGUAGE", language)
    said = " ".join(office.zaoan("responder", "list").split())
    assert areas in said
    assert everything in said
    assert role in said
    assert "138 0013 8001" in said


def test_one_of_them_with_everything(office):
    said = office.zaoan("responder", "show", "王书记")
    assert "负责区域: 整个社区" in said
    assert "电话: 0311 8600 0901" in said
    assert "密码: 有" in said
    assert "482915" not in said


def test_what_they_speak_and_can_do_is_written_shown_and_changed(office):
    said = office.zaoan("responder", "set", "王书记", "--languages", "粤语", "--skills", "first aid, 开车")
    assert "急救、开车" in said
    assert "还会说: 粤语" in office.zaoan("responder", "show", "王书记")
    listed = " ".join(office.zaoan("responder", "list").split())
    assert "粤语" in listed
    assert "急救、开车" in listed
    assert office.json("responder", "show", "王书记")["skills"] == ["first_aid", "driving"]
    assert "做饭" in office.zaoan("responder", "set", "王书记", "--skills", "做饭", code=1)
    office.zaoan("responder", "set", "王书记", "--skills", "")
    assert office.json("responder", "show", "王书记")["skills"] == []


def test_programs_read_the_same(office):
    [first, second, third] = office.json("responder", "list")
    assert first["areas"] == ["3号楼", "5号楼2单元", "第二网格", "A座"]
    assert (second["areas"], second["whole_community"], second["has_pin"]) == ([], True, True)
    assert office.json("responder", "show", third["id"]) == third
    assert office.json("responder", "show", "138 0013 8003") == third


def test_whoever_is_not_clear_is_asked_about(office):
    assert "叫刘大姐的帮手有好几位" in office.zaoan("responder", "show", "刘大姐", code=1)
    assert "没有叫李四的帮手" in office.zaoan("responder", "show", "李四", code=1)


def test_nobody_yet(tmp_path, monkeypatch):
    office = Office(tmp_path, monkeypatch)
    office.imports(["王桂兰", "0311-86000101", "3号楼", "301", "独居", "书面同意"])
    assert "还没有帮手" in office.zaoan("responder", "list")


def test_an_area_without_a_home_is_said_in_the_offices_language(office, monkeypatch):
    monkeypatch.setenv("ZAOAN_LANGUAGE", "en")
    said = office.zaoan("import", "帮手.csv", "--kind", "responders")
    assert "“building 5, unit 2”" in said
