"""A city's own system does a whole morning by the API, knowing nothing but its OpenAPI document."""

import io

import openpyxl
import pytest
import requests

from tests import signed_in
from tests.generated_client import ApiError, client_of
from tests.patience import PATIENCE_SECONDS, wait_for
from tests.receivers import receiver
from zaoan.rehearsal.behaviours import Behaviour, answer, no_answer, press
from zaoan.rehearsal.town import subscriber

HEADERS = ["Name", "电话", "楼栋", "单元", "房号", "标记", "同意", "出生年"]


@pytest.fixture
def client(around, building):
    url = around.service.settings.public_url
    document = requests.get(f"{url}/api/openapi.json", timeout=PATIENCE_SECONDS).json()
    return client_of(document, url, signed_in.token())


def number_of(building, home):
    return f"+863118{building.number:03d}{home:02d}00"


def workbook(building):
    """As an office has it: a title above, a row twice, numbers as numbers, and mistakes in three rows."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["槐东社区独居老人名单（试用）"])
    sheet.append(HEADERS)
    agreed, place = "2026-11-01 书面同意", [f"{building.number}号楼", "1单元"]
    first, second = (number_of(building, home) for home in (1, 2))
    sheet.append(["王奶奶", first, *place, 101, building.flag, agreed, 1941])
    sheet.append(["李爷爷", int(second.removeprefix("+")), *place, 201, building.flag, agreed, "1938年"])
    sheet.append(["赵奶奶", "请问女儿", *place, 301, building.flag, agreed, 1944])
    sheet.append([None, number_of(building, 4), *place, 401, building.flag, agreed, 1944])
    sheet.append(["孙爷爷", number_of(building, 5), *place, 501, building.flag, agreed, "去年"])
    sheet.append(["王奶奶", first, *place, 101, building.flag, agreed, 1941])
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def planned(building):
    return {"name": building.flag, "draft": True, "rule": {"kind": "flags", "any_of": [building.flag]},
            "schedule": {"kind": "daily", "times": ["08:00"]}}  # fmt: skip


def test_a_morning_from_a_messy_workbook_to_the_closed_case(around, building, client):
    keys = {1: "1", 2: "3", 5: "1"}
    scripts = [subscriber(number_of(building, home), Behaviour([answer(press(key))]), label=str(home))
               for home, key in keys.items()]  # fmt: skip
    helper = f"+861390{building.number:03d}0000"
    around.service.script([*scripts, subscriber(helper, Behaviour([no_answer()]), label="楼长")])

    tried = client.import_residents(workbook(building), filename="名单.xlsx", dry_run=True)
    assert {each["row"] for each in tried["problems"]} >= {5, 6, 7}
    assert all(each["column"] and each["detail"] for each in tried["problems"])
    known = {each["name"] for each in client.list_residents(limit=200)["items"]}
    assert "李爷爷" not in known  # a trial has stored nothing
    done = client.import_residents(workbook(building), filename="名单.xlsx", idempotency_key=building.flag)
    assert (done["added"], done["dry_run"], done["problems"]) == (tried["added"], False, tried["problems"])

    responder = client.add_responder({"name": f"楼长{building.number}", "role": "building_head", "phone": helper,
                                         "areas": f"{building.number}号楼"})  # fmt: skip
    campaign = client.create_campaign(planned(building))
    with pytest.raises(ApiError) as early:
        client.start_round(campaign["id"], {})
    assert early.value.status == 409
    checked = client.check_campaign(campaign["id"])
    assert (checked["problems"], checked["audience"]["people"]) == ([], done["added"])
    assert client.activate_campaign(campaign["id"], {})["state"] == "active"

    with receiver() as there:
        webhook = client.create_webhook({"url": there.url, "events": ["case.opened", "case.closed"]})
        round_ = client.start_round(campaign["id"], {}, idempotency_key=f"{building.flag}-round")
        report = wait_for(lambda: over(client, round_["id"]), "the round to be complete")
        assert report["enrolled"] == sum(report["counts"].values()) + report["open"] == done["added"]
        asked = {each["resident"]: each for each in client.list_check_ins(round_["id"])["items"]}
        assert (asked["王奶奶"]["outcome"], asked["李爷爷"]["outcome"]) == ("ok", "unwell")

        case = asked["李爷爷"]["case"]
        assert client.accept_case(case, {"responder_id": responder["id"]})["state"] == "accepted"
        closed = client.close_case(case, {"finding": "helped", "note": "上门看过"})
        assert (closed["state"], closed["finding"]) == ("closed", "helped")
        wait_for(lambda: len(there.got) >= 2, "both to be told")
        assert [each["type"] for each in there.told if each["data"]["case"] == case] == ["case.opened", "case.closed"]
        client.revoke_webhook(webhook["id"])

    assert client.stop_campaign(campaign["id"], {"note": "试用结束"})["state"] == "stopped"
    client.remove_campaign(campaign["id"])
    with pytest.raises(ApiError) as gone:
        client.get_campaign(campaign["id"])
    assert gone.value.status == 404


def over(client, round_id):
    found = client.get_round(round_id)
    return found if found["complete"] else None
