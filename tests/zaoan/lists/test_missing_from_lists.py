"""Who is enrolled and not in the office's list any more, and whoever was removed and is still in it."""

import pytest

WANG = ["王桂兰", "0311-86000101", "3号楼", "301", "独居", "书面同意"]
LI = ["李长海", "0311-86000102", "3号楼", "302", "独居", "书面同意"]
ZHAO = ["赵德明", "0311-86000103", "3号楼", "303", "独居", "书面同意"]
STILL = "已登记、但不在这份名册里的有 1 位，仍然照常照看（要移出请加 --missing remove）：李长海 (3号楼302)"
GONE = "不在这份名册里、因此已移出的有 1 位（要恢复请用 zaoan resident restore 姓名）：李长海 (3号楼302)"


def rung(office):
    office.zaoan("campaign", "create", "每日早安", "--everyone")
    office.zaoan("campaign", "start", "每日早安")
    return office.rung()


@pytest.mark.parametrize("options", [(), ("--missing", "keep"), ("--missing", "保留")])
def test_whoever_is_missing_is_named_and_still_rung(office, options):
    office.imports(WANG, LI)
    assert STILL in office.imports(WANG, options=options)
    assert rung(office) == {"王桂兰", "李长海"}


def test_whoever_is_missing_can_be_removed_and_restored(office):
    office.imports(WANG, LI)
    assert GONE in office.imports(WANG, options=("--missing", "remove"))
    office.zaoan("campaign", "create", "每日早安", "--everyone")
    office.zaoan("campaign", "start", "每日早安")
    assert office.rung() == {"王桂兰"}
    assert "已移出" not in office.imports(WANG, options=("--missing", "remove"))
    office.zaoan("resident", "restore", "李长海")
    assert STILL in office.imports(WANG)


def test_a_dry_run_says_who_would_be_removed_and_removes_nobody(office):
    office.imports(WANG, LI)
    assert GONE in office.imports(WANG, options=("--missing", "remove", "--dry-run"))
    assert rung(office) == {"王桂兰", "李长海"}


def test_nobody_is_removed_by_a_list_in_which_a_row_has_a_mistake(office):
    office.imports(WANG, LI, ZHAO)
    misspelt = ["李常海", "0311-8600", *LI[2:]]
    said = office.imports(WANG, ZHAO, misspelt, options=("--missing", "remove"), code=1)
    assert "没有移出任何人" in said
    assert "李长海" in said
    assert rung(office) == {"王桂兰", "李长海", "赵德明"}


def test_a_question_about_consent_keeps_nobody_in(office):
    office.imports(WANG, LI)
    assert GONE in office.imports([*WANG[:-1], "#N/A"], options=("--missing", "remove"), code=1)


def test_whoever_stands_in_a_row_with_a_mistake_is_not_missing(office):
    office.imports(WANG, LI)
    assert "已登记、但不在" not in office.imports(WANG, ["李长海", "1", *LI[2:]], code=1)


def test_only_residents_are_removed_by_a_list(office):
    rows = [["田保国", "楼栋长", "3号楼", "13700000031"]]
    path = office.save("helpers.csv", rows, ["姓名", "角色", "负责区域", "电话"])
    assert "只有居民名册" in office.zaoan("import", path, "--kind", "responders", "--missing", "remove", code=1)


def test_a_list_does_not_bring_back_whoever_was_removed(office):
    office.imports(WANG, LI)
    office.zaoan("resident", "remove", "李长海", "--because", "deceased")
    said = office.imports(WANG, [*LI[:-1], "2026-11-28 再次同意"])
    assert "第3行：李长海已于" in said
    assert "zaoan resident restore 李长海" in said
    assert "新增 0 条，更新 0 条，未变 1 条" in said
    moved = [LI[0], LI[1], "5号楼", "501", *LI[4:]]
    assert "第3行：李长海已于" in office.imports(WANG, moved)
    assert rung(office) == {"王桂兰"}


def test_programs_read_the_same(office):
    office.imports(WANG, LI)
    office.save("residents.csv", [WANG])
    [missing] = office.json("import", "residents.csv")["missing"]
    assert (missing["resident"], missing["place"]) == ("李长海", "3号楼302")
    [removed] = office.json("import", "residents.csv", "--missing", "remove")["removed"]
    assert removed == missing
