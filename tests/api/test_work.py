"""Campaigns, rounds, check-ins, cases, pages and calls by the API."""

from uuid import UUID

import pytest

from campaigns import queries
from campaigns.changes import campaign_lookup
from campaigns.models import Outcome
from campaigns.noticed import Remark, RemarkKind
from campaigns.rounds import check_ins
from core import actors, clock
from core.errors import NotFoundError
from core.identity import queries as identity
from core.running import events
from core.storage.database import reading, unit_of_work
from escalation.cases import cases
from escalation.models import Case, CaseKind

MORNING = {"name": "早安问候", "at": "08:00"}


def unwell(round_id):
    """Everybody in this round says that they are unwell; the case that came of it."""
    with unit_of_work() as session:
        for each in queries.check_ins(session, UUID(round_id)):
            check_ins.hear(session, each, Outcome.UNWELL)
    with reading() as session:
        return str(session.query(Case).one().id)


def begun(api):
    """A round with 王奶奶 in it."""
    api.granny()
    campaign = api.post("/campaigns", MORNING).json()
    made = api.post(f"/campaigns/{campaign['id']}/rounds", {})
    assert made.status_code == 201, made.text
    return made.json()


def test_a_campaign_is_made_read_changed_paused_and_stopped(api):
    api.granny()
    made = api.post("/campaigns", MORNING | {"flags": ["独居"], "late": "ring-until 12:00"})
    own = made.headers["Location"].removeprefix("/api/v1")
    assert made.json()["audience"] == {"people": 1, "left_out": {}}
    assert (made.json()["rule"]["any_of"], made.json()["late"], made.json()["schedule"]["times"]) == (
        ["lives_alone"], "ring-until 12:00", ["08:00:00"]
    )  # fmt: skip
    seen = api.get(own).headers["ETag"]
    changed = api.patch(own, {"at": "09:00", "flags": None, "attempts": 2}, seen).json()
    assert (changed["schedule"]["times"], changed["attempts"], changed["name"]) == (["09:00:00"], 2, "早安问候")
    assert changed["rule"] == {"kind": "everyone"}
    assert api.patch(own, {"at": "10:00"}, seen).status_code == 412
    assert api.post(f"{own}/pause", {"note": "停电"}).json()["state"] == "paused"
    assert api.post(f"{own}/resume").json()["state"] == "active"
    assert api.post(f"{own}/stop", {}).json()["state"] == "stopped"
    assert api.post(f"{own}/resume").status_code == 409
    assert [each["id"] for each in api.get("/campaigns").json()["items"]] == [made.json()["id"]]


def test_a_draft_with_a_rule_and_a_schedule_is_checked_and_activated(api):
    api.granny()
    rule = {"kind": "all", "of": [{"kind": "flags", "any_of": ["lives_alone"]}, {"kind": "not", "of": {
            "kind": "languages", "any_of": ["en"]}}]}  # fmt: skip
    planned = {"name": "周一三五", "draft": True, "rule": rule,
               "schedule": {"kind": "weekly", "times": ["08:00", "17:00"], "days": [1, 3, 5]}}  # fmt: skip
    made = api.post("/campaigns", planned)
    own = made.headers["Location"].removeprefix("/api/v1")
    assert (made.json()["state"], made.json()["rule"], made.json()["next_round_at"]) == ("draft", rule, None)
    assert len(made.json()["upcoming"]) == 10
    found = api.get(f"{own}/check").json()
    assert (found["problems"], found["audience"]["people"], found["line"]["fits"]) == ([], 1, True)
    assert api.post(f"{own}/rounds", {}).status_code == 409
    active = api.post(f"{own}/activate", {}).json()
    assert (active["state"], active["next_round_at"]) == ("active", found["next_round_at"])
    assert api.post(f"{own}/activate", {}).status_code == 409


def test_a_draft_that_would_ring_nobody_is_activated_only_if_it_is_meant_so(api):
    api.granny()
    nobody = {"kind": "age", "least": 120}
    own = api.post("/campaigns", MORNING | {"draft": True, "rule": nobody}).headers["Location"].removeprefix("/api/v1")
    assert api.get(f"{own}/check").json()["problems"] == ["nobody"]
    assert api.post(f"{own}/activate", {}).status_code == 409
    assert api.post(f"{own}/activate", {"anyway": True}).json()["state"] == "active"


def test_some_of_an_audience_are_rung(api):
    api.granny()
    campaign = api.post("/campaigns", MORNING).json()
    only = {"kind": "flags", "any_of": ["lives_alone"]}
    made = api.post(f"/campaigns/{campaign['id']}/rounds", {"only": only})
    assert (made.status_code, made.json()["enrolled"]) == (201, 1)


