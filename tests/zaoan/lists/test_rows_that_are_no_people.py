"""Rows of a list that are nobody: left out and counted, and nobody is left out with them."""

import pytest

from tests.offices import Office
from tests.zaoan.lists.files.test_what_workbooks_hold import HEADERS, everyone_rung, granny, workbook

NUMBERED = ["序号", *HEADERS]
TITLE = ["槐东社区老人名册"]


@pytest.fixture
def office(tmp_path, monkeypatch):
    return Office(tmp_path, monkeypatch)


def read(office, path, *options):
    """What the command says of a list; 序号 is no column of ours, which it says as well."""
    return office.zaoan("import", path, *options, code=1)


def cells(**texts):
    """A row with these texts, by header; the rest is empty."""
    return [texts.get(header, "") for header in NUMBERED]


def numbered(number, *granny_of):
    return [number, *granny(*granny_of)]


def test_a_list_as_it_is_printed(office):
    rows = [
        TITLE, NUMBERED, numbered(1, "陶秀兰", "01"),
        TITLE, NUMBERED, numbered(2, "沈德福", "02"),
        cells(序号="合  计", 姓名="2人"),
        ["填表人：李主任", "", "", "审核：王书记", "", "日期：2026年11月1日"],
        ["注：本表一式两份"],
    ]  # fmt: skip
    path = workbook(office, ("名单", rows), change=lambda book: book.active.merge_cells("A9:H9"))
    said = read(office, path, "--dry-run")
    assert "新增 2 条，更新 0 条，未变 0 条，有错误 0 条" in said
    assert (
        "有 5 行不是人员信息，没有读取：重复的表头（第4行、第5行）、合计（第7行）、落款（第8行）、说明（第9行）" in said
    )
    document = office.json("import", path, code=1)
    assert document["with_mistakes"] == 0
    assert document["rows_that_are_no_people"][2] == {"row": 7, "is": "total"}
    assert everyone_rung(office) == {"陶秀兰", "沈德福"}


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        (cells(姓名="合计", 电话="45"), "合计"),
        (cells(姓名="小计：", 备注="12户"), "合计"),
        (cells(楼栋="3号楼小计", 姓名="12人"), "合计"),
        (cells(序号="总 计", 房号="130", 标记="45"), "合计"),
        (cells(姓名="共45人"), "合计"),
        (cells(序号="共 45 户"), "合计"),
        (cells(姓名="Total"), "合计"),
        (cells(姓名="填表人：张三    审核人：李四    2026年11月1日"), "落款"),
        (cells(序号="制表人", 姓名="张三", 楼栋="审核："), "落款"),
        (cells(序号="负责人（签字）：", 姓名="张三", 同意="2026-11-01"), "落款"),
        (cells(序号="填表日期：", 姓名="20261101"), "落款"),
        (cells(姓名="以下空白"), "说明"),
        (cells(序号="第 1 页，共 3 页"), "说明"),
        (cells(姓名="说明：电话一栏请填座机"), "说明"),
        (cells(序号="社区电话：0311-86012345"), "说明"),
        (cells(姓名="联系人：李主任 13800138000"), "说明"),
        ([*NUMBERED[:3], "", "", "", "", ""], "重复的表头"),
        ([each.replace("姓名", "姓　名") for each in NUMBERED], "重复的表头"),
    ],
)
def test_what_is_nobody_is_no_mistake(office, row, kind):
    path = office.save("名册.csv", [numbered(1, "陶秀兰", "01"), row], NUMBERED)
    said = read(office, path)
    assert "新增 1 条，更新 0 条，未变 0 条，有错误 0 条" in said
    assert f"有 1 行不是人员信息，没有读取：{kind}（第3行）" in said
    assert everyone_rung(office) == {"陶秀兰"}


