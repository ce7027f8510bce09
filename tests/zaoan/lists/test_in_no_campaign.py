"""Whoever has agreed to be called and carries no flag of a campaign would be forgotten: the office is told who."""

import pytest

from core.settings import Settings
from tests.offices import HEADERS, Office
from zaoan.checks.observation import State
from zaoan.checks.people import examine_people

LIST = [
    ["王桂兰", "0311-86000101", "3号楼", "301", "独居", "2026-11-01 书面同意"],
    ["冯秀兰", "0311-86000102", "3号楼", "302", "高龄", "2026-11-01 书面同意"],
    ["褚建国", "0311-86000103", "3号楼", "303", "独居老任", "2026-11-01 书面同意"],
    ["沈老", "0311-86000104", "3号楼", "304", "高龄", "不同意"],
]


@pytest.fixture
def office(tmp_path, monkeypatch):
    office = Office(tmp_path, monkeypatch)
    office.imports(*LIST, headers=HEADERS)
    return office


def warned():
    language = Settings().language
    found = [each.describe(language) for each in examine_people(Settings()) if each.state is State.WARNING]
    return [each for each in found if "活动" in each]


def campaigns(office):
    return {each["name"]: each["campaigns"] for each in office.json("resident", "list")}


def test_doctor_and_the_list_of_residents_name_whoever_has_agreed_and_is_in_no_campaign(office):
    office.zaoan("campaign", "create", "每日早安", "--flags", "独居,空巢")
    [told] = warned()
    assert "冯秀兰, 褚建国" in told
    assert "王桂兰" not in told
    assert "沈老" not in told
    assert campaigns(office) == {"王桂兰": ["每日早安"], "冯秀兰": [], "褚建国": [], "沈老": []}
    assert "没有哪个活动" in office.zaoan("resident", "show", "冯秀兰")


def test_a_flag_or_a_campaign_for_everybody_is_the_way_out(office):
    office.zaoan("campaign", "create", "每日早安", "--flags", "独居,空巢")
    office.zaoan("resident", "set", "褚建国", "--add-flag", "独居")
    [told] = warned()
    assert "褚建国" not in told
    office.zaoan("campaign", "create", "人人早安", "--everyone", "--at", "09:30")
    assert warned() == []
    assert campaigns(office)["冯秀兰"] == ["人人早安"]


def test_a_notice_or_a_stopped_campaign_asks_nobody_how_they_are(office):
    office.zaoan("campaign", "create", "停水", "--kind", "notice", "--everyone", "--message", "明天停水")
    office.zaoan("campaign", "create", "每日早安", "--everyone")
    office.zaoan("campaign", "stop", "每日早安")
    [told] = warned()
    assert "不会给任何人打电话" in told


def test_a_pause_without_an_end_is_asked_about_in_a_sentence(office):
    assert "--open-ended" in office.zaoan("resident", "pause", "王桂兰", code=2)