def test_flags_and_a_rule_are_not_both_told(api):
    refused = api.post("/campaigns", MORNING | {"flags": ["独居"], "rule": {"kind": "everyone"}})
    assert refused.status_code == 422
    assert "flags" in refused.text


def test_a_plan_by_which_nobody_may_be_rung_is_refused(api):
    refused = api.post("/campaigns", {"name": "半夜", "at": "02:00"})
    assert (refused.status_code, refused.json()["field"]) == (422, "at")
    zoned = api.post("/campaigns", {"name": "别处", "at": "08:00+02:00"})
    assert (zoned.status_code, zoned.json()["field"]) == (422, "at")


def test_the_report_of_a_round_adds_up_and_names_everybody(api):
    round_ = begun(api)
    assert (round_["enrolled"], round_["open"], round_["complete"]) == (1, 1, False)
    case = unwell(round_["id"])
    after = api.get(f"/rounds/{round_['id']}").json()
    assert (after["counts"], after["open"], after["complete"]) == ({"unwell": 1}, 0, True)
    [line] = api.get(f"/rounds/{round_['id']}/check-ins").json()["items"]
    assert (line["resident"], line["outcome"], line["case"]) == ("王桂兰", "unwell", case)
    assert [each["id"] for each in api.get("/rounds").json()["items"]] == [round_["id"]]
    report = api.get(f"/rounds/{round_['id']}/report").json()
    assert (report["enrolled"], report["counts"], report["holds"]) == (1, {"unwell": 1}, True)
    assert report["by_building"] == [{"name": "3", "enrolled": 1, "answered": 1, "silent": 0}]
    assert [(each["resident"], each["case"]) for each in report["exceptions"]] == [("王桂兰", case)]


def test_what_was_remarked_about_a_resident_is_read(api):
    round_ = begun(api)
    [granny] = api.get("/residents").json()["items"]
    with unit_of_work() as session:
        session.add(Remark(round_id=UUID(round_["id"]), resident_id=UUID(granny["id"]), kind=RemarkKind.MORE_CALLS,
                           at=clock.now(), facts={"calls": 3, "rounds": 25}))  # fmt: skip
    [remark] = api.get(f"/residents/{granny['id']}/remarks").json()["items"]
    assert (remark["kind"], remark["facts"]) == ("more_calls", {"calls": 3, "rounds": 25})
    assert [each["kind"] for each in api.get(f"/rounds/{round_['id']}/report").json()["remarks"]] == ["more_calls"]
    assert api.get(f"/residents/{round_['id']}/remarks").status_code == 404


def test_a_round_is_begun_once_however_often_it_is_asked_for(api):
    api.granny()
    campaign = api.post("/campaigns", MORNING).json()
    said = [api.post(f"/campaigns/{campaign['id']}/rounds", {}, key="today").json()["id"] for _ in range(2)]
    assert len(set(said)) == 1
    assert len(api.get("/rounds").json()["items"]) == 1


def test_a_round_is_stopped(api):
    round_ = begun(api)
    after = api.post(f"/rounds/{round_['id']}/stop", {"note": "停电"}).json()
    assert (after["stopped_because"], after["counts"]) == ("round_stopped", {"excused": 1})
    assert api.post(f"/rounds/{round_['id']}/stop", {}).status_code == 409


def test_a_case_is_accepted_reached_and_closed_in_the_name_of_the_program(api, community_id):
    case = unwell(begun(api)["id"])
    [page] = api.get("/pages", case=case).json()["items"]
    assert page["state"] == "calling"
    assert api.get(f"/calls/{page['call_id']}").json()["owner"] == "page"
    [line] = api.get("/cases", state="open", kind="unwell").json()["items"]
    assert line["id"] == case
    taken = api.post(f"/cases/{case}/accept", {"responder_id": page["responder_id"]}).json()
    assert (taken["state"], taken["accepted_by"]) == ("accepted", page["responder_id"])
    assert api.post(f"/cases/{case}/accept", {"responder_id": page["responder_id"]}).status_code == 409
    assert api.post(f"/cases/{case}/on-site").json()["state"] == "on_site"
    assert api.post(f"/cases/{case}/close", {"finding": "other"}).status_code == 422
    closed = api.post(f"/cases/{case}/close", {"finding": "helped", "note": "送到医院"}).json()
    assert (closed["state"], closed["finding"], closed["note"]) == ("closed", "helped", "送到医院")
    with reading() as session:
        [program] = identity.tokens(session, community_id)
        whose = {each.kind: each.actor for each in events.latest(session, 50)}
    assert (whose["case.closed"].kind, whose["case.closed"].id) == (actors.ActorKind.API, program.id)
    assert [each["who"] for each in closed["time_line"] if each["event"] == "case.closed"] == [program.name]


