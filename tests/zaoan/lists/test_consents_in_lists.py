"""Consent is a yes, on a user's whole way: spreadsheet, import, round, key 9, and the next import."""

from zoneinfo import ZoneInfo

import pytest

from contacts import queries
from core import clock
from core.settings import Settings
from core.storage import database
from tests.switchboard import House

GRANNY = ["王桂兰", "0311-86000101", "3号楼", "301", "独居", "书面同意"]
OTHER = ["李长海", "0311-86000102", "3号楼", "302", "独居", "2026-11-01 书面同意"]
HOME = "+8631186000101"


def granny(consent):
    return [*GRANNY[:-1], consent]


def rung(office):
    """Who is called in a round that begins now."""
    office.zaoan("campaign", "create", "每日早安", "--everyone")
    office.zaoan("campaign", "start", "每日早安")
    return office.rung()


@pytest.mark.parametrize("words", ["不同意", "否", "未签", "拒绝", "no", "FALSE", "无"])
def test_a_refusal_is_no_consent(office, words):
    said = office.imports(granny(words), OTHER)
    assert "没有同意接电话、因此不会拨打：王桂兰" in said
    assert rung(office) == {"李长海"}


@pytest.mark.parametrize("words", ["#N/A", "—", "待定", "?", "未知"])
@pytest.mark.parametrize("options", [(), ("--consent", "signed forms, 2026-11-01")])
def test_what_is_neither_yes_nor_no_is_asked_about_by_row_and_is_no_consent(office, words, options):
    said = office.imports(granny(words), OTHER, options=options, code=1)
    assert f"第2行，同意：“{words}”看不出是否同意" in said
    assert "新增 2 条" in said
    assert rung(office) == {"李长海"}


def test_a_refusal_that_is_written_later_withdraws_once(office):
    office.imports(GRANNY, OTHER)
    said = office.imports(granny("不同意"), OTHER)
    assert "因此不再拨打：王桂兰" in said
    again = office.imports(granny("拒绝"), OTHER)
    assert "因此不再拨打" not in again
    assert "没有同意接电话、因此不会拨打：王桂兰" in again
    assert rung(office) == {"李长海"}
    with database.reading() as session:
        [resident] = queries.residents_by_number(session, HOME)
        assert [(each.source, each.how) for each in resident.opt_outs] == [("list", "不同意")]
        assert [each.opt_out_id for each in resident.consents] == [resident.opt_outs[0].id]


def test_the_list_that_has_refused_can_agree_again_but_not_for_everybody_at_once(office):
    office.imports(granny("不同意"), OTHER)
    said = office.imports(granny(""), OTHER, options=("--consent", "signed forms, 2026-11-01"))
    assert "第2行：王桂兰没有同意（不同意，" in said
    assert "没有同意接电话、因此不会拨打：王桂兰" in said
    office.imports(granny("2026-11-20 书面同意"), OTHER)
    assert rung(office) == {"王桂兰", "李长海"}


def test_a_question_leaves_a_consent_as_it_was(office):
    office.imports(GRANNY)
    office.imports(granny("#N/A"), code=1)
    assert rung(office) == {"王桂兰"}


def test_an_emptied_cell_leaves_a_consent_as_it_was_and_says_so(office):
    office.imports(GRANNY, OTHER)
    said = office.imports(granny(""), OTHER)
    assert "原来的同意保持不变（要撤回请填“不同意”）：王桂兰" in said
    assert "未变 2 条" in said
    assert rung(office) == {"王桂兰", "李长海"}


@pytest.mark.parametrize(
    ("row", "options"),
    [
        (GRANNY, ()),
        (granny("2026-11-28 再次同意"), ()),
        (granny(""), ("--consent", "signed forms, 2026-11-28")),
        (GRANNY[:-1], ("--consent", "signed forms, 2026-11-28")),
    ],
)
def test_whoever_has_pressed_9_twice_is_opted_in_again_by_no_list(office, row, options):
    office.imports(GRANNY, OTHER)
    office.zaoan("campaign", "create", "每日早安", "--everyone")
    house = House(Settings())
    house.ring(HOME).press("9").press("9").hang_up()
    house.close()
    headers = ["姓名", "电话", "楼栋", "房号", "标记", "同意"][: len(row)]
    said = office.imports(row, options=options, headers=headers)
    today = clock.now().astimezone(ZoneInfo("Asia/Shanghai")).date()
    assert f"第2行：王桂兰已于 {today} 要求不再打电话（按了两次 9），名册不能重新加入" in said
    assert "zaoan resident consent 王桂兰" in said
    office.zaoan("campaign", "start", "每日早安")
    assert office.rung() == {"李长海"}


def test_programs_read_who_is_still_out(office):
    office.imports(granny("不同意"))
    office.save("residents.csv", [granny("")])
    document = office.json("import", "residents.csv", "--consent", "signed forms")
    [out] = document["still_opted_out"]
    assert (out["row"], out["resident"], out["how"], out["own"]) == (2, "王桂兰", "不同意", False)


@pytest.mark.parametrize("statement", ["no", "#N/A", "不同意", "待定", ""])
def test_what_is_said_for_the_whole_file_must_be_a_yes(office, statement):
    assert "没有说明" in office.imports(GRANNY, options=("--consent", statement), code=1)


def test_a_refusal_goes_out_and_in_again(office):
    office.imports(granny("不同意"), OTHER)
    office.zaoan("export", "out.csv")
    assert "未变 2 条" in office.zaoan("import", "out.csv")
    assert rung(office) == {"李长海"}


def test_the_first_list_of_an_office(office):
    """What an office wrote that had read only the README."""
    said = office.imports(
        ["王桂兰", "0311-86000101", "3号楼", "301", "独居", "不同意"],
        ["李长海", "0311-86000102", "1号楼", "101", "独居", "否"],
        ["赵德明", "0311-86000103", "1号楼", "102", "独居", "未签"],
        ["孙秀英", "0311-86000104", "1号楼", "103", "独居", "是"],
    )
    assert "没有同意接电话、因此不会拨打：王桂兰、李长海、赵德明" in said
    assert rung(office) == {"孙秀英"}


def test_whoever_agrees_by_the_option_only_is_counted_and_named_with_the_row(office):
    rows = [
        [f"居民{row}", f"0311-8600{row:04}", "3号楼", f"{row}", "", "是" if row == 3 else ""] for row in range(2, 15)
    ]
    few = office.imports(*rows[:3], options=("--consent", "书面同意 2026-11-01"))
    assert "有 2 行没有写同意，按 --consent 登记了同意：居民2（第2行）、居民4（第4行）" in few
    many = office.imports(*rows, options=("--consent", "书面同意 2026-11-01"))
    assert "有 10 行没有写同意，按 --consent 登记了同意：居民5（第5行）、" in many
    assert "居民14（第14行）" in many
    document = office.json("import", "residents.csv", "--consent", "书面同意 2026-11-01")
    assert document["consent_by_option"] == []
    office.imports(*rows, *([f"新{row}", f"0311-8700{row:04}", "5号楼", f"{row}", "", ""] for row in range(15, 30)))
    document = office.json("import", "residents.csv", "--consent", "书面同意 2026-11-01", "--dry-run")
    assert document["consent_by_option"][0] == {"row": 15, "resident": "新15"}
    assert "有 15 行没有写同意" in (said := office.zaoan("import", "residents.csv", "--consent", "书面同意 2026-11-01"))
    assert "新24（第24行）" in said
    assert "新25" not in said
    assert "5" in said
