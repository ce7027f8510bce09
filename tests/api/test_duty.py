"""The roster by the API: shifts, swaps, absences, and who is on duty."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core import clock
from core.ids import new_id

ZONE = ZoneInfo("Asia/Shanghai")


def today(days=0):
    return clock.now().astimezone(ZONE).date() + timedelta(days=days)


@pytest.fixture
def helper(api):
    return api.get("/responders").json()["items"][0]["id"]


@pytest.fixture
def other(api):
    made = api.post("/responders", {"name": "魏红", "role": "volunteer", "phone": "13800138009", "areas": "3号楼"})
    return made.json()["id"]


def shift(api, responder_id, **more):
    made = api.post("/shifts", {"responder_id": responder_id, "begins": "00:00", "ends": "24:00"}
                    | (more or {"day": str(today())}))  # fmt: skip
    assert made.status_code == 201, made.text
    return made.json()


def names(answer):
    return [each["name"] for each in answer.json()["responders"]]


def test_a_shift_is_written_down_read_changed_and_removed(api, helper):
    made = api.post("/shifts", {"responder_id": helper, "weekday": 1, "begins": "22:00", "ends": "06:00",
                                "holidays": "not"})  # fmt: skip
    assert made.json() == {"id": made.json()["id"], "responder_id": helper, "responder": "石磊", "weekday": 1,
                           "day": None, "begins": "22:00", "ends": "06:00", "holidays": "not"}  # fmt: skip
    path = made.headers["Location"].removeprefix("/api/v1")
    read = api.get(path)
    assert (read.json(), read.headers["ETag"]) == (made.json(), made.headers["ETag"])
    changed = api.patch(path, {"ends": "07:00", "day": str(today(3)), "holidays": "also"}, read.headers["ETag"])
    assert (changed.json()["ends"], changed.json()["weekday"], changed.json()["day"]) == ("07:00", None, str(today(3)))
    assert api.patch(path, {"ends": "08:00"}, read.headers["ETag"]).status_code == 412
    assert api.ask("DELETE", path).status_code == 428
    assert api.ask("DELETE", path, {"If-Match": changed.headers["ETag"]}).status_code == 204
    assert api.get(path).status_code == 404
    assert api.get("/shifts").json()["items"] == []


def test_the_same_post_again_puts_nobody_on_duty_twice(api, helper):
    body = {"responder_id": helper, "weekday": 1, "begins": "08:00", "ends": "12:00"}
    first, again = (api.post("/shifts", body, key="monday") for _ in range(2))
    assert first.json() == again.json()
    assert api.post("/shifts", body).status_code == 409
    assert len(api.get("/shifts", responder_id=helper).json()["items"]) == 1
    assert api.get("/shifts", responder_id=str(new_id())).json()["items"] == []


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"begins": "25:00"}, 422),
        ({"weekday": 8}, 422),
        ({"weekday": None}, 422),
        ({"day": "2020-01-01"}, 422),
        ({"responder_id": str(new_id())}, 404),
        ({"holiday": "not"}, 422),
    ],
)
def test_what_is_wrong_is_refused(api, helper, wrong, status):
    body = {"responder_id": helper, "weekday": 1, "begins": "08:00", "ends": "12:00"} | wrong
    assert api.post("/shifts", body).status_code == status
    assert api.get("/shifts").json()["items"] == []


def test_two_exchange_their_shifts(api, helper, other):
    first, second = shift(api, helper), shift(api, other, day=str(today(1)))
    body = {"day": str(today()), "responder_id": other, "for_shift_id": second["id"], "for_day": str(today(1))}
    made = api.post(f"/shifts/{first['id']}/swap", body)
    assert made.json() == {"shift_id": first["id"], "day": str(today()), "of_responder_id": helper,
                           "to_responder_id": other, "for_shift_id": second["id"],
                           "for_day": str(today(1))}  # fmt: skip
    assert names(api.get("/on-duty", building="3号楼")) == ["魏红"]
    assert api.post(f"/shifts/{first['id']}/swap", body).status_code == 409
    assert api.post(f"/shifts/{second['id']}/undo-swap", {"day": str(today(1))}).json() == made.json()
    assert names(api.get("/on-duty", building="3号楼")) == ["石磊"]
    half = {"day": str(today()), "responder_id": other, "for_day": str(today(1))}
    assert api.post(f"/shifts/{first['id']}/swap", half).json()["field"] == "for_day"


def test_an_absence_is_written_down_and_ended(api, helper):
    shift(api, helper)
    now = clock.now()
    told = {"responder_id": helper, "begins_at": (now - timedelta(hours=1)).isoformat(), "reason": "回老家"}
    made = api.post("/absences", told)
    path = made.headers["Location"].removeprefix("/api/v1")
    assert [each["reason"] for each in api.get("/absences").json()["items"]] == ["回老家"]
    assert api.get(path).json() == made.json()
    assert api.ask("DELETE", path, {"If-Match": made.headers["ETag"]}).status_code == 204
    assert api.get("/absences").json()["items"] == []
    assert api.ask("DELETE", path, {"If-Match": "*"}).status_code == 409
    assert api.post("/absences", told | {"ends_at": told["begins_at"]}).status_code == 422


def test_who_is_on_duty_is_answered_at_any_time_and_loudly_when_nobody_is(api, helper, other):
    granny = api.granny()
    before = api.get("/on-duty", building="3号楼").json()
    assert (before["has_roster"], before["is_gap"], len(before["responders"])) == (False, False, 2)
    shift(api, helper)
    now = api.get("/on-duty", resident=granny["id"])
    assert (names(now), now.json()["is_gap"]) == (["石磊"], False)
    assert now.json()["responders"][0]["is_on_duty"] is True
    later = api.get("/on-duty", building="3号楼", at=datetime.combine(today(2), datetime.min.time(), ZONE).isoformat())
    assert (names(later), later.json()["is_gap"], later.json()["has_roster"]) == (["魏红", "石磊"], True, True)


@pytest.mark.parametrize(
    "query",
    [
        {}, {"building": "99号楼"}, {"resident": str(new_id())}, {"building": "3号楼", "resident": str(new_id())},
        {"building": "3号楼", "at": "0001-01-01T00:00:00+14:00"}, {"building": "3号楼", "at": "2026-12-01T00:00:00"},
    ],
)  # fmt: skip
def test_a_question_that_means_no_home_is_refused(api, query):
    api.granny()
    answer = api.get("/on-duty", **query)
    assert (answer.status_code, answer.headers["Content-Type"]) == (422, "application/problem+json")


def test_nothing_of_it_is_shown_to_another_community(api, others, helper):
    granny = api.granny()
    made = shift(api, helper)
    assert others.get("/shifts").json()["items"] == []
    for path in (f"/shifts/{made['id']}",):
        assert others.get(path).status_code == 404
        assert others.ask("DELETE", path, {"If-Match": "*"}).status_code == 404
    assert others.post("/shifts", {"responder_id": helper, "weekday": 1, "begins": "08:00",
                                   "ends": "09:00"}).status_code == 404  # fmt: skip
    assert others.post("/absences", {"responder_id": helper, "begins_at": clock.now().isoformat()}).status_code == 404
    area = api.get("/areas").json()["items"][-1]["id"]
    for query in ({"resident": granny["id"]}, {"building": area}):
        assert others.get("/on-duty", **query).status_code == 422