@pytest.mark.parametrize("name", ["合德", "合计春", "总", "计小", "单元", "审核", "日期", "共和", "注德福", "小记"])
def test_nobody_is_taken_for_a_total_because_of_a_name(office, name):
    read(office, office.save("名册.csv", [numbered("小计", name, "01")], NUMBERED))
    assert everyone_rung(office) == {name}


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (cells(序号="合计", 姓名="合计", 电话="0311-86000202", 楼栋="3号楼", 房号="1"), None),
        (cells(姓名="合计", 电话="86000202"), "第3行，楼栋"),
        (cells(姓名="合计", 电话="#REF!"), "第3行，电话"),
        (cells(姓名="填表人：张三", 电话="13800138000"), "第3行，楼栋"),
        (cells(姓名="联系人：张三", 房号="302"), "第3行，电话"),
        (cells(序号="负责人：张三", 姓名="沈德福", 楼栋="3号楼", 房号="302"), "第3行，电话"),
        (cells(序号="合计", 姓名="沈德福", 楼栋="3号楼", 房号="302"), "第3行，电话"),
        (cells(序号="合计", 姓名="#N/A"), "第3行，姓名"),
        (cells(电话="0311-86000202", 楼栋="3号楼", 房号="302"), "第3行，姓名"),
        (cells(姓名="说明：张三", 楼栋="3号楼", 房号="302"), "第3行，电话"),
    ],
)
def test_a_row_that_may_be_somebodys_is_never_left_out_in_silence(office, row, told):
    path = office.save("名册.csv", [numbered(1, "陶秀兰", "01"), row], NUMBERED)
    said = read(office, path)
    assert "不是人员信息" not in said
    assert told is None or told in said


def test_a_formula_without_a_result_in_a_cell_for_a_number_is_asked_about(office):
    total = ["", "合计", "=COUNTA(C2:C2)", "", "", "", "", ""]
    said = read(office, workbook(office, ("名单", [NUMBERED, numbered(1, "陶秀兰", "01"), total])))
    assert "第3行，电话：这里的公式还没有结果" in said


def test_a_total_with_a_formula_beside_the_numbers_is_no_mistake(office):
    total = ["", "合计", "", "", "", "", "=COUNTA(C2:C2)", ""]
    said = read(office, workbook(office, ("名单", [NUMBERED, numbered(1, "陶秀兰", "01"), total])))
    assert "有 1 行不是人员信息" in said


def test_nobody_is_removed_who_stands_in_such_a_row(office):
    office.imports(
        numbered(1, "陶秀兰", "01"), numbered(2, "沈德福", "02"), numbered(3, "毛桂芝", "03"), headers=NUMBERED, code=1
    )
    rows = [numbered(1, "陶秀兰", "01"), cells(姓名="合计"), cells(序号="填表人：", 姓名="沈 德福")]
    said = office.imports(*rows, headers=NUMBERED, options=("--missing", "remove"), code=1)
    assert "有 2 行不是人员信息" in said
    assert "毛桂芝" in said
    assert everyone_rung(office) == {"陶秀兰", "沈德福"}


def test_helpers_stand_above_totals_as_well(office):
    headers = ["姓名", "角色", "电话", "负责区域"]
    rows = [["刘大姐", "志愿者", "13800138001", "3号楼"], headers, ["合计", "1人", "", ""]]
    said = office.zaoan("import", office.save("帮手.csv", rows, headers), "--kind", "responders")
    assert "新增 1 条，更新 0 条，未变 0 条，有错误 0 条" in said
    assert "重复的表头（第3行）、合计（第4行）" in said


def test_programs_and_english_offices_read_it_too(office, monkeypatch):
    monkeypatch.setenv("ZAOAN_LANGUAGE", "en")
    rows = [["Mary Li", "0311-86000201", "3", "301", "yes"], ["Total", "1", "", "", ""]]
    said = office.imports(*rows, headers=["name", "phone", "building", "room", "consent"])
    assert "1 row is no people and was left out: total (row 3)" in said
