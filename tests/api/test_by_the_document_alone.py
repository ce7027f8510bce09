"""A city's own system does a whole morning by the API, knowing nothing but its OpenAPI document."""

import io
from uuid import UUID

import openpyxl
import pytest

from campaigns import queries
from campaigns.models import Outcome
from campaigns.rounds import check_ins
from core.storage.database import unit_of_work
from core.subscriptions import delivering
from tests import signed_in
from tests.generated_client import ApiError, client_of
from tests.receivers import receiver

HEADERS = ["Name", "电话", "楼栋", "单元", "房号", "标记", "同意", "出生年"]
FLAG, HELPER = "独居", "13700000031"
PRESSED = {"李爷爷": Outcome.UNWELL}


@pytest.fixture
def client(house):
    return client_of(house.get("/api/openapi.json").json(), house, signed_in.token())


def answered(round_id):
    """Everybody is rung and presses their key, which no program can do for them."""
    with unit_of_work() as session:
        for each in queries.check_ins(session, UUID(round_id)):
            check_ins.hear(session, each, PRESSED.get(each.resident.name, Outcome.OK))


def workbook():
    """As an office has it: a title above, a row twice, numbers as numbers, and mistakes in three rows."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["槐东社区独居老人名单（试用）"])
    sheet.append(HEADERS)
    agreed, place = "2026-11-01 书面同意", ["3号楼", "1单元"]
    first = "0311-86000101"
    sheet.append(["王奶奶", first, *place, 101, FLAG, agreed, 1941])
    sheet.append(["李爷爷", 31186000102, *place, 201, FLAG, agreed, "1938年"])
    sheet.append(["赵奶奶", "请问女儿", *place, 301, FLAG, agreed, 1944])
    sheet.append([None, "0311-86000104", *place, 401, FLAG, agreed, 1944])
    sheet.append(["孙爷爷", "0311-86000105", *place, 501, FLAG, agreed, "去年"])
    sheet.append(["王奶奶", first, *place, 101, FLAG, agreed, 1941])
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


PLANNED = {"name": "早安问候", "draft": True, "rule": {"kind": "flags", "any_of": ["lives_alone"]},
           "schedule": {"kind": "daily", "times": ["08:00"]}}  # fmt: skip


def test_a_morning_from_a_messy_workbook_to_the_closed_case(client):
    tried = client.import_residents(workbook(), filename="名单.xlsx", dry_run=True)
    assert {each["row"] for each in tried["problems"]} >= {5, 6, 7}
    assert all(each["column"] and each["detail"] for each in tried["problems"])
    known = {each["name"] for each in client.list_residents(limit=200)["items"]}
    assert "李爷爷" not in known  # a trial has stored nothing
    done = client.import_residents(workbook(), filename="名单.xlsx", idempotency_key="list-1")
    assert (done["added"], done["dry_run"], done["problems"]) == (tried["added"], False, tried["problems"])

    responder = client.add_responder({"name": "楼长", "role": "building_head", "phone": HELPER, "areas": "3号楼"})
    campaign = client.create_campaign(PLANNED)
    with pytest.raises(ApiError) as early:
        client.start_round(campaign["id"], {})
    assert early.value.status == 409
    checked = client.check_campaign(campaign["id"])
    assert (checked["problems"], checked["audience"]["people"]) == ([], done["added"])
    assert client.activate_campaign(campaign["id"], {})["state"] == "active"

    with receiver() as there:
        webhook = client.create_webhook({"url": there.url, "events": ["case.opened", "case.closed"]})
        round_ = client.start_round(campaign["id"], {}, idempotency_key="round-1")
        assert (round_["open"], round_["complete"]) == (done["added"], False)
        answered(round_["id"])
        report = client.get_round(round_["id"])
        assert report["complete"]
        assert report["enrolled"] == sum(report["counts"].values()) + report["open"] == done["added"]
        asked = {each["resident"]: each for each in client.list_check_ins(round_["id"])["items"]}
        assert (asked["王奶奶"]["outcome"], asked["李爷爷"]["outcome"]) == ("ok", "unwell")

        case = asked["李爷爷"]["case"]
        assert client.accept_case(case, {"responder_id": responder["id"]})["state"] == "accepted"
        closed = client.close_case(case, {"finding": "helped", "note": "上门看过"})
        assert (closed["state"], closed["finding"]) == ("closed", "helped")
        delivering.deliver()
        assert [each["type"] for each in there.told if each["data"]["case"] == case] == ["case.opened", "case.closed"]
        client.revoke_webhook(webhook["id"])

    assert client.stop_campaign(campaign["id"], {"note": "试用结束"})["state"] == "stopped"
    client.remove_campaign(campaign["id"])
    with pytest.raises(ApiError) as gone:
        client.get_campaign(campaign["id"])
    assert gone.value.status == 404
