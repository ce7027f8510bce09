"""Where people live as offices write it: whole addresses, a building written once for several, rows without a unit."""

import pytest

from tests.offices import Office
from tests.zaoan.lists.files.test_what_workbooks_hold import HEADERS, everyone_rung, granny, homes, workbook

WHOLE = ["姓名", "电话", "住址", "同意"]


@pytest.fixture
def office(tmp_path, monkeypatch):
    return Office(tmp_path, monkeypatch)


def at(address, name="陶秀兰", last="01"):
    return [name, f"0311-860002{last}", address, "同意"]


@pytest.mark.parametrize(
    ("written", "home"),
    [
        ("槐东社区3号楼2单元501室", ("3号楼", "2单元", "501")),
        ("槐东小区3栋2单元501", ("3号楼", "2单元", "501")),
        ("3-2-501", ("3号楼", "2单元", "501")),
        ("3—2—501室", ("3号楼", "2单元", "501")),
        ("3 2 501", ("3号楼", "2单元", "501")),
        ("槐东3#2-501", ("3号楼", "2单元", "501")),
        ("三号楼 二单元 501", ("3号楼", "2单元", "501")),
        ("３号楼２单元５０１", ("3号楼", "2单元", "501")),
        ("石家庄市桥西区槐安路123号槐东社区3号楼2单元501", ("3号楼", "2单元", "501")),
        ("3号楼2单元5楼501", ("3号楼", "2单元", "501")),
        ("3号楼2单元5楼东户", ("3号楼", "2单元", "5楼东户")),
        ("A座501", ("A座", "", "501")),
        ("Building 3, Unit 2, Room 501", ("3号楼", "2单元", "501")),
        ("幸福家园3栋2单元501", ("幸福家园3号楼", "2单元", "501")),
        ("石家庄市桥西区槐安路9号院3号楼501", ("槐安路9号院3号楼", "", "501")),
    ],
)
def test_a_whole_address_is_read_where_it_is_sure(office, written, home):
    path = workbook(office, ("名单", [WHOLE, at(written)]))
    assert "新增 1 条，更新 0 条，未变 0 条，有错误 0 条" in office.zaoan("import", path)
    assert homes(office) == {"陶秀兰": home}


@pytest.mark.parametrize(
    "written",
    ["3-501", "501", "3号楼", "3号楼2单元", "3楼501", "3号楼301、302", "1-3-2-501", "3-2-26", "3号楼2单元501（密码锁）",
     "王家村12号", "32501", "河北石家庄"],
)  # fmt: skip
def test_an_address_that_is_not_sure_is_asked_about(office, written):
    path = office.save("名册.csv", [at(written), at("3-2-302", "沈德福", "02")], WHOLE)
    said = office.zaoan("import", path, code=1)
    assert f"第2行，住址：“{written}”看不清楚是哪一栋、哪一户。请写成“3号楼2单元501室”这样" in said
    assert everyone_rung(office) == {"沈德福"}


def test_an_address_that_became_a_date_is_refused(office):
    assert "是日期" in office.zaoan("import", office.save("名册.csv", [at("2026-03-02")], WHOLE), code=1)


def test_an_empty_address_is_named(office):
    assert "第2行，住址：这里没有填写" in office.zaoan("import", office.save("名册.csv", [at("")], WHOLE), code=1)


def test_other_estates_are_not_mixed_with_ours(office):
    rows = [at("槐东社区3号楼501"), at("槐北小区3号楼501", "沈德福", "02")]
    office.zaoan("import", office.save("名册.csv", rows, WHOLE))
    assert len({office.json("resident", "show", name)["place"] for name in ("陶秀兰", "沈德福")}) == 2
    assert homes(office) == {"陶秀兰": ("3号楼", "", "501"), "沈德福": ("槐北小区3号楼", "", "501")}


