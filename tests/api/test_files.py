"""The whole file of a resident by the API."""

from uuid import UUID

import pytest

from campaigns.rounds import attempts
from contacts import queries
from core.identity.roles import Scope
from core.storage.database import reading, unit_of_work
from ivr.models import Call
from tests import signed_in
from tests.api.conftest import GRANNY, Api

FIRST, SECOND = "+8631186000101", "+8613800138001"


@pytest.fixture
def granny(api):
    return api.granny(birth_year=1940, second_phone=SECOND, relatives=[
        {"name": "王丽", "phone": "13800138000", "relation": "女儿", "email": "wangli@example.org"}])  # fmt: skip


def whole(api, granny):
    found = api.get(f"/residents/{granny['id']}/file")
    assert found.status_code == 200, found.text
    return found.json()


def test_a_file_has_everything_in_one_document(api, granny):
    agreed = {"given": True, "by": "女儿王丽", "how": "签字", "at": "2025-11-01T09:30:00+08:00", "for_what": "每日问候",
              "evidence": "档案柜 3-12"}  # fmt: skip
    assert api.post(f"/residents/{granny['id']}/consent", agreed).status_code == 200
    found = whole(api, granny)
    assert found["standing"] == {"status": "enrolled", "since": None, "until": None, "reason": ""}
    assert (found["aged_80"], found["aged_90"], found["age"]) == (True, found["age"] >= 90, found["age"])
    assert [(each["telephone"], each["kind"], each["state"]) for each in found["phones"]] == [
        (FIRST, "landline", "good"), (SECOND, "mobile", "good")
    ]  # fmt: skip
    [daughter] = found["relatives"]
    assert (daughter["name"], daughter["relation"], daughter["email"]) == ("王丽", "女儿", "wangli@example.org")
    last = found["consents"][-1]
    assert (last["given_by"], last["for_what"], last["evidence"]) == ("女儿王丽", "每日问候", "档案柜 3-12")
    assert last["given_at"] == "2025-11-01T01:30:00Z"


def test_the_standing_says_since_and_until_when_and_why(api, granny):
    path = f"/residents/{granny['id']}"
    api.post(f"{path}/pause", {"last_day": "2099-01-01", "reason": "在女儿家"})
    paused = whole(api, granny)["standing"]
    assert (paused["status"], paused["until"], paused["reason"]) == ("paused", "2099-01-01", "在女儿家")
    api.post(f"{path}/remove", {"because": "deceased"})
    assert whole(api, granny)["standing"]["status"] == "deceased"


def test_a_wrong_telephone_is_not_rung_any_more_and_the_next_one_is(api, granny):
    path = f"/residents/{granny['id']}/phones"
    campaign = api.post("/campaigns", {"name": "早安"}).json()
    api.post(f"/campaigns/{campaign['id']}/rounds", {})
    with unit_of_work() as session:
        attempts.queue_due(session)
    refused = api.post(path, {"phone": "0311-86000999", "state": "wrong"})
    assert (refused.status_code, refused.json()["field"]) == (404, "phone")
    marked = api.post(path, {"phone": "0311-86000101", "state": "wrong"}).json()
    assert [(each["state"], bool(each["since"])) for each in marked["phones"]] == [("wrong", True), ("good", False)]
    with unit_of_work() as session:
        attempts.queue_due(session)
    with reading() as session:
        assert [each.number for each in session.query(Call) if each.state != "ended"] == [SECOND]


def test_a_round_begins_with_the_first_telephone_that_is_good(api, granny):
    api.post(f"/residents/{granny['id']}/phones", {"phone": FIRST, "state": "out_of_service"})
    campaign = api.post("/campaigns", {"name": "早安"}).json()
    api.post(f"/campaigns/{campaign['id']}/rounds", {})
    with unit_of_work() as session:
        attempts.queue_due(session)
    with reading() as session:
        assert [each.number for each in session.query(Call)] == [SECOND]


def test_a_helper_is_told_who_has_a_key(api, granny):
    api.patch(
        f"/households/{granny['household_id']}", {"key_holder": "对门李阿姨", "key_holder_phone": "13800138002"}, "*"
    )
    with reading() as session:
        told = queries.resident_profile(session, UUID(granny["id"])).access_notes
    assert told == "钥匙：对门李阿姨 138 0013 8002"


def test_who_has_no_good_telephone_is_named_as_left_out(api, granny):
    for number in (FIRST, SECOND):
        api.post(f"/residents/{granny['id']}/phones", {"phone": number, "state": "out_of_service"})
    audience = api.post("/campaigns", {"name": "早安"}).json()["audience"]
    assert (audience["people"], audience["left_out"]["no_number"]) == (0, 1)
    told = {"phone": "0311-86000101"}
    path = f"/residents/{granny['id']}"
    assert api.patch(path, told, api.get(path).headers["ETag"]).status_code == 200
    assert [each["state"] for each in whole(api, granny)["phones"]] == ["good", "out_of_service"]


def test_health_is_shown_only_to_who_may_see_it(api, granny):
    path = f"/residents/{granny['id']}"
    seen = api.get(f"{path}/health").headers["ETag"]
    assert api.patch(f"{path}/health", {"notes": "装有心脏起搏器"}, seen).status_code == 200
    assert api.patch(f"{path}/health", {"notes": "别的"}, seen).status_code == 412
    assert whole(api, granny)["health"] == "装有心脏起搏器"
    office = Api(api.client, signed_in.token(Scope.RESIDENTS_READ, Scope.RESIDENTS_WRITE))
    assert office.get(f"{path}/health").status_code == 403
    assert office.patch(f"{path}/health", {"notes": ""}, "*").status_code == 403
    assert whole(office, granny)["health"] is None
    for each in ("", "/file", "/relatives"):
        assert "起搏器" not in office.get(path + each).text
    assert "起搏器" not in api.get("/residents").text


def test_an_address_that_cannot_be_written_to_is_refused(api):
    refused = api.post(
        "/residents", GRANNY | {"relatives": [{"name": "王丽", "phone": "13800138000", "email": "王丽"}]}
    )
    assert (refused.status_code, refused.json()["field"]) == (422, "email")
