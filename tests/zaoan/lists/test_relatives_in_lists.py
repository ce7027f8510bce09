"""Numbers of sons and daughters as offices write them: told of problems, and never rung in their parents' place."""

import pytest
from sqlalchemy import select

from contacts.models import Relative, Resident
from core.storage import database
from tests.offices import Office
from tests.zaoan.lists.files.test_what_workbooks_hold import everyone_rung

BASE = ["姓名", "电话", "楼栋", "房号", "同意"]
DAUGHTER, SON = "13900000002", "13900000003"


@pytest.fixture
def office(tmp_path, monkeypatch):
    return Office(tmp_path, monkeypatch)


def row(*more, phone="0311-86000201", name="陶秀兰"):
    return [name, phone, "3号楼", "301", "同意", *more]


def relatives():
    """Everybody's relatives: name, number, relation."""
    with database.reading() as session:
        found = session.execute(select(Resident.name, Relative).join(Relative, Relative.resident_id == Resident.id))
        return {(each.name, each.number.removeprefix("+86"), each.relation) for _, each in found}


def numbers():
    """The residents' own numbers, by name."""
    with database.reading() as session:
        return {each.name: [phone.number for phone in each.phones] for each in session.scalars(select(Resident))}


def test_a_column_for_the_daughter_says_who_she_is(office):
    headers = [*BASE, "女儿姓名", "女儿电话", "儿子手机", "家属姓名", "家属电话", "关系"]
    office.imports(row("王丽", DAUGHTER, SON, "王芳", "13900000004", "侄女"), headers=headers)
    assert relatives() == {("王丽", DAUGHTER, "女儿"), ("儿子", SON, "儿子"), ("王芳", "13900000004", "侄女")}
    assert numbers() == {"陶秀兰": ["+8631186000201"]}
    office.zaoan("export", "again.xlsx")
    assert "未变 1 条，有错误 0 条" in office.zaoan("import", "again.xlsx")
    assert "未变 1 条" in office.imports(
        row("王丽", DAUGHTER, SON, "王芳", "13900000004", "侄女"), headers=headers, options=()
    )


@pytest.mark.parametrize("header", ["女儿电话", "女儿联系电话", "女儿的手机号", "daughter phone", "Daughter's phone"])
def test_headers_of_daughters(office, header):
    office.imports(row(DAUGHTER), row("", name="沈德福", phone="0311-86000202"), headers=[*BASE, header])
    word = "女儿" if "女" in header else "daughter"
    assert relatives() == {(word, DAUGHTER, word)}
    assert everyone_rung(office) == {"陶秀兰", "沈德福"}


def test_a_column_of_children_without_names(office):
    office.imports(row(DAUGHTER), headers=[*BASE, "子女电话"])
    assert relatives() == {("子女", DAUGHTER, "子女")}


def test_a_column_of_relatives_who_have_no_name(office):
    headers = [*BASE, "家属电话"]
    assert "有错误 0 条" in office.imports(row(DAUGHTER), headers=headers)
    assert relatives() == {("家属", DAUGHTER, "")}
    assert "未变 1 条" in office.imports(row(DAUGHTER), headers=headers)
    office.zaoan("export", "again.xlsx")
    assert "未变 1 条，有错误 0 条" in office.zaoan("import", "again.xlsx")
    office.imports(row("王丽", DAUGHTER, "女儿"), headers=[*BASE, "家属姓名", "家属电话", "关系"])
    assert "未变 1 条" in office.imports(row(DAUGHTER), headers=headers)
    assert relatives() == {("王丽", DAUGHTER, "女儿")}


def test_a_name_that_is_known_is_not_lost_to_a_list_without_names(office):
    office.imports(row("王丽", DAUGHTER, "女儿"), headers=[*BASE, "家属姓名", "家属电话", "关系"])
    assert "未变 1 条" in office.imports(row(DAUGHTER), headers=[*BASE, "女儿电话"])
    assert relatives() == {("王丽", DAUGHTER, "女儿")}


def test_a_mistake_in_such_a_column_is_named_as_it_is_headed(office):
    said = office.imports(row("120"), headers=[*BASE, "女儿电话"], code=1)
    assert "第2行，女儿电话：“120”" in said
    assert "这一行已导入，只有这一格没有采用" in said
    assert relatives() == set()


@pytest.mark.parametrize("headers", [["女儿姓名"], ["女儿"], ["女儿情况"]])
def test_a_name_without_a_telephone_is_no_relative_and_is_said(office, headers):
    said = office.imports(row("王丽"), headers=[*BASE, *headers], code=1)
    assert f"不认识“{headers[0]}”这一列" in said
    assert relatives() == set()