@pytest.mark.parametrize(
    ("address", "home", "told"),
    [
        ("3号楼2单元301", ("3号楼", "2单元", "301"), ""),
        ("石家庄市", ("3号楼", "", "301"), ""),
        ("", ("3号楼", "", "301"), ""),
        ("5号楼2单元301", ("3号楼", "", "301"), "第2行，住址：“5号楼2单元301”和楼栋、单元、房号几列写的不是同一户"),
    ],
)
def test_columns_of_their_own_go_first(office, address, home, told):
    path = office.save(
        "名册.csv",
        [["陶秀兰", "0311-86000201", "3", "301", address, "同意"]],
        ["姓名", "电话", "楼栋", "房号", "地址", "同意"],
    )
    assert told in office.zaoan("import", path, code=1 if told else 0)
    assert homes(office) == {"陶秀兰": home}


@pytest.mark.parametrize("address", ["2单元501", "2-501", "3号楼2单元501"])
def test_an_address_within_the_building_of_its_own_column(office, address):
    path = office.save(
        "名册.csv",
        [["陶秀兰", "0311-86000201", "3号楼", address, "同意"]],
        ["姓名", "电话", "楼栋", "家庭住址", "同意"],
    )
    office.zaoan("import", path)
    assert homes(office) == {"陶秀兰": ("3号楼", "2单元", "501")}


@pytest.mark.parametrize(
    ("building", "unit", "room", "home"),
    [
        ("3号楼2单元", "", "501", ("3号楼", "2单元", "501")),
        ("三栋2单元", "2单元", "501室", ("3号楼", "2单元", "501")),
        ("3号楼", "", "2单元501", ("3号楼", "2单元", "501")),
        ("3", "", "3号楼2单元501室", ("3号楼", "2单元", "501")),
        ("和平里", "2单元", "501", ("和平里", "2单元", "501")),
        ("3号楼", "2单元", "3-2", ("3号楼", "2单元", "3-2")),
    ],
)
def test_a_unit_in_the_cell_of_another_column_is_the_unit(office, building, unit, room, home):
    path = workbook(office, ("名单", [HEADERS, granny("陶秀兰", "01", building, unit, room)]))
    assert "有错误 0 条" in office.zaoan("import", path)
    assert homes(office) == {"陶秀兰": home}


@pytest.mark.parametrize(
    ("building", "unit", "room"),
    [("3号楼", "", "5号楼2单元501"), ("3号楼2单元", "1单元", "501"), ("3", "1", "2单元501")],
)
def test_cells_that_contradict_each_other_are_asked_about(office, building, unit, room):
    path = workbook(office, ("名单", [HEADERS, granny("陶秀兰", "01", building, unit, room)]))
    assert f"第2行，房号：“{room}”和楼栋、单元、房号几列写的不是同一户" in office.zaoan("import", path, code=1)
    assert homes(office) == {}


def test_a_building_written_once_above_several_people_is_asked_about_and_not_guessed(office):
    rows = [
        granny("陶秀兰", "01"),
        granny("沈德福", "02", ""),
        granny("毛桂芝", "03", ""),
        granny("贺长顺", "04", "5号楼"),
    ]
    path = workbook(office, ("名单", [HEADERS, *rows]))
    said = office.zaoan("import", path, "--dry-run", code=1)
    for row in (3, 4):
        assert (
            f"第{row}行，楼栋：这里没有填写，上面第2行写的是“3号楼”。如果这一行也是，请每一行都写上，或把单元格合并。"
            in said
        )
    assert "新增 2 条，更新 0 条，未变 0 条，有错误 2 条" in said
    office.zaoan("import", path, code=1)
    assert everyone_rung(office) == {"陶秀兰", "贺长顺"}


def test_what_stands_above_on_another_sheet_says_nothing(office):
    sheets = ("甲", [HEADERS, granny("陶秀兰", "01")]), ("乙", [HEADERS, granny("沈德福", "02", "")])
    assert "上面" not in office.zaoan("import", workbook(office, *sheets), code=1)


