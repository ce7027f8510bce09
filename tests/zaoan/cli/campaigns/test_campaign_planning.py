"""Campaigns from the draft to the proof, as an office types them."""

import csv
import re

import pytest

from core.storage.database import Database
from tests.offices import Office


@pytest.fixture
def office(tmp_path, monkeypatch):
    opened = Office(tmp_path, monkeypatch)
    opened.imports(
        ["王桂兰", "0311-86000101", "3号楼", "301", "独居", "是"],
        ["李长海", "0311-86000102", "3号楼", "302", "空巢", "是"],
        ["赵德明", "0311-86000103", "5号楼", "101", "独居", "是"],
        ["不同意的人", "0311-86000104", "5号楼", "102", "独居", ""],
    )
    return opened


def test_a_draft_is_checked_activated_and_a_change_before_that_makes_it_a_draft_again(office):
    said = office.zaoan(
        "campaign", "create", "早安", "--audience", "标记:独居 且 非 楼栋:5", "--at", "08:30,16:00", "--draft"
    )
    assert "草稿" in said
    assert "草稿" in office.zaoan("campaign", "start", "早安", code=1)
    assert "草稿" in office.zaoan("campaign", "pause", "早安", code=1)
    checked = office.json("campaign", "check", "早安")
    assert (checked["state"], checked["audience"]["people"], checked["telephones"]) == ("checked", 1, 1)
    office.zaoan("campaign", "edit", "早安", "--attempts", "2")
    assert office.json("campaign", "show", "早安")["state"] == "draft"
    assert office.json("campaign", "activate", "早安")["state"] == "active"
    coming = office.json("campaign", "next", "早安")["next"]
    assert len(coming) == 10
    assert [each[11:16] for each in coming[:3]] == ["08:30", "16:00", "08:30"]
    assert "不是草稿" in office.zaoan("campaign", "activate", "早安", code=1)


def test_what_stands_in_the_way_is_named_and_only_a_person_steps_over_it(office):
    office.zaoan(
        "campaign", "create", "没有人", "--audience", "age:120+", "--on", "2026-11-20", "--at", "09:00", "--draft"
    )
    found = office.json("campaign", "check", "没有人", code=1)
    assert found["problems"] == ["nobody", "no_round"]
    assert "zaoan campaign check 没有人" in office.zaoan("campaign", "activate", "没有人", code=1)
    assert office.json("campaign", "activate", "没有人", "--anyway")["state"] == "active"


def test_an_audience_is_a_sentence_a_count_and_names(office):
    office.zaoan("list", "create", "合唱队", "王桂兰", "赵德明")
    shown = office.json("campaign", "audience", "--rule", "list:合唱队 or area:5号楼")
    assert shown["people"] == 2
    assert {each["name"]: each["left_out"] for each in shown["residents"]} == {
        "王桂兰": None, "赵德明": None, "不同意的人": "no_consent",
    }  # fmt: skip
    assert shown["audience"]["sentence"] == "在名单“合唱队”上或住在5号楼"
    office.zaoan("list", "remove", "合唱队", "赵德明")
    assert office.json("list", "show", "合唱队")["residents"] == ["王桂兰"]
    assert office.json("list", "show") == [{"list": "合唱队", "people": 1}]
    assert "合唱队" in office.zaoan("campaign", "audience", "--rule", "list:舞蹈队", code=1)
    assert "标记:" in office.zaoan("campaign", "audience", "--rule", "colour:red", code=1)


