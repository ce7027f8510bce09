"""What commands say is true, whole and in one language: nothing happens yet, nothing is there, nothing has changed."""

import re
from datetime import timedelta

import pytest

from core import clock
from core.running import ticks
from core.storage import database
from tests.offices import HEADERS
from zaoan.terminal import common

WANG = ["王桂兰", "0311-86000101", "4号楼", "301", "独居", "2026-11-01 书面同意"]
LI = ["李长海", "0311-86000102", "4号楼", "302", "空巢", ""]
ENGLISH = [*HEADERS, "语言"]
CHINESE = re.compile("[\u3001\u4e00-\u9fff]")


@pytest.fixture
def office(office, monkeypatch):
    monkeypatch.setattr(common.console(), "width", 200)
    office.imports(WANG, LI)
    return office


@pytest.fixture
def english(office, monkeypatch):
    office.zaoan("community", "set", "--name", "Elm Street")
    monkeypatch.delenv("ZAOAN_COMMUNITY")
    office.imports(
        ["Wang", *WANG[1:5], "signed 2026-11-01", "English"], headers=ENGLISH, options=("--missing", "remove")
    )
    monkeypatch.setenv("ZAOAN_LANGUAGE", "en")
    return office


def a_service_ticks():
    with database.unit_of_work() as session:
        ticks.note(session, {"dialling": clock.real_now()})


def test_a_round_that_no_service_rings_is_not_said_to_be_rung(office):
    office.zaoan("campaign", "create", "每日早安", "--everyone", "--at", "09:00")
    document = office.json("campaign", "start", "每日早安")
    assert document["service_running"] is False
    a_service_ticks()
    assert "没有服务在运行" not in office.zaoan("campaign", "start", "每日早安", "--again")


def test_what_has_to_run_is_said_before_who_is_rung(office):
    office.zaoan("campaign", "create", "每日早安", "--everyone")
    _, waits, rung, _ = office.streams("campaign", "start", "每日早安")[0].splitlines()
    assert waits == "现在没有服务在运行，还没有给任何人打电话。运行 `zaoan up` 之后："
    assert rung == "会打给 1 位居民：独居 1"


def test_an_old_tick_is_no_service(office):
    office.zaoan("campaign", "create", "每日早安", "--everyone")
    with database.unit_of_work() as session:
        ticks.note(session, {"dialling": clock.real_now() - timedelta(minutes=2)})
    assert "没有服务在运行" in office.zaoan("campaign", "start", "每日早安")


def test_a_campaign_says_when_its_first_round_is(office):
    assert "第一轮在今天，2026-11-28 09:30" in office.zaoan("campaign", "create", "甲", "--everyone", "--at", "09:30")
    said = office.zaoan("campaign", "create", "乙", "--everyone", "--at", "07:45")
    assert "今天这个时间已经过了：第一轮在明天，2026-11-29 07:45" in said


def test_a_stopped_campaign_is_not_started_with_allow_empty(office):
    office.zaoan("campaign", "create", "每日早安", "--flags", "空巢", "--allow-empty")
    office.zaoan("campaign", "stop", "每日早安")
    said = office.zaoan("campaign", "start", "每日早安", code=1)
    assert "已经停止" in said
    assert "--allow-empty" not in said


@pytest.mark.parametrize(
    ("command", "said"), [("pause", "本来就已暂停"), ("stop", "本来就已停止"), ("resume", "本来就在进行")]
)
def test_what_was_so_already_is_said_so(office, command, said):
    office.zaoan("campaign", "create", "每日早安", "--everyone")
    office.zaoan("campaign", command, "每日早安")
    again = office.zaoan("campaign", command, "每日早安")
    assert f"活动“每日早安”{said}，没有变化。" in again
    assert "→" not in again


def test_a_round_is_stopped_once_and_named_by_its_short_id(office):
    office.zaoan("campaign", "create", "每日早安", "--everyone")
    whole = office.json("campaign", "start", "每日早安")["id"]
    office.zaoan("round", "stop", "latest")
    said = office.zaoan("round", "stop", "latest", code=1)
    assert whole[-8:] in said
    assert whole not in said


def test_where_there_is_nothing_that_is_a_sentence(office):
    assert office.zaoan("case", "show", "latest", code=1).startswith("还没有任何事项")
    assert office.zaoan("round", "show", "latest", code=1).startswith("还没有进行过任何一轮")
    for words, said in (
        (("case", "list"), "还没有任何事项"),
        (("case", "list", "--state", "OPEN"), "没有这样的事项"),
        (("round", "list"), "还没有进行过任何一轮"),
        (("campaign", "list"), "还没有任何活动"),
        (("resident", "list", "--removed"), "没有移出过任何居民"),
        (("trials",), "还没有打过试打电话"),
        (("prompt", "recordings"), "还没有录音"),
    ):
        answer = office.zaoan(*words)
        assert answer.startswith(said)
        assert "┃" not in answer
    assert "没有编号为 abcdef" in office.zaoan("round", "show", "abcdef", code=1)


def test_an_empty_round_says_why_nobody_was_in_it(office):
    office.zaoan("campaign", "create", "每日早安", "--flags", "空巢", "--allow-empty")
    office.zaoan("campaign", "start", "每日早安", "--allow-empty")
    shown = office.zaoan("round", "show", "latest")
    assert "这一轮里没有任何居民" in shown
    assert "现在不打的：没有同意接电话 1" in shown
    assert "┃" not in shown


