"""The roster as the command line shows and changes it; it is Saturday, 28 November 2026, eight in the morning."""

from dataclasses import replace
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from core.i18n import Language
from core.ids import new_id
from core.running.events import Event
from core.settings import Settings
from escalation.roster.duty import PlannedShift, Roster
from escalation.roster.holidays import holidays_of
from escalation.shifts import Holidays
from tests.offices import Office
from zaoan.checks.observation import State
from zaoan.checks.roster import examine_roster, judge_holidays
from zaoan.terminal import common

HELPERS = ["姓名", "角色", "负责区域", "电话"]
ROWS = [["刘大姐", "志愿者", "3号楼", "13800138001"], ["王书记", "书记", "", "0311-86000901"]]


@pytest.fixture
def office(tmp_path, monkeypatch):
    made = Office(tmp_path, monkeypatch)
    monkeypatch.setattr(common.console(), "width", 200)
    made.zaoan("import", made.save("帮手.csv", ROWS, HELPERS), "--kind", "responders")
    list_ = made.save("居民.csv", [["王桂兰", "0311-86000101", "3号楼", "301", "独居", "签字"],
                                 ["李秀英", "0311-86000102", "4号楼", "101", "独居", "签字"]])  # fmt: skip
    made.zaoan("import", list_)
    return made


def add(office, name, *words):
    return [each["id"] for each in office.json("roster", "add", name, *words)]


def test_a_week_is_put_on_duty_in_one_line_and_shown(office):
    said = office.zaoan("roster", "add", "刘大姐", "--days", "周一至周五", "--from", "22:00", "--until", "06:00",
                        "--holidays", "not")  # fmt: skip
    assert "刘大姐值班：星期一 22:00–06:00（次日），节假日除外" in said
    shown = office.json("roster", "show")
    assert [(each["weekday"], each["from"], each["until"], each["holidays"]) for each in shown["shifts"]] == [
        (day, "22:00", "06:00", "not") for day in range(1, 6)
    ]
    table = office.zaoan("roster", "show")
    assert "星期五 22:00–06:00（次日）" in table
    assert "以下时间没有人值班" in table


@pytest.mark.parametrize(
    ("days", "meant"), [("mon,wed", [1, 3]), ("sat-mon", [1, 6, 7]), ("周日", [7]), ("星期二、周四", [2, 4])]
)
def test_days_are_written_as_people_write_them(office, days, meant):
    made = office.json("roster", "add", "刘大姐", "--days", days, "--from", "08:00", "--until", "12:00")
    assert [each["weekday"] for each in made] == meant


