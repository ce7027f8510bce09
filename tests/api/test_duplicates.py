"""One person who was written down twice: found, offered, and made one only when somebody says so."""

from uuid import UUID

import pytest

from campaigns import queries
from campaigns.models import CheckIn, Outcome
from campaigns.rounds import attempts, check_ins
from core.storage.database import reading, unit_of_work
from ivr.models import Call, CallState
from tests.api.conftest import HOME

FIRST, SECOND = "+8631186000101", "+8631186000102"


def enrol(api, name, phone, **otherwise):
    home = HOME | {"room": otherwise.pop("room", "501"), "building": otherwise.pop("building", "3号楼")}
    return api.granny(name=name, phone=phone, home=home, **otherwise)


@pytest.fixture
def twice(api):
    """王桂兰, written down a second time with another telephone and room; both documents."""
    return (enrol(api, "王桂兰", "0311-86000101", notes="腿脚不便"),
            enrol(api, "王桂兰", "0311-86000102", room="502", flags=["空巢"], notes="怕黑", birth_year=1941,
                  relatives=[{"name": "王丽", "phone": "13800138000"}]))  # fmt: skip


def merged(api, kept, other, **sent):
    return api.post(f"/residents/{kept['id']}/merge", {"resident_id": other["id"]}, **sent)


def begun(api):
    campaign = api.post("/campaigns", {"name": "早安"}).json()
    round_ = api.post(f"/campaigns/{campaign['id']}/rounds", {}).json()
    with unit_of_work() as session:
        attempts.queue_due(session)
    return round_["id"]


def asked(api, round_id):
    return {each["resident_id"]: each["outcome"] for each in api.get(f"/rounds/{round_id}/check-ins").json()["items"]}


def hears(round_id, resident, outcome):
    with unit_of_work() as session:
        for each in queries.check_ins(session, UUID(round_id)):
            if str(each.resident_id) == resident["id"]:
                check_ins.hear(session, each, outcome)


def waiting():
    with reading() as session:
        return sorted(each.number for each in session.query(Call) if each.state == CallState.QUEUED)


def pairs(api):
    return [(each["first"]["name"], each["second"]["name"], each["likeness"])
            for each in api.get("/residents/duplicates").json()["items"]]  # fmt: skip


def test_who_may_be_one_person_is_offered_and_nobody_else(api):
    enrol(api, "王桂兰", "0311-86000101")
    enrol(api, "李长海", "0311-86000101")  # they live together and share the telephone
    assert pairs(api) == []
    enrol(api, "王桂蘭", "0311-86000101", room="502")  # the same telephone in another home
    enrol(api, "李长海", "0311-86000109", building="5号楼")  # a namesake
    assert {each[:2] for each in pairs(api)} == {("王桂兰", "王桂蘭"), ("李长海", "王桂蘭")}
    enrol(api, "李长海", "0311-86000108", room="602")
    assert pairs(api)[-1] == ("李长海", "李长海", ["name", "building"])
    assert len(api.get("/residents").json()["items"]) == 5


def test_two_people_who_look_alike_are_offered_once_and_never_again(api, twice):
    one, other = twice
    enrol(api, "王桂兰", "0311-86000103", room="503")
    assert len(pairs(api)) == 3
    for _ in range(2):
        told = api.post(f"/residents/{other['id']}/distinct", {"resident_id": one["id"]})
        assert told.status_code == 200, told.text
        assert {each["id"] for each in told.json()["residents"]} == {one["id"], other["id"]}
    left = api.get("/residents/duplicates").json()["items"]
    assert {frozenset((each["first"]["id"], each["second"]["id"])) for each in left}.isdisjoint(
        {frozenset((one["id"], other["id"]))}
    )
    assert len(left) == 2, "only these two are known to be two"
    for each in (one, other):
        history = api.get(f"/residents/{each['id']}/history").json()["items"]
        assert [moment["event"] for moment in history].count("resident.told_apart") == 1
    assert api.post(f"/residents/{one['id']}/distinct", {"resident_id": one["id"]}).status_code == 409
    assert merged(api, one, other).status_code == 200, "and it can be seen otherwise later"


