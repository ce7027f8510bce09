"""Lists as text files: quotation marks, encodings, padding, and words for nothing; who is rung in the end."""

import pytest

from tests.offices import Office
from tests.zaoan.lists.files.test_what_workbooks_hold import everyone_rung

HEADERS = ["姓名", "电话", "楼栋", "房号", "备注", "同意"]


@pytest.fixture
def office(tmp_path, monkeypatch):
    return Office(tmp_path, monkeypatch)


def text(office, content, encoding="utf-8", name="名册.csv"):
    """Saves a text file; returns its path."""
    path = office.folder / name
    path.write_bytes(content.encode(encoding))
    return path


def lines(*notes):
    """A list with a person for each note."""
    people = [
        f"{name},0311-8600020{at},3号楼,30{at},{note},书面同意"
        for at, (name, note) in enumerate(zip("甲乙丙丁戊", notes, strict=False))
    ]
    return "\n".join([",".join(HEADERS), *people]) + "\n"


@pytest.mark.parametrize(
    ("notes", "row"),
    [
        (['"小陶"的母亲', '"独居老人，多打几次', "", "", ""], 3),
        (["", "", "", "", '"独居老人'], 6),
        (['"一', '"二', "", "", ""], 2),
        (["", '"打开', "", '关上"', ""], 3),
    ],
)
def test_a_quotation_mark_that_is_never_closed_swallows_nobody(office, notes, row):
    said = office.zaoan("import", text(office, lines(*notes)), code=1)
    assert "新增 5 条" in said
    assert f"第{row}行，备注：这里有一个引号没有成对" in said
    assert everyone_rung(office) == set("甲乙丙丁戊")


def test_notes_of_several_lines_are_whole(office):
    said = office.zaoan("import", text(office, lines('"门铃坏了\n请敲门，三下"', "", "")))
    assert "新增 3 条" in said
    assert "有错误 0 条" in said


def test_a_text_behind_an_equals_sign_is_unwrapped(office):
    path = text(office, '姓名,电话,楼栋,房号,同意\n陶秀兰,="031186000201",="3号楼",="0301",="2026-11-01"\n')
    assert "有错误 0 条" in office.zaoan("import", path)
    office.zaoan("export", "out.csv")
    assert ",0311 8600 0201,,3号楼,,'0301," in (office.folder / "out.csv").read_text("utf-8-sig")


@pytest.mark.parametrize("padded", ["陶　芳", "陶 芳", "陶\u00a0芳", " 陶  芳 "])
def test_a_padded_name_is_the_same_person(office, padded):
    office.imports(["陶芳", "0311-86000201", "3号楼", "301", "独居", "书面同意"])
    said = office.imports([padded, "0311-86000201", "3号楼", "301", "独居", "书面同意"])
    assert "新增 0 条，更新 0 条，未变 1 条" in said


@pytest.mark.parametrize("nothing", ["无", "—", "/", "－", "-", "暂无", "没有", "N/A", "nan"])
def test_words_for_nothing_are_nothing(office, nothing):
    headers = ["姓名", "电话", "备用电话", "楼栋", "房号", "标记", "家属姓名", "家属电话", "入户说明", "出生年", "同意"]
    names = nothing if nothing not in {"N/A", "nan"} else ""
    row = ["王桂兰", "0311-86000101", nothing, "3号楼", "301", nothing, names, nothing, nothing, nothing, "书面同意"]
    assert "有错误 0 条" in office.imports(row, headers=headers)
    (shown,) = [office.json("resident", "show", "王桂兰")]
    assert (shown["flags"], shown["relatives"]) == ([], [])


def test_numbers_that_a_program_gave_a_point(office):
    office.imports(["王桂兰", "13800138000.0", "3.0", "301.0", "", "书面同意"])
    office.zaoan("export", "out.csv")
    assert ",138 0013 8000,,3号楼,,301," in (office.folder / "out.csv").read_text("utf-8-sig")


def test_a_number_of_which_digits_are_lost_is_refused(office):
    assert "电话：“1.38E+10”不是有效的电话号码" in office.imports(
        ["王桂兰", "1.38E+10", "3", "301", "", "书面同意"], code=1
    )


@pytest.mark.parametrize("encoding", ["big5", "gb18030", "gbk", "utf-8", "utf-8-sig", "utf-16"])
def test_names_are_those_that_were_written_in_every_encoding(office, encoding):
    rows = "name,phone,building,room,consent\n王桂蘭,86234567,3,301,同意\n陳美玉,86234568,3,302,書面同意\n"
    assert "有错误 0 条" in office.zaoan("import", text(office, rows, encoding))
    assert everyone_rung(office) == {"王桂蘭", "陳美玉"}


@pytest.mark.parametrize("name", ["名册.xls", "名册.csv", "名册.xlsx"])
def test_a_web_page_under_the_name_of_a_spreadsheet_is_called_that(office, name):
    page = "<html><body><table><tr><td>姓名</td></tr></table></body></html>"
    assert "其实是网页" in office.zaoan("import", text(office, page, name=name), code=1)