@pytest.mark.parametrize(
    ("words", "code", "named"),
    [
        (["--from", "08:00", "--until", "12:00"], 2, "--days 或 --on"),
        (["--days", "someday", "--from", "08:00", "--until", "12:00"], 1, "someday"),
        (["--days", "mon", "--from", "8", "--until", "12:00"], 1, "“8”不是时间"),
        (["--on", "2026-11-01", "--from", "08:00", "--until", "12:00"], 1, "2026-11-01"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_the_way_out(office, words, code, named):
    assert named in office.zaoan("roster", "add", "刘大姐", *words, code=code)
    assert office.json("roster", "show")["shifts"] == []


def test_gaps_are_told_by_building_and_by_the_doctor(office, monkeypatch):
    add(office, "刘大姐", "--days", "mon-sun", "--from", "00:00", "--until", "24:00")
    [gap] = office.json("roster", "gaps")
    assert gap["buildings"] == ["4"]
    assert "4号楼" in office.zaoan("roster", "gaps")
    [warned] = checked(office)
    assert warned.state is State.WARNING
    assert "4号楼" in warned.describe(Language.CHINESE)
    add(office, "王书记", "--days", "mon-sun", "--from", "08:00", "--until", "08:00")
    assert office.json("roster", "gaps") == []
    assert [each.state for each in checked(office)] == [State.OK]
    monkeypatch.setenv("ZAOAN_LANGUAGE", "en")
    assert "always somebody on duty" in office.zaoan("roster", "gaps")


def test_who_would_be_rung_is_said_for_a_building_and_a_resident(office):
    add(office, "王书记", "--on", "2026-11-29", "--from", "09:00", "--until", "18:00")
    later = office.json("roster", "who", "3号楼", "--at", "2026-11-29 10:00")
    assert ([each["name"] for each in later["responders"]], later["is_gap"]) == (["王书记"], False)
    now = office.json("roster", "who", "王桂兰")
    assert ([each["name"] for each in now["responders"]], now["is_gap"]) == (["刘大姐", "王书记"], True)
    assert "那时没有人值班" in office.zaoan("roster", "who", "王桂兰")


def test_an_absence_is_written_in_days_shown_and_ended(office):
    add(office, "刘大姐", "--days", "mon-sun", "--from", "00:00", "--until", "24:00")
    made = office.json("roster", "absent", "刘大姐", "--from", "11-30", "--until", "12-02", "--reason", "回老家")
    assert (made["from"][:16], made["until"][:16]) == ("2026-11-29T16:00", "2026-12-02T16:00")
    assert "回老家" in office.zaoan("roster", "show")
    assert "2026-11-30 00:00 – 2026-12-03 00:00 │ 3号楼" in office.zaoan("roster", "gaps")
    assert "取消刘大姐的请假" in office.zaoan("roster", "remove", made["id"])
    assert office.json("roster", "show")["absences"] == []
    assert "--open-ended" in office.zaoan("roster", "absent", "刘大姐", code=2)
    half = office.json("roster", "absent", "刘大姐", "--from", "today", "--until", "2026-11-28 14:00")
    assert half["until"][:16] == "2026-11-28T06:00"


def test_two_swap_and_swap_back(office):
    [first] = add(office, "刘大姐", "--on", "2026-11-30", "--from", "08:00", "--until", "12:00")
    [second] = add(office, "王书记", "--days", "tue", "--from", "14:00", "--until", "18:00")
    said = office.zaoan("roster", "swap", first, "2026-11-30", "王书记", "--for", second, "--on", "2026-12-01")
    assert "2026-11-30 08:00–12:00 由王书记值班，2026-12-01 14:00–18:00 由刘大姐值班" in said
    assert said.strip() in office.zaoan("roster", "show")
    who = office.json("roster", "who", "3号楼", "--at", "2026-12-01 15:00")
    assert [each["name"] for each in who["responders"]] == ["刘大姐"]
    assert "恢复各自的班次" in office.zaoan("roster", "swap", second, "2026-12-01", "--undo")
    assert office.json("roster", "show")["swaps"] == []
    assert "说清" in office.zaoan("roster", "swap", first, "2026-11-30", code=2)
    with office.open() as session:
        kinds = [each.kind for each in session.query(Event) if each.kind.startswith("shift.")]
    assert kinds == ["shift.added", "shift.added", "shift.swapped", "shift.swap_undone"]


def test_a_shift_is_removed_with_its_swaps(office):
    [shift] = add(office, "刘大姐", "--on", "2026-11-30", "--from", "08:00", "--until", "12:00")
    office.zaoan("roster", "swap", shift, "2026-11-30", "王书记")
    said = office.zaoan("roster", "remove", shift)
    assert "刘大姐不再值班" in said
    assert "1 次" in said
    assert "没有班次或请假" in office.zaoan("roster", "remove", shift, code=1)


def test_the_link_of_a_calendar_is_shown_once_and_revoked(office):
    first = office.json("roster", "feed", "刘大姐")["url"]
    assert first.endswith(".ics")
    assert office.json("roster", "feed", "刘大姐")["url"] != first
    assert "已失效" in office.zaoan("roster", "feed", "刘大姐", "--revoke")
    assert "没有日历链接" in office.zaoan("roster", "feed", "刘大姐", "--revoke", code=1)


def test_without_a_roster_it_says_so_and_the_doctor_is_content(office):
    assert "还没有排班" in office.zaoan("roster", "show")
    assert "还没有排班" in office.zaoan("roster", "gaps")
    [known] = checked(office)
    assert (known.state, "任何时候" in known.describe(Language.CHINESE)) == (State.OK, True)


@pytest.mark.parametrize(("region", "day", "told"), [
    ("CN", "2026-12-20", []), ("CN", "2026-12-28", [2027]), ("DE", "2026-05-01", [2026]),
])  # fmt: skip
def test_of_a_year_whose_holidays_nobody_knows_the_office_is_told(region, day, told):
    """As soon as chinesecalendar knows 2027, and this fails: take the first year that it does not know."""
    shift = PlannedShift(new_id(), new_id(), time(8), time(9), weekday=1, holidays=Holidays.NOT)
    now = datetime.fromisoformat(day).replace(tzinfo=UTC)
    planned = Roster(ZoneInfo("Asia/Shanghai"), holidays_of(region), [shift])
    assert [each.gaps["year"] for each in judge_holidays(planned, now)] == told
    unheeding = replace(planned, shifts=[replace(shift, holidays=Holidays.ALSO)])
    assert judge_holidays(unheeding, now) == []


def checked(office):
    """What the doctor says of the roster."""
    return examine_roster(Settings(database_url=f"sqlite:///{office.folder}/zaoan.db", data_dir=office.folder))


def test_before_a_round_it_is_said_that_nobody_is_on_duty(office):
    add(office, "刘大姐", "--days", "mon-sun", "--from", "00:00", "--until", "24:00")
    _, warned = office.streams("campaign", "create", "早安", "--at", "09:00", "--everyone")
    assert "没有人值班" in warned
    assert "4号楼" in warned
    add(office, "王书记", "--days", "mon-sun", "--from", "08:00", "--until", "08:00")
    assert "没有人值班" not in office.streams("campaign", "create", "晚安", "--at", "19:00", "--everyone")[1]