def test_who_was_told_apart_is_offered_again_once_that_is_taken_back(api, twice):
    one, other = twice
    api.post(f"/residents/{one['id']}/distinct", {"resident_id": other["id"]})
    assert pairs(api) == []
    for _ in range(2):
        assert api.ask("DELETE", f"/residents/{other['id']}/distinct/{one['id']}").status_code == 204
    assert len(pairs(api)) == 1
    history = api.get(f"/residents/{one['id']}/history").json()["items"]
    assert [moment["event"] for moment in history].count("resident.offered_again") == 1
    assert api.ask("DELETE", f"/residents/{one['id']}/distinct/{one['id']}").status_code == 409


def test_everything_that_either_file_tells_is_in_the_kept_one(api, twice):
    kept, other = twice
    health = f"/residents/{other['id']}/health"
    api.patch(health, {"notes": "装有心脏起搏器"}, api.get(health).headers["ETag"])
    done = merged(api, kept, other, key="merge")
    assert done.status_code == 200, done.text
    found = api.get(f"/residents/{kept['id']}/file").json()
    assert [each["telephone"] for each in found["phones"]] == [FIRST, SECOND]
    assert (found["flags"], found["birth_year"]) == (["empty_nest", "lives_alone"], 1941)
    assert (found["notes"], found["health"]) == ("腿脚不便\n怕黑", "装有心脏起搏器")
    assert [each["name"] for each in found["relatives"]] == ["王丽"]
    assert (found["agreed"], len(found["consents"]), found["merged"]) == (True, 2, [other["id"]])
    assert merged(api, kept, other, key="merge").json() == done.json()
    assert merged(api, kept, other).status_code == 409
    assert api.post(f"/residents/{other['id']}/restore").status_code == 409
    assert pairs(api) == []
    assert [each["id"] for each in api.get("/residents").json()["items"]] == [kept["id"]]


def test_whoever_is_in_a_round_twice_is_rung_once_and_the_round_still_adds_up(api, twice):
    kept, other = twice
    round_id = begun(api)
    assert waiting() == [FIRST, SECOND]
    assert merged(api, kept, other).status_code == 200
    assert waiting() == [FIRST]
    assert asked(api, round_id) == {kept["id"]: None, other["id"]: "withdrawn"}
    report = api.get(f"/rounds/{round_id}").json()
    assert (report["enrolled"], report["open"], report["counts"]) == (2, 1, {"withdrawn": 1})
    with reading() as session:
        assert [each.numbers for each in session.query(CheckIn).filter(CheckIn.outcome.is_(None))] == [[FIRST, SECOND]]


def test_whoever_has_answered_is_not_rung_again_in_the_other_name(api, twice):
    kept, other = twice
    round_id = begun(api)
    hears(round_id, other, Outcome.OK)
    assert merged(api, kept, other).status_code == 200
    assert asked(api, round_id) == {kept["id"]: "withdrawn", other["id"]: "ok"}
    assert FIRST not in waiting()


def test_a_check_in_of_the_other_alone_is_the_kept_ones(api, twice):
    kept, other = twice
    campaign = api.post("/campaigns", {"name": "空巢", "flags": ["空巢"]}).json()
    round_id = api.post(f"/campaigns/{campaign['id']}/rounds", {}).json()["id"]
    assert asked(api, round_id) == {other["id"]: None}
    assert merged(api, kept, other).status_code == 200
    assert asked(api, round_id) == {kept["id"]: None}
    with unit_of_work() as session:
        attempts.queue_due(session)
    assert waiting() == [FIRST]


def test_an_open_case_goes_on_about_the_kept_one(api, twice):
    kept, other = twice
    round_id = begun(api)
    hears(round_id, other, Outcome.UNWELL)
    [case] = api.get("/cases").json()["items"]
    assert merged(api, kept, other).status_code == 200
    after = api.get(f"/cases/{case['id']}").json()
    assert (after["resident_id"], after["state"], after["pages"]) == (kept["id"], "open", 1)
    assert api.get(f"/residents/{kept['id']}/file").json()["open_cases"] == [case["id"]]
    assert asked(api, round_id) == {kept["id"]: "withdrawn", other["id"]: "unwell"}


