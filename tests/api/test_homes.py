"""Homes and areas by the API: what moves, is divided or joined keeps what belongs to it."""

import pytest

from core.running.events import Event
from core.storage.database import reading
from tests.api.conftest import HOME

NEW = HOME | {"room": "601"}


def member(api, name, phone, **home):
    return api.granny(name=name, phone=phone, home=HOME | home)


@pytest.fixture
def couple(api):
    """王桂兰 and 李长海, who live together; their documents."""
    return [member(api, "王桂兰", "0311-86000101"), member(api, "李长海", "0311-86000102")]


def happened(kind):
    with reading() as session:
        return [(str(each.subject_id), each.facts, each.actor.kind) for each in
                session.query(Event).where(Event.kind == kind).order_by(Event.id)]  # fmt: skip


def test_a_home_is_written_down_before_anybody_lives_there(api):
    made = api.post("/households", {"home": HOME, "key_holder": "对门李阿姨", "key_holder_phone": "138 0013 8000",
                                    "access_notes": "按两下门铃"}, key="home")  # fmt: skip
    assert made.status_code == 201, made.text
    again = api.post("/households", {"home": HOME})
    assert (again.status_code, again.json()["field"]) == (409, "home")
    assert member(api, "王桂兰", "0311-86000101")["household_id"] == made.json()["id"]
    home = api.get(f"/households/{made.json()['id']}").json()
    assert (home["people"], home["key_holder_telephone"]) == (1, "+8613800138000")


def test_the_way_in_is_changed_only_by_who_has_seen_it(api, couple):
    path = f"/households/{couple[0]['household_id']}"
    seen = api.get(path).headers["ETag"]
    refused = api.patch(path, {"key_holder_phone": "12"}, seen)
    assert (refused.status_code, refused.json()["field"]) == (422, "key_holder_phone")
    assert api.patch(path, {"key_holder": "对门李阿姨"}, seen).json()["key_holder"] == "对门李阿姨"
    assert api.patch(path, {"key_holder": "别人"}, seen).status_code == 412
    assert api.patch(path, {"key_holder": "别人"}).status_code == 428
    assert happened("household.changed") == [(couple[0]["household_id"], {"what": "key_holder"}, "api")]


def test_a_household_moves_with_all_who_live_there_and_only_once(api, couple):
    old = couple[0]["household_id"]
    body = {"home": NEW, "access_notes": "没有电梯"}
    moved = api.post(f"/households/{old}/move", body, key="move")
    assert moved.status_code == 200, moved.text
    assert moved.json()["residents"] == [each["id"] for each in couple]
    assert (moved.json()["home"]["room"], moved.json()["access_notes"]) == ("601", "没有电梯")
    assert api.post(f"/households/{old}/move", body, key="move").json() == moved.json()
    assert api.post(f"/households/{old}/move", {"home": HOME | {"room": "701"}}).status_code == 409
    assert api.get(f"/households/{old}").json()["people"] == 0
    assert api.get(f"/residents/{couple[1]['id']}").json() == couple[1] | {
        "household_id": moved.json()["id"], "home": moved.json()["home"], "access_notes": "没有电梯"
    }  # fmt: skip
    assert [each[:2] for each in happened("household.moved")] == [
        (old, {"to": moved.json()["id"]}), (moved.json()["id"], {"from": old})
    ]  # fmt: skip


def test_a_household_does_not_move_to_others(api, couple):
    other = member(api, "赵秀英", "0311-86000103", room="601")
    refused = api.post(f"/households/{couple[0]['household_id']}/move", {"home": NEW})
    assert (refused.status_code, refused.json()["value"]) == (409, "赵秀英")
    assert api.get(f"/households/{other['household_id']}").json()["people"] == 1


def test_a_household_is_divided_and_somebody_stays(api, couple):
    path = f"/households/{couple[0]['household_id']}"
    ids = [each["id"] for each in couple]
    assert api.post(f"{path}/split", {"residents": ids, "home": NEW}).status_code == 409
    stranger = member(api, "赵秀英", "0311-86000103", room="102")
    assert api.post(f"{path}/split", {"residents": [stranger["id"]], "home": NEW}).status_code == 404
    made = api.post(f"{path}/split", {"residents": ids[1:], "home": NEW, "key_holder": "女儿"}).json()
    assert (made["residents"], made["key_holder"]) == (ids[1:], "女儿")
    assert api.get(path).json()["residents"] == ids[:1]


def test_two_households_become_one_with_the_way_in_that_is_known(api):
    first, second = (member(api, name, phone, room=room) for name, phone, room in
                     [("王桂兰", "0311-86000101", "501"), ("李长海", "0311-86000102", "502")])  # fmt: skip
    into, gone = (f"/households/{each['household_id']}" for each in (first, second))
    told = {"access_notes": "按两下门铃", "key_holder": "对门李阿姨", "key_holder_phone": "13800138000"}
    api.patch(gone, told, api.get(gone).headers["ETag"])
    api.patch(into, {"access_notes": "敲门"}, api.get(into).headers["ETag"])
    assert api.post(f"{into}/merge", {"household_id": first["household_id"]}).status_code == 409
    one = api.post(f"{into}/merge", {"household_id": second["household_id"]}).json()
    assert one["residents"] == [first["id"], second["id"]]
    assert (one["access_notes"], one["key_holder_telephone"]) == ("敲门", "+8613800138000")
    empty = api.get(gone).json()
    assert (empty["people"], empty["access_notes"], empty["key_holder"]) == (0, "", "")
    assert empty["key_holder_telephone"] is None
    assert api.post(f"{into}/merge", {"household_id": second["household_id"]}).status_code == 409


def areas(api):
    return {each["written"]: each for each in api.get("/areas", limit=200).json()["items"]}


def test_the_tree_is_drawn_and_a_building_is_put_into_a_grid(api):
    granny = member(api, "王桂兰", "0311-86000101")
    grid = api.post("/areas", {"kind": "grid", "name": "第二网格"}).json()
    building = areas(api)["3号楼"]
    moved = api.post(f"/areas/{building['id']}/move", {"parent_id": grid["id"]})
    assert moved.json()["parent_id"] == grid["id"]
    assert api.post(f"/areas/{grid['id']}/move", {"parent_id": building["id"]}).status_code == 422
    assert api.get(f"/residents/{granny['id']}").json()["home"] == granny["home"]
    assert member(api, "李长海", "0311-86000102")["household_id"] == granny["household_id"]
    assert api.post("/areas", {"kind": "building", "name": "三栋", "parent_id": grid["id"]}).status_code == 409


def test_an_area_is_renamed_by_who_has_seen_it_and_removed_when_it_is_empty(api):
    granny = member(api, "王桂兰", "0311-86000101")
    path = f"/areas/{areas(api)['3号楼']['id']}"
    seen = api.get(path).headers["ETag"]
    assert api.patch(path, {"name": "5号楼"}, seen).json()["name"] == "5"
    assert api.patch(path, {"name": "6号楼"}, seen).status_code == 412
    assert api.get(f"/residents/{granny['id']}").json()["home"]["building"] == "5"
    assert api.ask("DELETE", path, {"If-Match": "*"}).status_code == 409
    made = api.post("/areas", {"kind": "building", "name": "7号楼"})
    empty = made.headers["Location"].removeprefix("/api/v1")
    assert api.ask("DELETE", empty).status_code == 428
    assert api.ask("DELETE", empty, {"If-Match": made.headers["ETag"]}).status_code == 204
    assert "7号楼" not in areas(api)
