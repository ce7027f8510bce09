"""Campaigns, rounds, check-ins, cases, pages and calls by the API."""

from uuid import UUID

from campaigns import queries
from campaigns.models import Outcome
from campaigns.rounds import check_ins
from core import actors
from core.identity import queries as identity
from core.running import events
from core.storage.database import reading, unit_of_work
from escalation.models import Case

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
    assert (made.json()["flags"], made.json()["late"], made.json()["at"]) == (
        ["lives_alone"], "ring-until 12:00", "08:00"
    )  # fmt: skip
    seen = api.get(own).headers["ETag"]
    changed = api.patch(own, {"at": "09:00", "flags": None, "attempts": 2}, seen).json()
    assert (changed["at"], changed["flags"], changed["attempts"], changed["name"]) == ("09:00", None, 2, "早安问候")
    assert api.patch(own, {"at": "10:00"}, seen).status_code == 412
    assert api.post(f"{own}/pause", {"note": "停电"}).json()["state"] == "paused"
    assert api.post(f"{own}/resume").json()["state"] == "active"
    assert api.post(f"{own}/stop", {}).json()["state"] == "stopped"
    assert api.post(f"{own}/resume").status_code == 409
    assert [each["id"] for each in api.get("/campaigns").json()["items"]] == [made.json()["id"]]


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
