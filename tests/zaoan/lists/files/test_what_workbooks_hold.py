"""Workbooks of offices: several sheets, hidden rows, merged cells, formulas, dates; who is rung in the end."""

import datetime
import zipfile

import pytest
from openpyxl import Workbook

from tests.offices import Office

HEADERS = ["姓名", "电话", "楼栋", "单元", "房号", "标记", "同意"]
AGREED = "2026-11-01 书面同意"


@pytest.fixture
def office(tmp_path, monkeypatch):
    return Office(tmp_path, monkeypatch)


def granny(name, last, building="3号楼", unit="2单元", room=None):
    """A row of somebody who may be rung."""
    return [name, f"0311-860002{last}", building, unit, room or f"3{last}", "独居", AGREED]


def workbook(office, *sheets, change=lambda book: None):
    """Saves a workbook with these sheets (name, rows); returns its path."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    change(book)
    path = office.folder / "名册.xlsx"
    book.save(path)
    return path


SHEET = "xl/worksheets/sheet1.xml"


def rewritten(path, change, part=SHEET):
    """The same workbook with the XML of one of its parts changed, by default of the first sheet."""
    return repacked(path, lambda parts: parts | {part: change(parts[part])})


def repacked(path, change):
    """The same workbook with its parts changed, which are XML by name."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in change(parts).items():
            archive.writestr(name, content)
    return path


def everyone_rung(office):
    """Begins a round for everybody; who is in it."""
    office.zaoan("campaign", "create", "早安", "--everyone", "--at", "08:00", "--allow-empty")
    office.zaoan("campaign", "start", "早安", "--allow-empty")
    return office.rung()


def homes(office):
    """Where the residents live, by name."""
    office.zaoan("export", "out.csv")
    lines = (office.folder / "out.csv").read_text("utf-8-sig").splitlines()
    titles = lines[0].split(",")
    people = [dict(zip(titles, line.split(","), strict=False)) for line in lines[1:]]
    return {each["姓名"]: (each["楼栋"], each["单元"], each["房号"].removeprefix("'")) for each in people}


def test_every_sheet_with_a_list_is_read_and_the_others_are_named(office):
    path = workbook(
        office,
        ("填表说明", [["请按下表填写"]]),
        ("1号楼", [HEADERS, granny("陶秀兰", "01", "1号楼")]),
        ("2号楼", [HEADERS, granny("沈德福", "02", "2号楼"), granny("毛桂芝", "03", "2号楼")]),
    )
    said = office.zaoan("import", path)
    assert "新增 3 条" in said
    assert "有错误 0 条" in said
    assert "读取的工作表：1号楼、2号楼" in said
    assert "工作表“填表说明”没有读取：文件缺少这些列" in said
    assert everyone_rung(office) == {"陶秀兰", "沈德福", "毛桂芝"}


def test_a_list_without_telephones_beside_others_is_a_mistake(office):
    path = workbook(
        office, ("甲", [HEADERS, granny("陶秀兰", "01")]), ("乙", [["姓名", "楼栋", "房号"], ["沈德福", "3", "1"]])
    )
    said = office.zaoan("import", path, code=1)
    assert "新增 1 条" in said
    assert "工作表“乙”第1行" in said
    assert "文件缺少这些列：电话" in said


def test_mistakes_say_on_which_sheet_they_are(office):
    bad = granny("毛桂芝", "03")
    bad[1] = "120"
    path = workbook(office, ("甲", [HEADERS, granny("陶秀兰", "01")]), ("乙", [HEADERS, granny("沈德福", "02"), bad]))
    assert "工作表“乙”第3行，电话：“120”是紧急号码" in office.zaoan("import", path, code=1)
    (problem,) = office.json("import", path, code=1)["problems"]
    assert (problem["sheet"], problem["row"]) == ("乙", 3)


def hidden_sheet_and_row(book):
    book["去年"].sheet_state = "hidden"
    book["今年"].row_dimensions[3].hidden = True


def test_hidden_sheets_and_rows_are_left_out_unless_they_are_asked_for(office):
    path = workbook(
        office,
        ("去年", [HEADERS, granny("程万里", "09")]),
        ("今年", [HEADERS, granny("陶秀兰", "01"), granny("沈德福", "02"), granny("毛桂芝", "03")]),
        change=hidden_sheet_and_row,
    )
    said = office.zaoan("import", path)
    assert "新增 2 条" in said
    assert "隐藏的工作表没有读取（加上 --with-hidden 就读取）：去年" in said
    assert "有 1 行隐藏着" in said
    assert everyone_rung(office) == {"陶秀兰", "毛桂芝"}
    assert "新增 2 条" in office.zaoan("import", path, "--with-hidden")


