"""Telephones of somebody else: ours and those of emergencies are refused; those that people share are named."""

import pytest

from zaoan.process.exchange_process import exchange_account

ROW = ["王桂兰", "0311-86000101", "3号楼", "301", "独居", "2026-11-01 书面同意"]
LI = ["李长海", "0311-86000102", "5号楼", "302", "空巢", "2026-11-01 书面同意"]
LIU = ["刘大姐", "志愿者", "13800138001", ""]


@pytest.fixture
def office(office):
    office.imports(ROW, LI)
    office.zaoan(
        "import", office.save("helpers.csv", [LIU], ["姓名", "角色", "电话", "负责区域"]), "--kind", "responders"
    )
    return office


def ours():
    from core import settings

    return exchange_account(settings.current()).numbers[0]


@pytest.mark.parametrize("option", ["--phone", "--second-phone", "--relative-phone"])
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_our_own_and_emergency_numbers_are_nobodys(office, monkeypatch, option, language):
    monkeypatch.setenv("ZAOAN_LANGUAGE", language)
    relative = ("--relative", "小梅", "--relative-name", "小梅") if option == "--relative-phone" else ()
    for number, why in ((ours(), {"zh-CN": "我们自己的外呼号码", "en": "our own number"}),
                        ("110", {"zh-CN": "紧急", "en": "emergency number"})):  # fmt: skip
        said = office.zaoan("resident", "set", "王桂兰", *relative, option, number, code=1)
        assert said.startswith(option)
        assert number in said
        assert why[language] in said
        assert {"zh-CN": "本人", "en": "the person's own number"}[language] in said
    assert office.json("resident", "show", "王桂兰")["telephones"] == ["+8631186000101"]
    assert office.json("resident", "show", "王桂兰")["relatives"] == []


def test_a_number_that_a_helper_or_another_home_has_is_taken_and_named(office):
    assert "刘大姐（志愿者）和居民王桂兰的电话都是" in office.zaoan("resident", "set", "王桂兰", "--phone", LIU[2])
    said = office.zaoan("resident", "set", "王桂兰", "--second-phone", LI[1])
    assert "王桂兰、李长海住在不同的家，电话却都是 0311 8600 0102" in said
    assert "刘大姐" not in said, "only what is new is named"
    document = office.json("resident", "set", "王桂兰", "--phone", "0311-86000103")
    assert document["telephones_in_several_homes"] == []


def test_programs_read_who_has_the_number_as_well(office):
    document = office.json("resident", "set", "王桂兰", "--phone", LI[1])
    assert document["telephones_in_several_homes"] == [{"number": "+8631186000102", "residents": ["王桂兰", "李长海"]}]
    assert office.json("resident", "set", "李长海", "--second-phone", LIU[2])["shared_telephones"] == [
        {"number": "+8613800138001", "responder": "刘大姐", "role": "volunteer", "resident": "李长海"}
    ]


def test_an_import_names_the_same_number_in_two_homes_but_not_in_one(office):
    wife = ["王大爷", ROW[1], ROW[2], ROW[3], "", "2026-11-01 书面同意"]
    assert "住在不同的家" not in office.imports(ROW, LI, wife)
    copied = ["赵德明", LI[1], "7号楼", "101", "", "2026-11-01 书面同意"]
    assert "李长海、赵德明住在不同的家，电话却都是 0311 8600 0102" in office.imports(ROW, LI, copied)
    assert office.json("import", "residents.csv")["telephones_in_several_homes"] == [
        {"number": "+8631186000102", "residents": ["李长海", "赵德明"]}
    ]
