"""What belongs to one community cannot be reached by any route with a token of another."""

import json
import re

import pytest

from core import clock
from core.ids import new_id
from core.storage.database import reading
from escalation.models import Case
from tests.api.test_work import begun, unwell
from zaoan.web.rights import TABLE, V1

BODIES = {
    "pause": {}, "resume": {}, "consent": {"given": True, "by": "本人", "how": "签字"},
    "remove": {"because": "moved_away"}, "erase": {"reason": "2026-17"}, "health": {"notes": ""},
    "stop": {}, "rounds": {},
    "phones": {"phone": "0311-86000101", "state": "wrong"},
    "notes": {"note": "下午再去"}, "reopen": {"reason": "找错了人家"},
    "close": {"finding": "fine"}, "relatives": {"name": "王丽", "phone": "13800138001"},
}  # fmt: skip
"""By the end of an address, what is sent there."""
ELSEWHERE = {"building": "9号楼", "unit": "无", "room": "901"}


def body_of(path, gaps):
    """What is sent to homes and areas."""
    return {
        "/api/v1/areas/{area_id}": {"name": "9号楼"},
        "/api/v1/areas/{area_id}/move": {"parent_id": gaps["area_id"]},
        "/api/v1/households/{household_id}/move": {"home": ELSEWHERE},
        "/api/v1/households/{household_id}/split": {"home": ELSEWHERE, "residents": [gaps["resident_id"]]},
        "/api/v1/households/{household_id}/merge": {"household_id": gaps["household_id"]},
        "/api/v1/cases/{case_id}/merge": {"case_id": gaps["case_id"]},
        "/api/v1/cases/{case_id}/hand-over": {"responder_id": gaps["responder_id"]},
        "/api/v1/residents/{resident_id}/merge": {"resident_id": gaps["resident_id"]},
        "/api/v1/residents/{resident_id}/distinct": {"resident_id": gaps["resident_id"]},
        "/api/v1/shifts/{shift_id}/swap": {"day": "2026-12-07", "responder_id": gaps["responder_id"]},
        "/api/v1/shifts/{shift_id}/undo-swap": {"day": "2026-12-07"},
    }.get(path)


@pytest.fixture
def owned(api):
    """By gap of an address, something of the first community."""
    round_ = begun(api)
    case = unwell(round_["id"])
    [line] = api.get("/residents").json()["items"]
    [page] = api.get("/pages").json()["items"]
    relative = api.post(f"/residents/{line['id']}/relatives", {"name": "王丽", "phone": "13800138000"}).json()
    webhook = api.post("/webhooks", {"url": "https://city.example/", "events": ["case.opened"]}).json()
    area = api.get("/areas").json()["items"][-1]["id"]
    shift = api.post("/shifts", {"responder_id": page["responder_id"], "weekday": 1, "begins": "08:00",
                                 "ends": "12:00"}).json()  # fmt: skip
    told = {"responder_id": page["responder_id"], "begins_at": clock.now().isoformat()}
    away = api.post("/absences", told).json()
    return {"area_id": area, "shift_id": shift["id"], "absence_id": away["id"],
            "household_id": line["household_id"], "resident_id": line["id"], "other_id": line["id"],
            "relative_id": relative["id"], "responder_id": page["responder_id"],
            "campaign_id": round_["campaign_id"], "round_id": round_["id"],
            "case_id": case, "call_id": page["call_id"], "webhook_id": webhook["id"]}  # fmt: skip


def asked(api, name, gaps):
    method, path = name.split(" ", 1)
    body = body_of(path, gaps) or BODIES.get(path.rsplit("/", 1)[-1], {})
    if path.endswith("/accept"):
        body = {"responder_id": gaps["responder_id"]}
    sent = {} if method in {"GET", "DELETE"} else {"json": body}
    headers = {"If-Match": "*"} if method in {"PATCH", "DELETE"} else {}
    return api.ask(method, path.format(**gaps).removeprefix("/api/v1"), headers, **sent)


EVERYBODYS = ("{kind}", "{month}")
"""Kinds of cases and months are everybody's; that policies are not is shown in ``test_policies``, reports below."""
NAMED = sorted(
    name for name, right in TABLE.items()
    if right.scope and "{" in name and not any(gap in name for gap in EVERYBODYS)
)  # fmt: skip
LISTS = sorted(name for name, right in TABLE.items() if right.scope and "{" not in name and name.startswith("GET"))


def test_nothing_of_others_is_told_changed_or_removed_by_any_route(api, others, owned):
    before = [api.get(path.removeprefix("GET /api/v1")).json() for path in LISTS]
    said = {name: asked(others, name, owned) for name in NAMED}
    nothing = {name: asked(others, name, dict.fromkeys(owned, str(new_id()))) for name in NAMED}
    assert {name: each.status_code for name, each in said.items()} == dict.fromkeys(NAMED, 404)
    assert {name: each.json()["title"] for name, each in said.items()} == {
        name: each.json()["title"] for name, each in nothing.items()
    }
    assert [api.get(path.removeprefix("GET /api/v1")).json() for path in LISTS] == before


def test_the_same_routes_answer_to_whom_it_belongs(api, owned):
    reads = [name for name in NAMED if name.startswith("GET")]
    assert {name: asked(api, name, owned).status_code for name in reads} == dict.fromkeys(reads, 200)


def test_no_list_of_others_names_anything(others, owned):
    said = {name: others.get(name.removeprefix("GET /api/v1")).json() for name in LISTS}
    assert said.pop(f"GET {V1}/on-duty")["status"] == 422  # no list: it asks for which home
    assert len(said.pop(f"GET {V1}/policies")["items"]) > 10  # everybody has the shipped ones, which name nobody
    [itself] = said.pop(f"GET {V1}/areas")["items"]
    assert itself["kind"] == "community"
    assert list(said.values()) == [{"items": [], "next": None}] * len(said)


def test_a_month_of_others_counts_nothing_of_ours(api, others, owned):
    month = f"{clock.now():%Y-%m}"
    ours, theirs = (json.dumps(each.get(f"/reports/{month}").json()) for each in (api, others))
    counted = {name: re.findall(rf'"{name}": ([0-9]+)', ours) for name in ("rounds", "asked", "opened")}
    assert all("1" in found for found in counted.values()), ours
    assert set(re.findall(r'"(?:rounds|asked|opened|unclosed)": ([0-9]+)', theirs)) <= {"0"}, theirs


def test_what_others_make_is_theirs(api, others, owned):
    made = others.granny(name="别处的人", phone="0311-86000199")
    campaign = others.post("/campaigns", {"name": "别处的早安"})
    assert campaign.json()["audience"]["people"] == 1
    started = others.post(f"/campaigns/{campaign.json()['id']}/rounds", {}).json()
    assert started["enrolled"] == 1
    assert made["id"] not in [each["id"] for each in api.get("/residents").json()["items"]]
    with reading() as session:
        assert session.query(Case).count() == 1