def test_nobody_is_removed_because_their_row_is_hidden(office):
    sheets = (
        ("去年", [HEADERS, granny("程万里", "09")]),
        ("今年", [HEADERS, granny("陶秀兰", "01"), granny("沈德福", "02")]),
    )
    office.zaoan("import", workbook(office, *sheets))
    said = office.zaoan("import", workbook(office, *sheets, change=hidden_sheet_and_row), "--missing", "remove")
    assert "不再照应" not in said
    assert everyone_rung(office) == {"陶秀兰", "沈德福", "程万里"}


def test_merged_cells_hold_for_their_whole_range(office):
    def merge(book):
        for cells in ("A1:G1", "C3:C6", "D3:D4", "D5:D6", "G3:G6"):
            book.active.merge_cells(cells)

    blanks = [
        granny(name, last, "", "", "101") for name, last in (("沈德福", "02"), ("毛桂芝", "03"), ("贺长顺", "04"))
    ]
    blanks[1][3] = "2单元"
    for row in blanks:
        row[6] = ""
    blanks[0][4] = blanks[2][4] = "201"
    rows = [["槐东社区登记表"], HEADERS, granny("陶秀兰", "01", "3号楼", "1单元", "101"), *blanks]
    assert "有错误 0 条" in office.zaoan("import", workbook(office, ("名单", rows), change=merge))
    assert homes(office) == {
        "陶秀兰": ("3号楼", "1单元", "101"),
        "沈德福": ("3号楼", "1单元", "201"),
        "毛桂芝": ("3号楼", "2单元", "101"),
        "贺长顺": ("3号楼", "2单元", "201"),
    }
    assert len(everyone_rung(office)) == 4


def test_the_lower_of_two_rows_of_headers_is_read(office):
    rows = [
        ["姓名", "电话", "住址", "", "", "标记", "同意"],
        ["", "", "楼栋", "单元", "房号", "", ""],
        granny("陶秀兰", "01"),
    ]

    def merge(book):
        for cells in ("A1:A2", "B1:B2", "C1:E1", "F1:F2", "G1:G2"):
            book.active.merge_cells(cells)

    office.zaoan("import", workbook(office, ("名单", rows), change=merge))
    assert homes(office) == {"陶秀兰": ("3号楼", "2单元", "301")}


@pytest.mark.parametrize(("place", "column"), [(2, "楼栋"), (3, "单元"), (4, "房号")])
def test_places_that_became_dates_are_refused_by_cell(office, place, column):
    spoilt = granny("陶秀兰", "01")
    spoilt[place] = datetime.date(2026, 3, 2)
    said = office.zaoan("import", workbook(office, ("名单", [HEADERS, spoilt, granny("沈德福", "02")])), code=1)
    assert f"第2行，{column}：“2026-03-02”是日期" in said
    assert "有错误 1 条" in said
    assert everyone_rung(office) == {"沈德福"}


@pytest.mark.parametrize("room", ["2-Mar", "3月2日", "Mar-02", "2026/3/2", "2026-03-02"])
def test_rooms_that_became_dates_before_csv_are_refused_as_well(office, room):
    path = office.save("名册.csv", [granny("陶秀兰", "01", room=room), granny("沈德福", "02", room="3-2")], HEADERS)
    assert f"第2行，房号：“{room}”是日期" in office.zaoan("import", path, code=1)
    assert homes(office) == {"沈德福": ("3号楼", "2单元", "3-2")}


def test_errors_of_formulas_are_mistakes_and_wipe_nothing(office):
    office.zaoan("import", workbook(office, ("名单", [HEADERS, granny("陶秀兰", "01"), granny("沈德福", "02")])))
    flagless, roomless = granny("陶秀兰", "01"), granny("沈德福", "02")
    flagless[5], roomless[4] = "#N/A", "#REF!"
    said = office.zaoan("import", workbook(office, ("名单", [HEADERS, flagless, roomless])), code=1)
    assert "新增 0 条，更新 0 条，未变 1 条，有错误 2 条" in said
    assert "第2行，标记：“#N/A”是公式出错的结果" in said
    assert "这一行已导入，只有这一格没有采用" in said
    assert "第3行，房号：“#REF!”是公式出错的结果" in said
    office.zaoan("campaign", "create", "独居早安", "--flags", "独居", "--at", "08:00")
    office.zaoan("campaign", "start", "独居早安")
    assert office.rung() == {"陶秀兰", "沈德福"}