def test_a_protected_workbook_is_called_that(office):
    path = office.folder / "名册.xlsx"
    path.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600
    )
    assert "设有密码" in office.zaoan("import", path, code=1)


@pytest.mark.parametrize("between", ["/", "、", "；", " ", ",", "\n", "或"])
def test_two_numbers_in_a_cell_are_two_numbers(office, between):
    row = ["王桂兰", f"0311-86000101{between}13800138000", "3号楼", "301", "独居", "书面同意"]
    assert "有错误 0 条" in office.imports(row)
    office.zaoan("export", "out.csv")
    assert ",0311 8600 0101,138 0013 8000," in (office.folder / "out.csv").read_text("utf-8-sig")
    assert "未变 1 条" in office.imports(row)


def test_a_bad_cell_that_is_not_needed_costs_only_the_cell(office):
    headers = ["姓名", "电话", "楼栋", "房号", "出生年", "通话时间", "家属姓名", "家属电话", "同意"]
    good = ["王桂兰", "0311-86000101", "3号楼", "301", "1938", "08:30", "王丽", "13900000001", "书面同意"]
    office.imports(good, headers=headers)
    bad = [*good[:4], "很老", "早上", "王丽", "120", "书面同意"]
    said = office.imports(bad, headers=headers, code=1)
    assert "未变 1 条，有错误 1 条" in said
    assert said.count("只有这一格没有采用") == 3
    assert everyone_rung(office) == {"王桂兰"}


def test_headers_that_offices_write_are_known(office):
    headers = [
        "序号",
        "老人姓名",
        "性别",
        "年龄",
        "楼号",
        "单元号",
        "门牌",
        "座机",
        "手机",
        "子女姓名",
        "子女电话",
        "是否同意",
    ]
    row = ["1", "王桂兰", "女", "88", "3", "2", "301", "0311-86000101", "13800138000", "王丽", "13900000001", "是"]
    said = office.imports(row, headers=headers, code=1)
    assert "新增 1 条，更新 0 条，未变 0 条，有错误 0 条" in said
    assert "改名" not in said.replace("再改用", "")
    assert "不认识“序号”这一列" in said
    assert "不认识“性别”这一列" in said
    office.zaoan("export", "out.csv")
    exported = (office.folder / "out.csv").read_text("utf-8-sig")
    assert ",0311 8600 0101,138 0013 8000,3号楼,2单元,301,1938," in exported
    assert "王丽,139 0000 0001" in exported


@pytest.mark.parametrize("header", ["序号", "子女姓名及电话", "邻居电话", "房东电话", "性别", "身份证号"])
def test_nothing_is_suggested_that_is_not_surely_meant(office, header):
    said = office.imports(
        ["王桂兰", "0311-86000101", "3", "301", "x"], headers=["姓名", "电话", "楼栋", "房号", header], code=1
    )
    assert f"不认识“{header}”这一列" in said
    assert "请改名为" not in said


@pytest.mark.parametrize("role", ["书记", "社工", "片警", "网格长", "单元长"])
def test_the_roles_that_offices_write_are_known(office, role):
    path = office.save("helpers.csv", [["田保国", role, "13700000031"]], ["姓名", "职务", "手机"])
    assert "新增 1 条" in office.zaoan("import", path, "--kind", "responders")


def test_an_area_without_a_home_is_a_warning(office):
    office.imports(["王桂兰", "0311-86000101", "3号楼", "301", "独居", "书面同意"])
    helpers = [
        ["田保国", "楼栋长", "13700000031", "3栋"],
        ["魏红", "楼栋长", "13700000032", "13号楼"],
        ["方圆", "书记", "13700000033", ""],
    ]
    said = office.zaoan(
        "import", office.save("helpers.csv", helpers, ["姓名", "角色", "电话", "负责区域"]), "--kind", "responders"
    )
    assert "新增 3 条" in said
    assert "第3行：魏红负责的“13号楼”里还没有住户" in said
    assert said.count("还没有住户") == 1


@pytest.mark.parametrize("name", ["王桂兰（独居）", "王桂兰(已故)", "王桂兰、李长海", "王桂兰/李长海"])
def test_a_name_with_a_remark_or_of_two_people_is_asked_about_and_nobody_is_rung(office, name):
    said = office.imports([name, "0311-86000101", "3号楼", "301", "独居", "书面同意"], code=1)
    assert "不只是一个人的姓名" in said
    assert everyone_rung(office) == set()


def test_two_numbers_of_a_helper_are_both_kept(office):
    path = office.save("帮手.csv", [["田保国", "楼长", "13900000001/0311-86000109"]], ["姓名", "角色", "电话"])
    said = office.zaoan("import", path, "--kind", "responders")
    assert "新增 1 条" in said
    office.zaoan("export", "out.csv", "--kind", "responders")
    written = (office.folder / "out.csv").read_text("utf-8-sig")
    assert all(number in written for number in ("139 0000 0001", "0311 8600 0109"))
