"""Whom a campaign rings, on a user's whole way: spreadsheet, import, campaign, round."""

import csv
import json

import pytest
from typer.testing import CliRunner

from campaigns import queries
from core import clock, database
from zaoan.cli import app

HEADERS = ["姓名", "电话", "楼栋", "房号", "标记", "同意"]
PEOPLE = [
    ["王桂兰", "0311-86000101", "3号楼", "301", "独居老人；高龄", "书面同意"],
    ["李长海", "0311-86000102", "3号楼", "302", "空巢", "2026-11-01"],
    ["赵德明", "0311-86000103", "3号楼", "303", "独居", ""],
    ["孙秀英", "0311-86000104", "3号楼", "304", "爱唱戏", "是"],
]


@pytest.fixture
def office(tmp_path, monkeypatch):
    """An office at eight in the morning, which has imported its list."""
    before = clock.anchor()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ZAOAN_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("ZAOAN_DATABASE_URL", f"sqlite:///{tmp_path}/zaoan.db")
    monkeypatch.setenv("ZAOAN_AREA_CODE", "0311")
    monkeypatch.setenv("ZAOAN_CLOCK_START", "2026-11-28T08:00:00+08:00")
    with (tmp_path / "residents.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([HEADERS, *PEOPLE])
    assert zaoan("import", "residents.csv").exit_code == 0
    yield
    clock.set_anchor(before)


def zaoan(*words):
    return CliRunner().invoke(app, list(words))


def rung():
    """Who is in the only round that there is."""
    [round_] = json.loads(zaoan("round", "list", "--json").stdout)
    lines = json.loads(zaoan("round", "show", round_["id"], "--json").stdout)["check_ins"]
    return {line["resident"] for line in lines}


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
    created = zaoan("campaign", "create", "每日早安", "--flags", flags)
    assert created.exit_code == 0, created.output
    started = zaoan("campaign", "start", "每日早安")
    assert started.exit_code == 0, started.output
    assert rung() == expected
    assert f"会打给 {len(expected)} 位居民" in created.output
    assert f"会打给 {len(expected)} 位居民" in started.output


def test_create_and_start_tell_how_many_by_flag_and_who_is_left_out_and_why(office):
    created = zaoan("campaign", "create", "每日早安", "--flags", "独居,空巢")
    assert "会打给 2 位居民：独居 1、空巢 1" in created.output
    assert "不打的有 1 位：没有同意 1" in created.output
    started = zaoan("campaign", "start", "每日早安")
    [round_] = json.loads(zaoan("round", "list", "--json").stdout)
    assert started.stdout.splitlines()[0] == round_["id"]
    assert "不打的有 1 位：没有同意 1" in started.stdout


def test_programs_read_the_same(office):
    created = json.loads(zaoan("campaign", "create", "每日早安", "--flags", "独居,空巢", "--json").stdout)
    told = {"people": 2, "by_flag": {"lives_alone": 1, "empty_nest": 1}, "left_out": {"no_consent": 1}}
    assert (created["flags"], created["audience"]) == (["lives_alone", "empty_nest"], told)
    started = json.loads(zaoan("campaign", "start", "每日早安", "--json").stdout)
    assert started["audience"] == told
    assert [each["id"] for each in json.loads(zaoan("round", "list", "--json").stdout)] == [started["id"]]


@pytest.mark.parametrize(
    ("language", "flags", "words"),
    [
        ("zh-CN", "独具", "没有居民带有标记“独具”，词表里也没有这个词。可以填写：独居 (lives alone)"),
        ("en", "live alonne", "Nobody carries the flag “live alonne”"),
        ("en", "live alonne", "独居 (lives alone)"),
        ("zh-CN", "爱唱戏曲", "爱唱戏"),
        ("zh-CN", "天气", "残疾 (disabled)、"),
    ],
)
def test_a_word_that_nobody_carries_is_refused_with_the_nearest_ones(office, monkeypatch, language, flags, words):
    monkeypatch.setenv("ZAOAN_LANGUAGE", language)
    answer = zaoan("campaign", "create", "每日早安", "--flags", f"独居,{flags}")
    assert (answer.exit_code, words in answer.output) == (1, True), answer.output
    assert json.loads(zaoan("campaign", "list", "--json").stdout) == []


def test_a_campaign_for_nobody_is_an_error_unless_it_is_meant(office):
    refused = zaoan("campaign", "create", "每日早安", "--flags", "残疾")
    assert refused.exit_code == 1
    assert "没有一个人可以打" in refused.output
    assert json.loads(zaoan("campaign", "list", "--json").stdout) == []
    assert zaoan("campaign", "create", "每日早安", "--flags", "残疾", "--allow-empty").exit_code == 0
    assert zaoan("campaign", "start", "每日早安").exit_code == 1
    assert json.loads(zaoan("round", "list", "--json").stdout) == []
    assert zaoan("campaign", "start", "每日早安", "--allow-empty").exit_code == 0
    assert rung() == set()


def test_whoever_has_not_agreed_is_why_nobody_is_rung(office):
    with database.unit_of_work() as session:
        session.connection().exec_driver_sql("DELETE FROM consents")
    refused = zaoan("campaign", "create", "每日早安", "--flags", "独居")
    assert (refused.exit_code, "没有同意 2" in refused.output) == (1, True), refused.output


@pytest.mark.parametrize("kind", ["问候", "check-in", "Check_in", "早安"])
def test_kinds_of_campaigns_are_words_too(office, kind):
    assert zaoan("campaign", "create", "每日早安", "--everyone", "--kind", kind).exit_code == 0
    with database.reading() as session:
        assert queries.campaign_named(session, "每日早安").kind == "check-in"


def test_kinds_of_files_and_cases_and_states_are_words_too(office):
    for words in (
        ("import", "residents.csv", "--kind", "居民"),
        ("case", "list", "--kind", "身体不舒服", "--state", "待接手"),
        ("case", "list", "--kind", "is unwell", "--state", "OPEN"),
        ("case", "list", "--kind", "wants_no_calls", "--state", "on site"),
    ):
        answer = zaoan(*words)
        assert answer.exit_code == 0, answer.output
    for words in (("import", "residents.csv", "--kind", "天气"), ("case", "list", "--state", "天气")):
        answer = zaoan(*words)
        assert (answer.exit_code, "这里不认识“天气”" in answer.output) == (2, True), answer.output


def test_the_table_of_campaigns_says_flags_in_words(office):
    zaoan("campaign", "create", "每日早安", "--flags", "lives alone")
    assert "独居" in zaoan("campaign", "list").output