def test_a_formula_without_a_stored_value_wipes_nothing(office):
    office.zaoan("import", workbook(office, ("名单", [HEADERS, granny("陶秀兰", "01")])))
    path = workbook(office, ("名单", [HEADERS, [*granny("陶秀兰", "01")[:5], '=IF(1=1,"独居","")', AGREED]]))
    said = office.zaoan("import", path, code=1)
    assert "第2行，标记：这里的公式还没有结果" in said
    assert "未变 1 条" in said


def test_the_zero_that_a_program_writes_for_every_formula_is_no_value(office):
    path = workbook(office, ("名单", [HEADERS, [*granny("陶秀兰", "01")[:5], '=IF(1=1,"独居","")', AGREED]]))
    rewritten(path, lambda xml: xml.replace("<v></v>", "<v>0</v>").replace("<v />", "<v>0</v>"))
    assert "第2行，标记：这里的公式还没有结果" in office.zaoan("import", path, code=1)


def test_a_formula_whose_result_is_an_empty_text_is_empty(office):
    path = workbook(office, ("名单", [HEADERS, [*granny("陶秀兰", "01")[:5], '=""', AGREED]]))
    rewritten(path, lambda xml: xml.replace('<c r="F2">', '<c r="F2" t="str">'))
    assert "有错误 0 条" in office.zaoan("import", path)


def test_times_are_those_of_the_nearest_minute_in_every_shape(office):
    headers = [*HEADERS, "通话时间"]
    new_year = datetime.datetime(2025, 12, 31, 8, 30)  # noqa: DTZ001 - cells have no time zone
    times = [0.354166, new_year, datetime.timedelta(hours=8, minutes=30), "08:29:59"]
    rows = [
        [*granny(name, f"0{last}"), time] for last, (name, time) in enumerate(zip("甲乙丙丁", times, strict=True), 1)
    ]

    def shown(book):
        book.active["H2"].number_format = "h:mm"

    office.zaoan("import", workbook(office, ("名单", [headers, *rows]), change=shown))
    office.zaoan("export", "out.csv")
    assert (office.folder / "out.csv").read_text("utf-8-sig").count(",08:30,") == 4


def test_something_far_outside_the_list_is_named(office):
    path = workbook(office, ("名单", [HEADERS, granny("陶秀兰", "01")]))
    far = '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>'
    rewritten(path, lambda xml: xml.replace("</sheetData>", far + "</sheetData>"))
    assert "（第1048576行）写有内容" in office.zaoan("import", path, code=1)


def test_a_header_merged_over_two_columns_is_one_and_two_telephones_below_it_are_two(office):
    rows = [
        ["姓名", "电话", "", "楼栋", "房号", "备注", "", "同意"],
        ["陶秀兰", "0311-86000201", "13800138000", "3号楼", "301", "和气", "", "同意"],
    ]

    def merge(book):
        book.active.merge_cells("B1:C1")
        book.active.merge_cells("F1:G1")

    assert "有错误 0 条" in office.zaoan("import", workbook(office, ("名单", rows), change=merge))
    office.zaoan("export", "out.csv")
    assert ",0311 8600 0201,138 0013 8000," in (office.folder / "out.csv").read_text("utf-8-sig")


def test_what_stands_below_the_rest_of_a_merged_header_is_not_dropped_in_silence(office):
    rows = [
        ["姓名", "电话", "楼栋", "房号", "家属", "", "同意"],
        ["陶秀兰", "0311-86000201", "3号楼", "301", "王丽", "13900000002", "同意"],
    ]
    path = workbook(office, ("名单", rows), change=lambda book: book.active.merge_cells("E1:F1"))
    said = office.zaoan("import", path, code=1)
    assert "不认识“家属”这一列" in said
    assert "家属电话" in said
    assert everyone_rung(office) == {"陶秀兰"}


def test_nobody_is_removed_who_stands_on_a_sheet_that_was_not_read(office):
    office.zaoan("import", workbook(office, ("名单", [HEADERS, granny("陶秀兰", "01"), granny("沈德福", "02")])))
    other = ("其他", [["人员", "号码"], ["沈 德 福", "0311-86000202"]])
    path = workbook(office, ("名单", [HEADERS, granny("陶秀兰", "01")]), other)
    office.zaoan("import", path, "--missing", "remove")
    assert everyone_rung(office) == {"陶秀兰", "沈德福"}


def test_nothing_is_called_imported_of_a_row_that_was_left_out(office):
    spoilt = granny("陶秀兰", "01")
    spoilt[2], spoilt[5], spoilt[6] = "#VALUE!", "#N/A", "#N/A"
    said = office.zaoan("import", workbook(office, ("名单", [HEADERS, spoilt])), code=1)
    assert "有错误 1 条" in said
    assert "已导入" not in said
