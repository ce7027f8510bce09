"""Residents, homes, relatives and responders by the API."""

import csv
import io

import pytest

from core.identity import queries
from core.identity.roles import Scope
from core.ids import new_id
from core.storage.database import reading
from tests import signed_in
from tests.api.conftest import GRANNY, HOME, Api


def test_a_resident_is_enrolled_and_read_again(api):
    made = api.post(
        "/residents", GRANNY | {"relatives": [{"name": "王丽", "phone": "13800138000", "relation": "女儿"}]}
    )
    assert made.headers["Location"] == f"/api/v1/residents/{made.json()['id']}"
    read = api.client.get(made.headers["Location"], headers=api._headers)
    assert read.json() == made.json()
    assert read.json()["telephones"] == ["+8631186000101"]
    assert read.json()["home"] == {"building": "3", "unit": "2", "room": "501"}
    assert (read.json()["flags"], read.json()["agreed"]) == (["lives_alone"], True)
    [relative] = api.get(f"/residents/{made.json()['id']}/relatives").json()["items"]
    assert (relative["name"], relative["telephone"], relative["wants"]) == ("王丽", "+8613800138000", "problems")


def test_a_list_tells_nothing_of_health_and_doors(api):
    api.granny(access_notes="钥匙在对门")
    [line] = api.get("/residents").json()["items"]
    assert not {"notes", "access_notes", "birth_year"} & line.keys()
    assert "腿脚" not in api.get("/residents").text


def test_a_list_is_read_a_page_at_a_time_whoever_comes_meanwhile(api):
    made = [api.granny(name=f"王{each}", phone=f"0311-8600010{each}")["id"] for each in range(5)]
    seen, cursor = [], None
    while True:
        page = api.get("/residents", limit=2, **({"cursor": cursor} if cursor else {})).json()
        seen += [each["id"] for each in page["items"]]
        if len(seen) == 2:
            api.granny(name="王九", phone="0311-86000109")
        cursor = page["next"]
        if cursor is None:
            break
    assert seen[:5] == made
    assert len(seen) == len(set(seen)) == 6


@pytest.mark.parametrize(("query", "found"), [({"name": "王奶奶"}, 1), ({"phone": "86000101"}, 1), ({"name": "李"}, 0)])
def test_a_resident_is_found_by_name_and_telephone(api, query, found):
    api.granny()
    assert len(api.get("/residents", **query).json()["items"]) == found


def test_what_is_told_is_changed_and_nothing_else(api):
    granny = api.granny()
    path = f"/residents/{granny['id']}"
    told = {"called": "王阿姨", "flags": ["空巢"], "phone": "0311-86000777", "call_time": "09:30",
            "home": HOME | {"room": "502"},
            "access_notes": "门卫有钥匙", "birth_year": 1941, "notes": None}  # fmt: skip
    after = api.patch(path, told, api.get(path).headers["ETag"]).json()
    assert after["home"]["room"] == "502"
    assert (after["flags"], after["telephones"], after["call_time"]) == (["empty_nest"], ["+8631186000777"], "09:30")
    assert (after["access_notes"], after["notes"], after["birth_year"]) == ("门卫有钥匙", "", 1941)
    assert (after["name"], after["agreed"]) == ("王桂兰", True)
    assert api.get(path).json() == after


def test_a_change_that_is_wrong_in_one_thing_changes_nothing(api):
    granny = api.granny()
    path = f"/residents/{granny['id']}"
    refused = api.patch(path, {"called": "王阿姨", "phone": "123"}, api.get(path).headers["ETag"])
    assert (refused.status_code, refused.json()["field"], refused.json()["value"]) == (422, "phone", "123")
    assert api.get(path).json() == granny


def test_a_lost_update_is_refused_and_not_overwritten(api):
    path = f"/residents/{api.granny()['id']}"
    seen = api.get(path).headers["ETag"]
    first = api.patch(path, {"notes": "第一位同事写的"}, seen)
    second = api.patch(path, {"notes": "第二位同事写的"}, seen)
    assert (first.status_code, second.status_code) == (200, 412)
    assert api.get(path).json()["notes"] == "第一位同事写的"
    assert api.patch(path, {"notes": "两位商量过"}, first.headers["ETag"]).status_code == 200
    assert api.patch(path, {"notes": "没有看过"}).status_code == 428


def test_absence_consent_removal_and_return(api):
    path = f"/residents/{api.granny()['id']}"
    away = api.post(f"{path}/pause", {"last_day": "2099-01-01", "reason": "在女儿家"}).json()
    assert [each["reason"] for each in away["absences"]] == ["在女儿家"]
    assert api.post(f"{path}/resume", {}).json()["absences"] == []
    assert api.post(f"{path}/consent", {"given": False, "by": "本人", "how": "电话"}).json()["agreed"] is False
    assert api.post(f"{path}/consent", {"given": True, "by": "本人", "how": "签字"}).json()["agreed"] is True
    assert api.post(f"{path}/remove", {"because": "moved_away"}).json()["removed"]["because"] == "moved_away"
    assert api.post(f"{path}/pause", {}).status_code == 409
    assert api.get("/residents").json()["items"] == []
    assert api.post(f"{path}/restore").json()["removed"] is None


def test_homes_and_who_lives_there(api):
    granny = api.granny(access_notes="钥匙在对门")
    [line] = api.get("/households").json()["items"]
    home = api.get(f"/households/{line['id']}").json()
    assert (home["residents"], home["access_notes"]) == ([granny["id"]], "钥匙在对门")
    assert line["access_notes"] is None