def test_a_header_twice_is_a_mistake_and_two_daughters_are_two(office):
    assert "出现了两次" in office.imports(row(DAUGHTER, SON), headers=[*BASE, "女儿电话", "女儿电话"], code=1)
    office.imports(row(DAUGHTER, SON), headers=[*BASE, "女儿电话1", "女儿电话2"])
    assert relatives() == {("女儿", DAUGHTER, "女儿"), ("女儿", SON, "女儿")}


@pytest.mark.parametrize(
    "cell",
    ["13900000002（女儿）", "13900000002(女儿)", "女儿13900000002", "女儿：139 0000 0002", "13900000002 女儿",
     "0311-86000201、13900000002（女儿）", "13900000002（邻居）", "王丽13900000002（女儿）", "13900000002（老伴）"],
)  # fmt: skip
def test_the_daughter_is_never_rung_in_her_mothers_place(office, cell):
    said = office.imports(row(phone=cell), row(name="沈德福", phone="0311-86000202"), headers=BASE, code=1)
    assert "第2行，电话：" in said
    assert numbers() == {"沈德福": ["+8631186000202"]}
    if "王丽" not in cell:
        assert f"从“{cell}”旁边的字看，这是别人的号码，会打给别人。" in said
        assert "请在这里写本人的号码，把这个号码写到“家属电话”一列。" in said


def test_as_a_second_number_she_costs_the_cell(office):
    said = office.imports(row("13900000002（女儿）"), headers=[*BASE, "备用电话"], code=1)
    assert "第2行，备用电话：" in said
    assert "这一行已导入，只有这一格没有采用" in said
    assert numbers() == {"陶秀兰": ["+8631186000201"]}


@pytest.mark.parametrize(
    "cell",
    ["0311-86000201（座机）", "0311-86000201（家）", "本人：0311-86000201", "0311-86000201 本人", "座机0311-86000201",
     "(0311)86000201（白天）"],
)  # fmt: skip
def test_words_for_the_persons_own_number_are_no_riddle(office, cell):
    office.imports(row(phone=cell), headers=BASE)
    assert numbers() == {"陶秀兰": ["+8631186000201"]}


def test_two_own_numbers_with_their_words(office):
    office.imports(row(phone="座机0311-86000201、手机13800138000"), headers=BASE)
    assert numbers() == {"陶秀兰": ["+8631186000201", "+8613800138000"]}


@pytest.mark.parametrize("cell", ["0311-86000201（停机）", "0311-86000201（旧号）", "0311-86000201（别打）"])
def test_other_words_are_asked_about(office, cell):
    assert "旁边的字看不清楚" in office.imports(row(phone=cell), headers=BASE, code=1)
    assert numbers() == {}


@pytest.mark.parametrize("cell", ["0311-86000201转801", "0311-86000201（分机801）", "0311-86000201转8"])
def test_an_extension_is_still_one(office, cell):
    said = office.imports(row(phone=cell), headers=BASE, code=1)
    assert "分机" in said
    assert numbers() == {}


@pytest.mark.parametrize(
    ("name", "cell", "found"),
    [
        ("", "13900000002（女儿）", {("女儿", DAUGHTER, "女儿")}),
        ("王丽", "13900000002（女儿）", {("王丽", DAUGHTER, "女儿")}),
        ("王丽", "13900000002（手机）", {("王丽", DAUGHTER, "")}),
        ("王丽、王强", "13900000002（女儿）、13900000003（儿子）", {("王丽", DAUGHTER, "女儿"), ("王强", SON, "儿子")}),
        ("", "女儿13900000002，儿子13900000003", {("女儿", DAUGHTER, "女儿"), ("儿子", SON, "儿子")}),
        ("", "13900000002（女儿） 13900000003（儿子）", {("女儿", DAUGHTER, "女儿"), ("儿子", SON, "儿子")}),
    ],
)
def test_in_a_relatives_cell_the_word_is_the_relation(office, name, cell, found):
    office.imports(row(name, cell), headers=[*BASE, "家属姓名", "家属电话"])
    assert relatives() == found


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("王丽", "13900000002（女儿）、13900000003（儿子）"),
        ("王丽", "13900000002（常不接）"),
        ("#N/A", "13900000002（女儿）"),
    ],
)
def test_what_is_not_clear_of_a_relative_costs_the_cell_and_is_said(office, name, cell):
    said = office.imports(row(name, cell), headers=[*BASE, "家属姓名", "家属电话"], code=1)
    assert "这一行已导入，只有这一格没有采用" in said
    assert relatives() == set()
    assert everyone_rung(office) == {"陶秀兰"}


def test_a_helpers_number_with_a_word(office):
    headers = ["姓名", "角色", "电话"]
    rows = [["刘大姐", "志愿者", "13800138001（本人）"], ["田保国", "楼栋长", "13800138002（女儿）"]]
    said = office.zaoan("import", office.save("帮手.csv", rows, headers), "--kind", "responders", code=1)
    assert "新增 1 条" in said
    assert "第3行，电话：从“13800138002（女儿）”旁边的字看，这是别人的号码" in said
