"""Escalation policies by the API: read, changed, refused, and played."""

import pytest

from core.ids import new_id
from escalation.policies import KINDS

ONE = "/policies/busy"


def changed(api, told, path=ONE):
    return api.patch(path, told, api.get(path).headers["ETag"])


def test_every_kind_has_a_policy(api):
    found = api.get("/policies").json()["items"]
    assert {each["kind"] for each in found} == {"every", *KINDS}
    [busy] = [each for each in found if each["kind"] == "busy"]
    assert busy == api.get(ONE).json()
    assert (busy["own"], busy["terms"]["at_once"], busy["terms"]["steps"][-1]) == ([], 1, ["office"])


def test_a_term_is_changed_and_taken_back(api):
    done = changed(api, {"at_once": 3, "calls_per_hour": "unlimited"})
    assert (done.status_code, done.json()["own"]) == (200, ["at_once", "calls_per_hour"])
    assert (done.json()["terms"]["at_once"], done.json()["terms"]["rounds"]) == (3, 3)
    more = changed(api, {"rounds": 5})
    assert more.json()["own"] == ["at_once", "calls_per_hour", "rounds"]
    assert changed(api, {"at_once": None, "calls_per_hour": None}).json()["own"] == ["rounds"]


def test_a_change_made_meanwhile_is_not_overwritten(api):
    seen = api.get(ONE).headers["ETag"]
    assert api.patch(ONE, {"at_once": 3}, seen).status_code == 200
    assert api.patch(ONE, {"at_once": 4}, seen).status_code == 412
    assert api.patch(ONE, {"at_once": 4}).status_code == 428
    assert api.get(ONE).json()["terms"]["at_once"] == 3


@pytest.mark.parametrize(
    ("told", "status", "field"),
    [
        ({"at_once": 0}, 422, "at_once"), ({"at_once": True}, 422, "at_once"), ({"volume": 3}, 422, "volume"),
        ({"steps": [["doctor"]]}, 422, "steps.0.0"), ({"steps": [[]]}, 422, "steps.0"),
        ({"longest_pause_minutes": 1}, 422, "longest_pause_minutes"), ({"quiet_from": "25:00"}, 422, "quiet_from"),
        ({"steps": [["volunteer"], ["volunteer"]]}, 422, "steps"), ({"steps": [["police_liaison"]]}, 409, "steps"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_and_named(api, told, status, field):
    answer = changed(api, told)
    assert answer.status_code == status, answer.text
    problem = answer.json()
    named = [problem.get("field"), *(each["field"] for each in problem.get("errors", []))]
    assert field in named
    assert api.get(ONE).json()["own"] == []


def test_a_campaigns_policy_is_its_own(api):
    api.granny()
    campaign = api.post("/campaigns", {"name": "每天早上"}).json()["id"]
    seen = api.get(ONE, campaign_id=campaign).headers["ETag"]
    answer = api.ask("PATCH", f"{ONE}?campaign_id={campaign}", {"If-Match": seen}, json={"at_once": 4})
    assert (answer.json()["campaign_id"], answer.json()["own"]) == (campaign, ["at_once"])
    assert api.get(ONE).json()["own"] == []


def test_another_community_reaches_neither_the_policy_nor_the_campaign(api, others):
    api.granny()
    campaign = api.post("/campaigns", {"name": "每天早上"}).json()["id"]
    before = api.get(ONE).json()
    theirs = others.get(ONE)
    assert others.patch(ONE, {"at_once": 4}, theirs.headers["ETag"]).status_code == 200
    assert api.get(ONE).json() == before
    for path in ("/policies", ONE, f"{ONE}/preview"):
        assert others.get(path, campaign_id=campaign).status_code == 404
    answer = others.ask("PATCH", f"{ONE}?campaign_id={campaign}", {"If-Match": "*"}, json={"at_once": 9})
    assert answer.status_code == 404


def test_it_is_played_without_ringing_anybody(api):
    api.granny()
    shown = api.get("/policies/unwell/preview", building="3", at="2026-12-01T00:00:00+08:00").json()
    [helper] = api.get("/responders").json()["items"]
    assert shown["moments"][0] == {
        "after_seconds": 0, "means": "text", "responders": [helper["id"]], "for_ever": False,
    }  # fmt: skip
    assert (shown["building"], shown["sleeps_until"]) == ("3", None)
    assert api.get("/pages").json()["items"] == []


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("/policies/hungry", {}, 404), ("/policies/hungry/preview", {}, 404), ("/policies/every/preview", {}, 422),
        ("/policies/busy/preview", {"building": "99"}, 404),
        ("/policies/busy/preview", {"at": "2126-01-01T00:00:00Z"}, 422),
        ("/policies", {"campaign_id": str(new_id())}, 404),
    ],
)  # fmt: skip
def test_what_there_is_not_is_said(api, path, query, status):
    api.granny()
    assert api.get(path, **query).status_code == status