def test_a_round_by_hand_for_a_selection_its_report_and_its_proof(office):
    office.zaoan("campaign", "create", "早安", "--everyone", "--at", "08:30")
    first = office.json("campaign", "start", "早安")["id"]
    again = office.json("campaign", "start", "早安", "--only", "unanswered:latest and area:3")
    assert again["audience"]["people"] == 2
    assert office.rung() == {"王桂兰", "李长海"}
    report = office.json("round", "report", again["id"])
    assert (report["enrolled"], report["counts"], report["version"]) == (2, {"excused": 2}, 1), "they are being asked"
    assert report["by_building"] == [{"name": "3", "enrolled": 2, "answered": 0, "silent": 0}]
    assert [each["enrolled"] for each in report["before"]] == [3]
    assert report["certificate"]["holds"]
    page, table = office.folder / "报告.html", office.folder / "报告.csv"
    office.zaoan("round", "report", first, "--out", page)
    office.zaoan("round", "report", first, "--out", table)
    assert '<html lang="zh-CN">' in page.read_text(encoding="utf-8")
    assert "王桂兰" in page.read_text(encoding="utf-8")
    with table.open(encoding="utf-8-sig", newline="") as written:
        assert [row[0] for row in csv.reader(written)][1:] == ["王桂兰", "李长海", "赵德明"]
    assert re.search(r"摘要：[0-9a-f]{64}", office.zaoan("round", "verify", first))
    assert "无法写入" in office.zaoan("round", "report", first, "--out", office.folder / "没有" / "x.html", code=1)


def test_a_broken_promise_ends_the_proof_with_one(office):
    office.zaoan("campaign", "create", "早安", "--everyone", "--at", "08:30")
    round_id = office.json("campaign", "start", "早安")["id"]
    opened = Database(f"sqlite:///{office.folder}/zaoan.db")
    with opened.unit_of_work() as session:
        session.connection().exec_driver_sql("UPDATE check_ins SET outcome = 'no_answer', decided_at = NULL")
    opened.close()
    found = office.json("round", "verify", round_id, code=1)
    assert set(found["violations"]["looked_after"]) == {"王桂兰", "李长海", "赵德明"}


def test_the_checklist_is_there_without_any_telephone(office):
    listed = office.json("checklist")
    assert [(each["building"], [one["resident"] for one in each["residents"]]) for each in listed] == [
        ("3", ["王桂兰", "李长海"]), ("5", ["赵德明", "不同意的人"]),
    ]  # fmt: skip
    said = office.zaoan("checklist", "--building", "5号楼")
    assert "赵德明" in said
    assert "王桂兰" not in said
    assert said.count("☐") == 8
    assert "没有同意" in said
    page = office.folder / "今天.html"
    office.zaoan("checklist", "--html", page)
    written = page.read_text(encoding="utf-8")
    assert written.count('<section class="building">') == 2
    assert "0311 8600 0101" in written or "0311-86000101" in written or "86000101" in written


def test_schedules_and_retries_are_typed_shown_and_refused_with_the_field(office):
    when = ["--at", "09:00", "--days", "周一,周四", "--until", "2026-12-20", "--except", "2026-12-03"]
    how = ["--retry", "voicemail=never,other-number=2", "--spread-minutes", "30"]
    office.zaoan("campaign", "create", "每周", "--everyone", *when, *how)
    shown = office.json("campaign", "show", "每周")
    assert shown["retries"] == {"busy": 5, "voicemail": None, "other_number": 2}
    assert shown["schedule"]["sentence"] == "每星期一、星期四 09:00，到 2026-12-20 为止，2026-12-03 除外"
    assert [each[:10] for each in office.json("campaign", "next", "每周")["next"]] == [
        "2026-11-30", "2026-12-07", "2026-12-10", "2026-12-14", "2026-12-17",
    ]  # fmt: skip
    office.zaoan("campaign", "edit", "每周", "--at", "10:00")
    assert office.json("campaign", "show", "每周")["schedule"]["sentence"].startswith("每星期一、星期四 10:00")
    for wrong in ("--at 06:00", "--days 周八", "--retry busy=0", "--deadline-minutes 5", "--spread-minutes 1000"):
        office.zaoan("campaign", "create", "错", "--everyone", *wrong.split(), code=1)
    assert [each["name"] for each in office.json("campaign", "list")] == ["每周"]