def test_no_two_families_become_one_because_a_unit_is_written_once(office):
    rows = [
        granny("陶秀兰", "01", unit="1单元", room="301"), granny("沈德福", "02", unit="", room="302"),
        granny("毛桂芝", "03", unit="2单元", room="301"), granny("贺长顺", "04", unit="", room="302"),
    ]  # fmt: skip
    said = office.zaoan("import", workbook(office, ("名单", [HEADERS, *rows])), code=1)
    assert "新增 2 条，更新 0 条，未变 0 条，有错误 2 条" in said
    assert (
        "第3行，单元：这里没有写单元，可是第2行写了3号楼的单元。请每一行都写上单元；这一户没有单元，就写“无”。" in said
    )
    assert "第5行，单元：" in said
    assert homes(office) == {"陶秀兰": ("3号楼", "1单元", "301"), "毛桂芝": ("3号楼", "2单元", "301")}


def test_homes_that_have_no_unit_say_so(office):
    rows = [granny("陶秀兰", "01"), granny("沈德福", "02", unit="无"), granny("毛桂芝", "03", unit="/"),
            granny("贺长顺", "04", "5号楼", "")]  # fmt: skip
    assert "有错误 0 条" in office.zaoan("import", workbook(office, ("名单", [HEADERS, *rows])))
    assert homes(office)["沈德福"] == ("3号楼", "", "302")
    office.zaoan("export", "again.xlsx")
    assert "未变 4 条，有错误 0 条" in office.zaoan("import", "again.xlsx")


def test_a_single_row_without_a_unit_is_somebody_and_is_named(office):
    rows = [granny("陶秀兰", "01"), granny("沈德福", "02", unit=""), granny("毛桂芝", "03", "5号楼", "")]
    path = workbook(office, ("名单", [HEADERS, *rows]))
    said = office.zaoan("import", path)
    assert "新增 3 条，更新 0 条，未变 0 条，有错误 0 条" in said
    assert "第3行：没有写沈德福的单元，可是3号楼分单元；已按没有单元登记。如果不对，请写上单元后再导入。" in said
    assert "毛桂芝的单元" not in said
    assert homes(office)["沈德福"] == ("3号楼", "", "302")
    assert "沈德福的单元" not in office.zaoan("import", path)
    assert office.json("import", path, "--dry-run")["homes_without_unit"] == []


def test_a_list_without_units_leaves_everybody_in_theirs(office):
    rows = [granny("陶秀兰", "01", unit="1单元", room="301"), granny("沈德福", "02", unit="2单元", room="301")]
    office.zaoan("import", workbook(office, ("名单", [HEADERS, *rows])))
    short = [["陶秀兰", "0311-86000201", "3号楼", "301"], ["沈德福", "0311-86000299", "3号楼", "301"],
             ["毛桂芝", "0311-86000203", "3号楼", "301"], ["贺长顺", "0311-86000204", "3号楼", "301"]]  # fmt: skip
    said = office.zaoan("import", office.save("短.csv", short, ["姓名", "电话", "楼栋", "房号"]), code=1)
    for row in (4, 5):
        assert f"第{row}行，单元：这里没有写单元，可是3号楼的其他住户都有单元" in said
    assert "有错误 2 条" in said
    assert homes(office) == {"陶秀兰": ("3号楼", "1单元", "301"), "沈德福": ("3号楼", "2单元", "301")}


def test_a_name_in_two_units_is_not_guessed_by_its_room(office):
    rows = [granny("陶秀兰", "01", unit="1单元", room="301"), granny("陶秀兰", "02", unit="2单元", room="301")]
    office.zaoan("import", workbook(office, ("名单", [HEADERS, *rows])))
    short = [["陶秀兰", "0311-86000299", "3号楼", "301"]]
    said = office.zaoan("import", office.save("短.csv", short, ["姓名", "电话", "楼栋", "房号"]), code=1)
    assert "第2行，单元：" in said