def test_nothing_is_merged_while_either_is_on_the_telephone(api, twice):
    kept, other = twice
    begun(api)
    with unit_of_work() as session:
        session.query(Call).filter(Call.number == SECOND).one().state = CallState.PLACED
    refused = merged(api, kept, other)
    assert (refused.status_code, refused.json()["value"]) == (409, "王桂兰")
    assert len(api.get("/residents").json()["items"]) == 2
    assert waiting() == [FIRST]


@pytest.mark.parametrize("whose", [0, 1])
def test_a_wish_for_no_calls_in_either_file_holds(api, twice, whose):
    round_id = begun(api)
    api.post(f"/residents/{twice[whose]['id']}/consent", {"given": False, "by": "本人", "how": "电话"})
    kept = merged(api, *twice).json()
    assert (kept["id"], kept["agreed"]) == (twice[0]["id"], False)
    assert set(asked(api, round_id).values()) == {"withdrawn"}
    assert waiting() == []


def test_an_absence_in_the_other_file_holds(api, twice):
    kept, other = twice
    begun(api)
    api.post(f"/residents/{other['id']}/pause", {"last_day": "2099-01-01", "reason": "住院"})
    assert merged(api, kept, other).json()["absences"][0]["reason"] == "住院"
    assert waiting() == []


def test_the_history_of_both_is_kept_and_says_whose_doing_it_was(api, twice):
    kept, other = twice
    api.patch(f"/residents/{other['id']}", {"called": "王阿姨"}, "*")
    api.patch(f"/residents/{kept['id']}", {"home": HOME | {"room": "601"}}, "*")
    home = f"/households/{kept['household_id']}"
    api.patch(home, {"access_notes": "她不住这里了"}, "*")
    merged(api, kept, other)
    found = api.get(f"/residents/{kept['id']}/history", limit=200).json()["items"]
    told = [(each["event"], each["what"], each["subject_id"]) for each in found]
    assert told[0][0] == "resident.merged"
    assert ("resident.changed", "called", other["id"]) in told
    assert ("resident.moved", "", kept["id"]) in told
    assert "household.changed" not in [each[0] for each in told]
    assert {each["actor"]["kind"] for each in found} == {"api"}
    assert all(each["actor"]["name"] for each in found)
    assert all(each["detail"] and "{" not in each["detail"] for each in found)
    assert "王阿姨" not in str(found)
    assert [each["event"] for each in api.get(f"{home}/history").json()["items"]] == ["household.changed"]


def test_a_history_is_read_a_page_at_a_time(api):
    path = f"/residents/{enrol(api, '王桂兰', '0311-86000101')['id']}"
    for called in ("王阿姨", "王奶奶", "王大妈"):
        api.patch(path, {"called": called}, "*")
    seen, cursor = [], None
    while cursor is not None or not seen:
        page = api.get(f"{path}/history", limit=1, **({"cursor": cursor} if cursor else {})).json()
        seen += [each["event"] for each in page["items"]]
        cursor = page["next"]
    assert seen == ["resident.changed"] * 3 + ["resident.enrolled"]
    assert api.get(f"{path}/history", cursor="x").status_code == 422


def test_a_household_that_moved_keeps_its_history(api):
    granny = enrol(api, "王桂兰", "0311-86000101")
    old = f"/households/{granny['household_id']}"
    api.patch(old, {"access_notes": "按两下门铃"}, "*")
    new = api.post(f"{old}/move", {"home": HOME | {"room": "601"}}).json()["id"]
    api.patch(old, {"access_notes": "新住户"}, "*")
    events = [each["event"] for each in api.get(f"/households/{new}/history").json()["items"]]
    assert events == ["household.moved", "household.moved", "household.changed"]
    own = [each["event"] for each in api.get(f"/residents/{granny['id']}/history").json()["items"]]
    assert sorted(own) == ["household.changed", "household.moved", "resident.enrolled", "resident.moved"]
