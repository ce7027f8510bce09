"""Whom a campaign rings, on a user's whole way: spreadsheet, import, campaign, round."""

import json

import pytest

from campaigns import queries
from core.storage import database

PEOPLE = [
    ["王桂兰", "0311-86000101", "3号楼", "301", "独居老人；高龄", "书面同意"],
    ["李长海", "0311-86000102", "3号楼", "302", "空巢", "2026-11-01"],
    ["赵德明", "0311-86000103", "3号楼", "303", "独居", ""],
    ["孙秀英", "0311-86000104", "3号楼", "304", "爱唱戏", "是"],
]
ALSO_SINGS = ["周玉兰", "0311-86000105", "3号楼", "305", "爱唱戏", "不同意"]


@pytest.fixture
def office(office):
    """It has imported its list."""
    office.imports(*PEOPLE)
    return office


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ("独居,空巢", {"王桂兰", "李长海"}),
        ("独居老人；空巢老人", {"王桂兰", "李长海"}),
        ("lives alone、empty_nest", {"王桂兰", "李长海"}),
        ("Lives-Alone，爱唱戏", {"王桂兰", "孙秀英"}),
        ("八十岁以上", {"王桂兰"}),
        ("80岁以上老人", {"王桂兰"}),
        ("高龄老人;空巢家庭", {"王桂兰", "李长海"}),
    ],
)
def test_a_round_rings_whoever_carries_the_flags_however_they_are_written(office, flags, expected):
    created = office.zaoan("campaign", "create", "每日早安", "--flags", flags)
    started = office.zaoan("campaign", "start", "每日早安")
    assert office.rung() == expected
    assert f"会打给 {len(expected)} 位居民" in created
    assert f"会打给 {len(expected)} 位居民" in started


def test_create_and_start_tell_how_many_by_flag_and_who_is_left_out_and_why(office):
    created = office.zaoan("campaign", "create", "每日早安", "--flags", "独居,空巢")
    assert "会打给 2 位居民：独居 1、空巢 1" in created
    assert "不打的有 1 位：没有同意接电话 1" in created
    started = office.zaoan("campaign", "start", "每日早安")
    [round_] = office.json("round", "list")
    assert started.splitlines()[0] == round_["id"]
    assert "不打的有 1 位：没有同意接电话 1" in started


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_id_comes_first_and_dangers_are_told_where_no_program_reads(office, monkeypatch, language):
    """Nobody looks after these residents: that is said at once, and never in the way of a script."""
    monkeypatch.setenv("ZAOAN_LANGUAGE", language)
    danger = {"zh-CN": "危险：", "en": "Danger: "}[language]
    created, told = office.streams("campaign", "create", "每日早安", "--flags", "独居,空巢")
    assert (danger in told, danger in created) == (True, False)
    started, told = office.streams("campaign", "start", "每日早安")
    assert (danger in told, danger in started) == (True, False)
    assert started.splitlines()[0] == office.json("round", "list")[0]["id"]


def test_json_is_all_that_stands_on_standard_output(office):
    for words in (("create", "每日早安", "--everyone"), ("start", "每日早安")):
        document, told = office.streams("campaign", *words, "--json")
        assert json.loads(document)["audience"]["people"] == 3
        assert "危险：" in told


def test_programs_read_the_same(office):
    created = office.json("campaign", "create", "每日早安", "--flags", "独居,空巢")
    told = {"people": 2, "by_flag": {"lives_alone": 1, "empty_nest": 1}, "left_out": {"no_consent": 1}}
    assert (created["flags"], created["audience"]) == (["lives_alone", "empty_nest"], told)
    started = office.json("campaign", "start", "每日早安")
    assert started["audience"] == told
    assert [each["id"] for each in office.json("round", "list")] == [started["id"]]


@pytest.mark.parametrize(
    ("language", "flags", "words"),
    [
        ("zh-CN", "独具", "没有居民带有标记“独具”，词表里也没有这个词。可以填写：独居 (lives alone)"),
        ("en", "live alonne", "Nobody carries the flag “live alonne”"),
        ("en", "live alonne", "lives alone (独居)"),
        ("zh-CN", "爱唱戏曲", "爱唱戏"),
        ("zh-CN", "天气", "残疾 (disabled)、"),
    ],
)
def test_a_word_that_nobody_carries_is_refused_with_the_nearest_ones(office, monkeypatch, language, flags, words):
    monkeypatch.setenv("ZAOAN_LANGUAGE", language)
    office.imports(*PEOPLE, ALSO_SINGS)
    assert words in office.zaoan("campaign", "create", "每日早安", "--flags", f"独居,{flags}", code=1)
    assert office.json("campaign", "list") == []
    refused = office.zaoan("resident", "set", "王桂兰", "--add-flag", f"独居,{flags}", code=1)
    assert words in refused
    assert office.json("resident", "show", "王桂兰")["flags"] == ["aged_80", "lives_alone"]


def test_a_word_that_only_one_list_entry_has_is_not_offered_because_it_may_be_a_slip_itself(office):
    office.imports(*PEOPLE, ["周玉兰", "0311-86000105", "3号楼", "305", "独居老任", "不同意"])
    for words in (("campaign", "create", "每日早安", "--flags"), ("resident", "set", "王桂兰", "--add-flag")):
        refused = office.zaoan(*words, "独居老仁", code=1)
        assert "老任" not in refused
        assert "独居 (lives alone)" in refused


def test_a_campaign_for_nobody_is_an_error_unless_it_is_meant(office):
    assert "没有一个人可以打" in office.zaoan("campaign", "create", "每日早安", "--flags", "残疾", code=1)
    assert office.json("campaign", "list") == []
    office.zaoan("campaign", "create", "每日早安", "--flags", "残疾", "--allow-empty")
    office.zaoan("campaign", "start", "每日早安", code=1)
    assert office.json("round", "list") == []
    office.zaoan("campaign", "start", "每日早安", "--allow-empty")
    assert office.rung() == set()


def test_whoever_has_not_agreed_is_why_nobody_is_rung(office):
    with database.unit_of_work() as session:
        session.connection().exec_driver_sql("DELETE FROM consents")
    assert "没有同意接电话 2" in office.zaoan("campaign", "create", "每日早安", "--flags", "独居", code=1)


@pytest.mark.parametrize("kind", ["问候", "check-in", "Check_in", "早安"])
def test_kinds_of_campaigns_are_words_too(office, kind):
    office.zaoan("campaign", "create", "每日早安", "--everyone", "--kind", kind)
    with database.reading() as session:
        assert queries.campaign_named(session, "每日早安").kind == "check-in"


def test_kinds_of_files_and_cases_and_states_are_words_too(office):
    for words in (
        ("import", "residents.csv", "--kind", "居民"),
        ("case", "list", "--kind", "身体不舒服", "--state", "待接手"),
        ("case", "list", "--kind", "is unwell", "--state", "OPEN"),
        ("case", "list", "--kind", "wants_no_calls", "--state", "on site"),
        ("prompt", "list", "--language", "普通话"),
        ("dialogue", "show", "stranger", "--language", "English"),
    ):
        office.zaoan(*words)
    for words in (
        ("import", "residents.csv", "--kind", "天气"),
        ("case", "list", "--state", "天气"),
        ("prompt", "list", "--language", "天气"),
    ):
        assert "这里不认识“天气”" in office.zaoan(*words, code=2)


def test_the_table_of_campaigns_says_flags_in_words(office):
    office.zaoan("campaign", "create", "每日早安", "--flags", "lives alone")
    assert "独居" in office.zaoan("campaign", "list")