def test_a_relative_is_added_changed_and_taken_away(api):
    path = f"/residents/{api.granny()['id']}/relatives"
    made = api.post(path, {"name": "王丽", "phone": "13800138000", "wants": "everything"})
    own = made.headers["Location"].removeprefix("/api/v1")
    changed = api.patch(own, {"phone": "13900139000", "wants": "weekly"}, made.headers["ETag"])
    assert changed.json() == made.json() | {"telephone": "+8613900139000", "wants": "weekly"}
    assert api.patch(own, {"name": "王莉"}, made.headers["ETag"]).status_code == 412
    assert api.ask("DELETE", own).status_code == 428
    assert api.ask("DELETE", own, {"If-Match": made.headers["ETag"]}).status_code == 412
    assert api.get(own).status_code == 200
    assert api.ask("DELETE", own, {"If-Match": changed.headers["ETag"]}).status_code == 204
    assert api.get(own).status_code == 404


def test_a_relative_is_given_the_link_to_their_page_and_it_is_ended(api):
    path = f"/residents/{api.granny()['id']}/relatives"
    own = api.post(path, {"name": "王丽", "phone": "13800138000"}).headers["Location"].removeprefix("/api/v1")
    given = api.post(f"{own}/link", {}).json()
    assert (given["sent"], given["address"].rsplit("/", 2)[1]) == (False, "f")
    assert api.post(f"{own}/link", {"send": True}).json() == given | {"sent": True}
    page = "/f/" + given["address"].rsplit("/", 1)[1]
    assert api.client.get(page).status_code == 200
    assert api.post(f"{own}/link/end").json() == {"ended": 1}
    assert api.client.get(page).status_code == 410


def test_a_responder_is_added_changed_removed_and_asked_again(api):
    made = api.post("/responders", {"name": "田主任", "role": "office", "phone": "13700000031", "pin": "482913"})
    own = made.headers["Location"].removeprefix("/api/v1")
    assert "482913" not in made.text
    assert (made.json()["has_pin"], made.json()["role"]) == (True, "office")
    assert api.patch(own, {"areas": "3号楼"}, made.headers["ETag"]).json()["areas"] == ["3号楼"]
    assert api.patch(own, {"areas": ""}, made.headers["ETag"]).status_code == 412
    changed = api.patch(own, {"languages": "粤语", "skills": "first aid, 开车"}, api.get(own).headers["ETag"]).json()
    assert (changed["languages"], changed["skills"]) == (["cantonese"], ["first_aid", "driving"])
    assert api.patch(own, {"skills": "juggling"}, api.get(own).headers["ETag"]).status_code == 422
    assert api.post(f"{own}/remove").json()["removed_at"]
    assert api.post(f"{own}/restore").json()["removed_at"] is None
    assert len(api.get("/responders").json()["items"]) == 2


def roster(*rows):
    text = io.StringIO()
    csv.writer(text).writerows([["姓名", "电话", "楼栋", "单元", "房号", "同意"], *rows])
    return text.getvalue().encode("utf-8-sig")


def test_a_list_is_tried_then_imported_and_only_once(api):
    sent = roster(["王桂兰", "0311-86000101", "3", "2", "501", "签字"], ["李长海", "123", "3", "2", "502", ""])

    def imported(**query):
        return api.ask("POST", "/residents:import", {"Idempotency-Key": "list"} if "dry_run" not in query else {},
                       content=sent, params={"filename": "名单.csv", **query})  # fmt: skip

    trial = imported(dry_run=True).json()
    assert (trial["added"], trial["with_mistakes"], trial["dry_run"]) == (1, 1, True)
    [problem] = trial["problems"]
    assert (problem["row"], problem["value"]) == (3, "123")
    assert "123" in problem["detail"]
    assert api.get("/residents").json()["items"] == []
    first, again = imported(), imported()
    assert (first.json()["added"], again.json()) == (1, first.json())
    assert [each["name"] for each in api.get("/residents").json()["items"]] == ["王桂兰"]


def test_a_list_of_health_needs_the_scope_of_health(house):
    sent = roster(["王桂兰", "0311-86000101", "3", "2", "501", "签字"]).replace("同意".encode(), "健康备注".encode())
    query = {"filename": "名单.csv", "dry_run": True}
    without, allowed = (
        Api(house, signed_in.token(*scopes)).ask("POST", "/residents:import", content=sent, params=query)
        for scopes in ([Scope.RESIDENTS_WRITE], [Scope.RESIDENTS_WRITE, Scope.HEALTH_WRITE])
    )
    assert (without.status_code, "health:write" in without.text) == (422, True)
    assert (allowed.json()["added"], allowed.json()["problems"]) == (1, [])


def test_whoever_reads_a_file_is_noted(api, community_id):
    granny = api.granny()
    api.get(f"/residents/{granny['id']}")
    api.get(f"/residents/{new_id()}")
    with reading() as session:
        last = queries.audited(session, community_id, None, 3)
    assert [(each.deed, each.status) for each in last] == [
        ("GET /api/v1/residents/{resident_id}", 404), ("GET /api/v1/residents/{resident_id}", 200),
        ("POST /api/v1/residents", 201),
    ]  # fmt: skip
    assert last[1].subject == granny["id"]
    assert granny["id"] in last[2].subject
    assert {each.actor_kind for each in last} == {"api"}