def test_a_case_goes_on_step_by_step_is_noted_on_handed_over_and_opened_again(api):
    case = unwell(begun(api)["id"])
    [page] = api.get("/pages", case=case).json()["items"]
    made = api.post("/responders", {"name": "魏红", "phone": "+8613700000031", "role": "volunteer"})
    assert made.status_code == 201, made.text
    other = made.json()["id"]
    assert api.post(f"/cases/{case}/on-the-way").status_code == 409
    api.post(f"/cases/{case}/accept", {"responder_id": page["responder_id"]})
    assert api.post(f"/cases/{case}/on-the-way").json()["state"] == "on_the_way"
    assert api.post(f"/cases/{case}/on-phone").json()["state"] == "on_phone"
    for _ in range(2):  # the same request again is done once
        noted = api.post(f"/cases/{case}/notes", {"note": "下午再去"}, key="note-1").json()
    assert [each["note"] for each in noted["time_line"] if each["event"] == "case.noted"] == ["下午再去"]
    assert api.post(f"/cases/{case}/notes", {"note": " "}).status_code == 422
    asked = api.post(f"/cases/{case}/hand-over", {"responder_id": other}).json()
    assert (asked["accepted_by"], asked["handing_to"]) == (page["responder_id"], other)
    given = api.post(f"/cases/{case}/hand-over", {"responder_id": other, "agreed": True}).json()
    assert (given["accepted_by"], given["handing_to"], given["state"]) == (other, None, "accepted")
    assert api.post(f"/cases/{case}/give-back").json()["state"] == "open"
    closed = api.post(f"/cases/{case}/close", {"finding": "deceased"}).json()
    assert closed["offers"] == ["end_check_ins"]
    assert api.post(f"/cases/{case}/reopen", {"reason": ""}).status_code == 422
    reopened = api.post(f"/cases/{case}/reopen", {"reason": "弄错了"}).json()
    assert (reopened["state"], reopened["finding"], reopened["offers"]) == ("open", None, [])
    assert "弄错了" in [each["note"] for each in reopened["time_line"]]


def test_two_cases_of_a_resident_become_one_and_she_is_rung_again(api, others):
    case = unwell(begun(api)["id"])
    with unit_of_work() as session:
        resident_id = session.get_one(Case, UUID(case)).resident_id
        silent = str(cases.open_case(session, actors.system(), CaseKind.BUSY, resident_id, None).id)
    assert others.post(f"/cases/{case}/merge", {"case_id": silent}).status_code == 404
    merged = api.post(f"/cases/{silent}/merge", {"case_id": case}, key="merge").json()
    assert (merged["id"], merged["state"]) == (case, "open")
    assert {each["of_other"] for each in merged["time_line"]} == {True, False}
    assert api.get(f"/cases/{silent}").json()["merged_into"] == case
    assert [each["id"] for each in api.get("/cases").json()["items"]] == [case]
    assert api.post(f"/cases/{silent}/merge", {"case_id": case}).status_code == 409
    refused = api.post(f"/cases/{case}/connect")
    assert (refused.status_code, others.post(f"/cases/{case}/connect").status_code) == (409, 404), refused.text
    rung = api.post(f"/cases/{case}/ring-again")
    assert rung.status_code in {200, 422}, rung.text  # whether it is an hour for it is the clock's to say
    if rung.status_code == 200:
        assert "case.rung_again" in [each["event"] for each in rung.json()["time_line"]]


def test_a_campaign_ends_and_is_in_no_list_any_more(api):
    round_ = begun(api)
    own = f"/campaigns/{round_['campaign_id']}"
    assert api.ask("DELETE", own).status_code == 409  # somebody is being rung
    assert api.post(f"{own}/stop", {}).json()["state"] == "stopped"
    assert api.ask("DELETE", own).status_code == 204
    assert (api.get(own).status_code, api.get("/campaigns").json()["items"]) == (404, [])
    assert api.get(f"/rounds/{round_['id']}").json()["enrolled"] == 1
    assert api.post("/campaigns", MORNING).status_code == 201  # its name is free again


def test_a_name_is_a_campaign_of_the_own_community_alone(api, others):
    theirs, own = (each.post("/campaigns", MORNING) for each in (others, api))
    assert (theirs.status_code, own.status_code) == (201, 201)
    with reading() as session:
        assert str(campaign_lookup.find(session, MORNING["name"]).id) == own.json()["id"]
    there = f"/campaigns/{theirs.json()['id']}"
    assert api.post("/campaigns", MORNING).status_code == 409
    renamed = others.patch(there, {"name": "傍晚问候"}, theirs.headers["ETag"])
    assert renamed.status_code == 200
    with reading() as session, pytest.raises(NotFoundError) as unknown:
        campaign_lookup.find(session, "傍晚问候")
    assert unknown.value.parameters["known"] == MORNING["name"]