def test_a_campaign_for_nobody_says_so_without_an_empty_list(office):
    said = office.zaoan("campaign", "create", "每日早安", "--flags", "残疾", code=1)
    assert "登记的居民里没有它要打的人" in said
    assert "0" not in said


def test_english_counts_one_person_as_one_and_several_as_several(english):
    said = english.zaoan("campaign", "create", "Morning", "--everyone")
    assert "1 person is rung: lives alone 1" in said
    english.imports(["Wang", *WANG[1:5], "signed 2026-11-01", "English"], ["Li", *LI[1:5], "", "English"],
                    ["Sun", "0311-86000104", "4号楼", "303", "空巢", "", "English"], headers=ENGLISH)  # fmt: skip
    assert "2 are left out: have not agreed to be called 2" in english.zaoan(
        "campaign", "create", "Evening", "--everyone"
    )
    english.zaoan("resident", "consent", "Sun", "--give", "--by", "Sun", "--how", "signed form")
    said = english.zaoan("campaign", "create", "Noon", "--everyone")
    assert "2 people are rung: " in said
    assert "1 is left out" in said


def test_english_sentences_about_gaps_name_buildings_and_are_sentences(english):
    said = english.zaoan("campaign", "create", "Morning", "--everyone")
    assert "Whatever happens to 1 resident (building 4), there is no helper" in said
    assert "No telephone can be rung when somebody has left a message" in said or "residents were not called" in said
    assert not CHINESE.search(said)


def test_gaps_of_a_chinese_community_name_buildings(office):
    assert "（4号楼）" in office.zaoan("campaign", "create", "每日早安", "--everyone")


def test_english_lists_are_separated_by_commas_and_begin_with_english_words(english):
    english.zaoan("resident", "set", "Wang", "--second-phone", "13800138000", "--add-flag", "empty nest")
    listed = english.zaoan("resident", "list")
    assert "empty nest, lives alone" in listed
    assert "building 4, room 301" in listed
    assert not CHINESE.search(listed)
    assert "; " in english.zaoan("resident", "show", "Wang") or "、" not in english.zaoan("resident", "show", "Wang")
    refused = english.zaoan("resident", "set", "Wang", "--add-flag", "xqzj", code=1)
    assert "disabled (残疾), " in refused
    assert "、" not in refused
    refused = english.zaoan("case", "list", "--state", "weather", code=2)
    assert "、" not in refused
    assert "OPEN".lower() in refused
    refused = english.zaoan("import", english.save("few.csv", [["Wang"]], ["姓名"]), code=1)
    assert "phone (电话), building (楼栋)" in refused


def test_a_place_is_in_the_language_of_whoever_reads_it(office, monkeypatch):
    """Residents who hear Chinese live in building 4 for whoever reads English."""
    monkeypatch.setenv("ZAOAN_LANGUAGE", "en")
    assert "building 4, room 301" in office.zaoan("resident", "list")
    assert "李长海 (building 4, room 302)" in office.imports(WANG)


def test_the_days_of_the_office_are_days(office, monkeypatch):
    assert "办公室的日子: 星期一至星期五" in office.zaoan("community", "show")
    monkeypatch.setenv("ZAOAN_LANGUAGE", "en")
    said = office.zaoan("community", "set", "--office-days", "1235")
    assert "office days: Monday to Friday → Monday to Wednesday, Friday" in said
    assert office.json("community", "show")["community"]["office_days"] == "1235"


@pytest.mark.parametrize("width", [40, 60, 80])
def test_a_narrow_screen_cuts_nothing_off(office, monkeypatch, width):
    """Every character of every cell stands on the screen, however the lines are broken."""
    long = [
        "欧阳慧敏奶奶",
        "0311-86000109",
        "和平里东区甲栋",
        "一层东侧102",
        "独居、爱唱戏、每天去公园",
        "2026-11-01 书面同意",
    ]
    office.imports(WANG, LI, long)
    office.zaoan("campaign", "create", "每天早上问候独居的居民", "--everyone")
    office.zaoan("campaign", "start", "每天早上问候独居的居民")
    monkeypatch.setattr(common.console(), "width", width)
    for words in (("resident", "list"), ("campaign", "list"), ("round", "list"), ("round", "show", "latest"),
                  ("prompt", "list")):  # fmt: skip
        shown = office.zaoan(*words)
        assert "…" not in shown.replace("……", "").replace("… ", "") or words[0] == "prompt"
    for name in (long[0], long[2], "爱唱戏"):
        assert _column_holds(office.zaoan("resident", "list"), name)
    assert _column_holds(office.zaoan("campaign", "list"), "每天早上问候独居的居民")


def _column_holds(shown, text):
    """Whether one column, its lines joined, has this text."""
    lines = [re.split("[│┃]", line)[1:-1] for line in shown.splitlines() if "│" in line or "┃" in line]
    columns = zip(*lines, strict=True)
    return any(text in re.sub(r"\s", "", "".join(column)) for column in columns)


def test_a_trial_for_want_of_consent_names_the_command(office):
    said = office.zaoan("trial", "李长海", code=1)
    assert "zaoan resident consent 李长海 --give" in said
