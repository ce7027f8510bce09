"""Somebody who looks after several areas: from the list to whom a danger is told, and out again."""

import pytest
from sqlalchemy import select

from contacts.models import Resident
from contacts.queries import resident_profile, responders_near
from contacts.rows.responsibilities import AreaName, areas_named
from core.errors import UserError
from core.storage import database
from tests.offices import Office

HELPERS = ["姓名", "角色", "负责区域", "电话"]
HOMES = [("陶秀兰", "3号楼", "1单元"), ("沈德福", "5号楼", "1单元"), ("毛桂芝", "7号楼", "2单元")]


@pytest.fixture
def office(tmp_path, monkeypatch):
    made = Office(tmp_path, monkeypatch)
    rows = [[name, f"0311-8600020{at}", building, unit, "301", "同意"]
            for at, (name, building, unit) in enumerate(HOMES)]  # fmt: skip
    made.imports(*rows, headers=["姓名", "电话", "楼栋", "单元", "房号", "同意"])
    return made


def helpers(office, *areas, code=0):
    """Imports a building head for each of these cells."""
    rows = [[f"楼长{at}", "楼栋长", area, f"1390000000{at}"] for at, area in enumerate(areas, 1)]
    return office.zaoan("import", office.save("帮手.csv", rows, HELPERS), "--kind", "responders", code=code)


def who_would_go(name):
    """The helpers who would be told of this resident."""
    with database.reading() as session:
        resident = session.scalars(select(Resident).where(Resident.name == name)).one()
        around = resident_profile(session, resident.id).area_ids
        return [each.name for each in responders_near(session, resident.community_id, around)]


@pytest.mark.parametrize(
    "area", ["3号楼、5号楼", "三号楼，5栋", "3、5号楼", "3号楼和5号楼", "3号楼 5号楼", "building 3, building 5"]
)
def test_all_of_them_are_looked_after(office, area):
    assert "有错误 0 条" in helpers(office, area)
    assert [who_would_go(name) for name, *_ in HOMES] == [["楼长1"], ["楼长1"], []]
    said = office.zaoan("campaign", "create", "早安", "--everyone")
    assert "（7号楼）" in said
    assert "3号楼" not in said


def test_units_of_one_building_and_a_range_of_buildings(office):
    helpers(office, "7号楼1、2单元", "3至5号楼", "")
    assert [who_would_go(name) for name, *_ in HOMES] == [["楼长2", "楼长3"], ["楼长2", "楼长3"], ["楼长1", "楼长3"]]


def test_each_area_without_a_home_is_said(office):
    said = helpers(office, "3号楼、4号楼、9号楼2单元")
    assert "“4号楼”里还没有住户" in said
    assert "“9号楼2单元”里还没有住户" in said
    assert "“3号楼”" not in said
    assert [each["area"] for each in office.json("import", "帮手.csv", "--kind", "responders")["empty_areas"]] == [
        "4号楼", "9号楼2单元"
    ]  # fmt: skip


@pytest.mark.parametrize("area", ["幸福家园3栋", "幸福家园三号楼2单元", "幸福家园 3座"])
def test_the_building_that_is_likely_meant_is_offered(office, area, monkeypatch):
    said = helpers(office, area)
    assert "里还没有住户" in said
    assert "有住户的是3号楼：可能就是指那里" in said
    assert office.json("import", "帮手.csv", "--kind", "responders")["empty_areas"][0]["likely"] == ["3号楼"]
    monkeypatch.setenv("ZAOAN_LANGUAGE", "en")
    assert "There are homes in building 3" in office.zaoan("import", "帮手.csv", "--kind", "responders")


def test_the_building_of_an_estate_is_offered_where_the_list_of_helpers_has_its_number_alone(office):
    office.imports(["毛桂芝", "0311-86000209", "幸福家园9栋", "1单元", "301", "同意"],
                   headers=["姓名", "电话", "楼栋", "单元", "房号", "同意"])  # fmt: skip
    assert "有住户的是幸福家园9栋" in helpers(office, "9号楼")
    assert "有住户的是" not in helpers(office, "19号楼、幸福家园、第9网格")


def test_the_list_says_it_all_again(office):
    helpers(office, "3号楼、5号楼")
    assert "未变 1 条" in helpers(office, "5号楼、3号楼")
    assert "更新 1 条" in helpers(office, "7号楼")
    assert [who_would_go(name) for name, *_ in HOMES] == [[], [], ["楼长1"]]
    helpers(office, "")
    assert [who_would_go(name) for name, *_ in HOMES] == [["楼长1"]] * 3


@pytest.mark.parametrize("area", ["2单元", "3号楼、全部"])
def test_what_names_no_area_clearly_makes_nobody_responsible_for_everything(office, area):
    assert "看不清楚" in helpers(office, area, code=1)
    assert [who_would_go(name) for name, *_ in HOMES] == [[], [], []]


@pytest.mark.parametrize("name", ["帮手.xlsx", "帮手.csv"])
def test_helpers_leave_and_come_back_unchanged(office, name):
    helpers(office, "3号楼、5号楼1单元", "第二网格", "A座", "")
    assert "4 位" in office.zaoan("export", name, "--kind", "responders")
    assert "未变 4 条，有错误 0 条" in office.zaoan("import", name, "--kind", "responders")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", []),
        ("全部", []),
        ("building 3, unit 2", [("building 3", "unit 2", "")]),
        ("第一网格、3号楼", [("", "", "第一网格"), ("3号楼", "", "")]),
        ("3号楼2单元、3号楼3单元", [("3号楼", "2单元", ""), ("3号楼", "3单元", "")]),
        ("1号楼到3号楼；和平里", [("1号楼", "", ""), ("2号楼", "", ""), ("3号楼", "", ""), ("和平里", "", "")]),
        ("9至3号楼", [("9至3号楼", "", "")]),
    ],
)
def test_what_a_cell_names(text, named):
    assert areas_named(text) == tuple(AreaName(*each) for each in named)


def test_a_unit_without_its_building_is_asked_about():
    with pytest.raises(UserError) as refused:
        areas_named("2单元、3号楼")
    assert refused.value.field == "area"
