"""``zaoan household``, ``zaoan area``, and what ``zaoan resident`` tells of a whole file."""

import pytest

from contacts.models import Resident
from tests.offices import Office

GRANNY = ["王桂兰", "--phone", "0311-86000101", "--address", "3号楼2单元301室", "--consent", "书面同意 2026-11-01",
          "--birth-year", "1940"]  # fmt: skip
GRANDPA = ["李长海", "--phone", "0311-86000101", "--address", "3号楼2单元301室"]


@pytest.fixture
def office(tmp_path, monkeypatch):
    opened = Office(tmp_path, monkeypatch)
    for each in (GRANNY, GRANDPA):
        opened.zaoan("resident", "add", *each)
    return opened


def test_homes_are_listed_shown_and_say_who_has_a_key(office):
    office.zaoan(
        "household", "set", "3号楼2单元301室", "--key-holder", "对门李阿姨", "--key-holder-phone", "13800138000"
    )
    [line] = office.json("household", "list")
    assert (line["place"], line["people"]) == ("3号楼2单元301", 2)
    shown = office.json("household", "show", line["id"])
    assert [each["name"] for each in shown["residents"]] == ["王桂兰", "李长海"]
    assert (shown["key_holder"], shown["key_holder_telephone"]) == ("对门李阿姨", "+8613800138000")
    assert "对门李阿姨 138 0013 8000" in office.zaoan("resident", "show", "王桂兰")
    refused = office.zaoan("household", "set", line["id"], "--key-holder-phone", "12", code=1)
    assert "--key-holder-phone" in refused


def test_a_household_moves_divides_and_becomes_one_again(office):
    said = office.zaoan("household", "move", "3号楼2单元301室", "--address", "5号楼1单元101室")
    assert "王桂兰、李长海 从现在起住在 5号楼1单元101。" in said
    office.zaoan("household", "split", "5号楼1单元101室", "李长海", "--address", "5号楼1单元102室")
    assert {each["place"] for each in office.json("household", "list")} == {"5号楼1单元101", "5号楼1单元102"}
    assert "没有人" in office.zaoan("household", "split", "5号楼1单元102室", "李长海", "--address", "5号楼1单元103室",
                                  code=1)  # fmt: skip
    assert len(office.json("household", "list", "--with-empty")) == 3
    office.zaoan("household", "merge", "5号楼1单元101室", "5号楼1单元102室")
    assert [each["people"] for each in office.json("household", "list")] == [2]
    told = [each["event"] for each in office.json("household", "history", "5号楼1单元101室")]
    assert {"household.moved", "household.split", "household.merged"} <= set(told)


def test_the_tree_of_areas_is_drawn(office):
    office.zaoan("area", "create", "网格", "第二网格")
    office.zaoan("area", "move", "3号楼", "--in", "第二网格")
    office.zaoan("area", "rename", "第二网格", "第三网格")
    lies_in = {each["name"]: each["in"] for each in office.json("area", "list")}
    assert lies_in["3号楼"] == "第三网格"
    assert "还有内容" in office.zaoan("area", "remove", "第三网格", code=1)
    office.zaoan("area", "create", "楼栋", "7号楼")
    office.zaoan("area", "remove", "7号楼")
    assert "7号楼" not in {each["name"] for each in office.json("area", "list")}


def test_a_file_tells_telephones_age_and_consent_and_keeps_health_apart(office):
    office.zaoan("resident", "phone", "王桂兰", "0311-86000101", "--state", "停机", "--since", "2025-11-01")
    office.zaoan("resident", "set", "王桂兰", "--health", "装有心脏起搏器", "--relative", "13800138000",
                 "--relative-name", "王丽", "--relative-email", "wangli@example.org")  # fmt: skip
    office.zaoan("resident", "consent", "王桂兰", "--give", "--by", "王丽", "--how", "签字", "--on", "2025-11-01",
                 "--for", "每日问候", "--evidence", "档案柜 3-12")  # fmt: skip
    shown = office.json("resident", "show", "王桂兰")
    assert [(each["kind"], each["state"]) for each in shown["phones"]] == [("landline", "out_of_service")]
    assert shown["phones"][0]["since"] == "2025-10-31T16:00:00+00:00"
    assert (shown["standing"]["status"], shown["relatives"][0]["email"]) == ("enrolled", "wangli@example.org")
    assert (shown["consents"][-1]["for_what"], shown["consents"][-1]["evidence"]) == ("每日问候", "档案柜 3-12")
    said = office.zaoan("resident", "show", "王桂兰")
    assert "停机 2025-11-01" in said
    assert f"年龄: {shown['age']}" in said
    assert "起搏器" not in said + str(shown)
    assert "起搏器" in office.zaoan("resident", "show", "王桂兰", "--health")
    told = office.json("resident", "history", "王桂兰")
    assert {"telephone_state", "health_notes", "relative"} <= {each["what"] for each in told}
    assert "起搏器" not in str(told)
    assert "改了：电话状态" in office.zaoan("resident", "history", "王桂兰")


def test_one_person_twice_is_offered_and_made_one_only_by_command(office):
    office.zaoan("resident", "add", "王桂兰", "--phone", "0311-86000109", "--address", "3号楼2单元302室")
    [pair] = office.json("resident", "duplicates")
    assert pair["likeness"] == ["name", "building"]
    assert "姓名、楼栋" in office.zaoan("resident", "duplicates")
    assert "不止一位" in office.zaoan("resident", "merge", "王桂兰", "王桂兰", code=1)
    done = office.json("resident", "merge", pair["first_id"], pair["second_id"])
    assert (done["id"], done["merged"], done["cases"]) == (pair["first_id"], pair["second_id"], [])
    with office.open() as session:
        assert session.query(Resident).filter(Resident.removed_at.is_(None)).count() == 2
    assert office.json("resident", "duplicates") == []
    assert "合成一份" in office.zaoan("resident", "restore", pair["second_id"], code=1)
    assert "把两份档案合成一份" in office.zaoan("resident", "history", "王桂兰")


def test_two_people_who_look_like_one_are_told_apart_by_command(office):
    office.zaoan("resident", "add", "王桂兰", "--phone", "0311-86000109", "--address", "3号楼2单元302室")
    [pair] = office.json("resident", "duplicates")
    said = office.zaoan("resident", "distinct", pair["first_id"], pair["second_id"])
    assert said.count("王桂兰") == 2
    assert "是两个人" in said
    assert office.json("resident", "duplicates") == []
    assert "和谁不是同一个人" in office.zaoan("resident", "history", pair["second_id"])
    assert "一份档案" in office.zaoan("resident", "distinct", pair["first_id"], pair["first_id"], code=1)
    assert "可能是同一个人" in office.zaoan("resident", "distinct", "--undo", pair["second_id"], pair["first_id"])
    assert office.json("resident", "duplicates") == [pair]
