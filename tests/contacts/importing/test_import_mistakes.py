from pathlib import Path

import pytest

from contacts.importing.importing import Kind, run_import
from contacts.models import Resident
from core.errors import UserError
from core.i18n import Language
from tests.contacts.stories import LI, WANG, count, import_rows

pytestmark = pytest.mark.usefixtures("community")


@pytest.mark.parametrize(
    ("cells", "column", "chinese", "english"),
    [
        ({"姓名": ""}, "name", "第3行，姓名：这里没有填写。", "Row 3, name: Nothing is written here."),
        ({"电话": "120"}, "phone", "第3行，电话：“120”是紧急号码", "Row 3, phone: “120” is an emergency number"),
        ({"电话": ""}, "phone", "第3行，电话：这里没有填写。", "Row 3, phone: Nothing is written here."),
        ({"备用电话": "86000103转8"}, "second phone", "第3行，备用电话：“86000103转8”带有分机号", "has an extension"),
        ({"出生年": "1838"}, "birth year", "第3行，出生年：“1838”不是出生年份", "“1838” is not a year of birth"),
        ({"语言": "法语"}, "language", "第3行，语言：这一列不认识“法语”。可以填写：普通话", "the word “法语”"),
        ({"语速": "飞快"}, "pace", "第3行，语速：“飞快”不是语速。请写每分钟的字数", "“飞快” is no pace of speaking"),
        ({"语速": "500"}, "pace", "从 90 到 240", "from 90 to 240"),
        ({"声音": "童声"}, "voice", "第3行，声音：这一列不认识“童声”。可以填写：普通 (usual)", "the word “童声”"),
        ({"通话时间": "25:00"}, "call time", "第3行，通话时间：“25:00”不是时间", "“25:00” is not a time of day"),
        ({"楼栋": ""}, "building", "第3行，楼栋：", "Row 3, building:"),
        ({"家属姓名2": "王丽"}, "relative phone 2", "第3行，家属电话2：", "Row 3, relative phone 2:"),
        ({"家属电话": "13900000001"}, "relative name", "第3行，家属姓名：", "Row 3, relative name:"),
        ({**WANG}, "name", "第3行，姓名：第2行已经有这个人。", "Row 3, name: Row 2 already names this person."),
    ],
)
def test_a_mistake_names_row_column_and_value_in_both_languages(tmp_path, cells, column, chinese, english):
    columns = {"备用电话": "", "家属姓名": "", "家属电话": "", "家属姓名2": "", "家属电话2": ""}
    report = import_rows(tmp_path, [WANG | columns, LI | cells])
    (problem,) = report.problems
    header = next(iter(cells)) if column != "relative phone 2" and column != "relative name" else None
    assert (problem.row.number, problem.column) == (3, column)
    assert header is None or problem.value == cells[header]
    assert chinese in problem.describe(Language.CHINESE)
    assert english in problem.describe(Language.ENGLISH)
    assert report.added == count(Resident) == (1 if column in {"name", "phone", "building"} else 2)


def test_rows_are_numbered_as_spreadsheet_programs_do(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text(
        '居民名册,,,\n\n姓名,电话,楼栋,房号\n"王\n桂兰",86000101,3,301\n,,,\n李长海,1,3,302\n', encoding="utf-8"
    )
    report = run_import(Kind.RESIDENTS, path, consent=None, dry_run=False)
    assert (report.added, [problem.row.number for problem in report.problems]) == (1, [6])


def test_an_unknown_column_is_named_with_the_nearest_known_ones_and_left_out(tmp_path):
    report = import_rows(tmp_path, [WANG | {"家属电号": "1"}])
    (problem,) = report.problems
    assert (report.added, problem.row.number, problem.column) == (1, 1, "家属电号")
    assert "家属电话 (relative phone)" in problem.describe(Language.CHINESE)
    assert "“家属电号” is not a column we know" in problem.describe(Language.ENGLISH)


def test_a_required_column_that_is_missing_is_named(tmp_path):
    with pytest.raises(UserError) as raised:
        import_rows(tmp_path, [{"姓名": "王桂兰", "楼栋": "3", "房号": "301"}])
    assert "文件缺少这些列：电话 (phone)。" in raised.value.describe(Language.CHINESE)


def test_a_column_must_not_appear_twice(tmp_path):
    with pytest.raises(UserError, match="“phone” appears twice"):
        import_rows(tmp_path, [WANG | {"phone": "1"}])


def test_one_relative_is_written_once(tmp_path):
    twice = {"家属姓名": "王丽", "家属电话": "13900000002", "家属姓名2": "王强", "家属电话2": "139 0000 0002"}
    (problem,) = import_rows(tmp_path, [WANG | twice]).problems
    assert problem.column == "relative phone 2"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.docx", b"x", "不是表格文件"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0old", "无法读取"),
        ("a.xlsx", b"PK\x03\x04broken", "无法读取"),
        ("a.csv", b"\xff\xff\xff\x81", "哪种文字编码"),
        ("a.csv", b"", "是空的"),
        ("missing.csv", None, "找不到文件"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(tmp_path: Path, name, content, words):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(UserError) as raised:
        run_import(Kind.RESIDENTS, tmp_path / name, consent=None, dry_run=False)
    assert words in raised.value.describe(Language.CHINESE)
    assert name in raised.value.describe(Language.ENGLISH)


@pytest.mark.parametrize(
    ("cells", "column"),
    [({"角色": "厨师"}, "role"), ({"负责区域": "2单元"}, "area"), ({"电话": "13700000031"}, "phone")],
)
def test_mistakes_of_responders_are_named(tmp_path, cells, column):
    good = {"姓名": "田保国", "角色": "楼栋长", "负责区域": "3号楼", "电话": "13700000031"}
    other = {"姓名": "魏红", "角色": "志愿者", "负责区域": "", "电话": "13700000032"}
    report = import_rows(tmp_path, [good, other | cells], Kind.RESPONDERS)
    assert (report.added, [(each.row.number, each.column) for each in report.problems]) == (1, [(3, column)])
