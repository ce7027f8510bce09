"""Whatever the API's own document allows to be sent: no answer is a failure of ours, and each is as it says."""

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypotheses
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from core.settings import Settings, Telephony
from core.storage.database import unit_of_work
from tests import people, signed_in
from tests.api.conftest import Api
from tests.api.test_work import begun, unwell
from tests.databases import sqlite_in
from zaoan.process import wiring
from zaoan.web.app import assembled, web_app

HOST = "http://127.0.0.1:8000"
DOCUMENT = assembled(Telephony.EXCHANGE, HOST, "127.0.0.1").openapi()
OPERATIONS = [each.ok() for each in schemathesis.openapi.from_dict(DOCUMENT).get_all_operations()]
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
          response_schema_conformance]  # fmt: skip
FEW, MANY = 2, 10_000 // len(OPERATIONS) + 1


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """A community in the middle of its morning, with a program that may do everything."""
    folder = tmp_path_factory.mktemp("whatever")
    chosen = Settings(database_url=sqlite_in(folder), data_dir=folder, api_requests_per_minute=1_000_000,
                      clock_start="2026-11-28T09:00:00+08:00")  # fmt: skip
    opened = wiring.open_house(chosen)
    connected = wiring.connect(chosen, HOST, "http://127.0.0.1:1")
    with unit_of_work() as session:
        people.responder(session, "石磊", "+8613700000030", "volunteer")
    with TestClient(web_app(connected.store), base_url=HOST, raise_server_exceptions=False) as client:
        api = Api(client, signed_in.token())
        yield api, _known(api)
    connected.voice.close()
    opened.close()


def _known(api):
    round_ = begun(api)
    [line] = api.get("/residents").json()["items"]
    case = unwell(round_["id"])
    [page] = api.get("/pages").json()["items"]
    relative = api.post(f"/residents/{line['id']}/relatives", {"name": "王丽", "phone": "13800138000"}).json()
    webhook = api.post("/webhooks", {"url": "https://city.example/", "events": ["case.opened"]}).json()
    shift = api.post("/shifts", {"responder_id": page["responder_id"], "weekday": 1, "begins": "08:00",
                                 "ends": "12:00"}).json()  # fmt: skip
    away = api.post(
        "/absences", {"responder_id": page["responder_id"], "begins_at": "2026-11-28T09:00:00+08:00"}
    ).json()
    return {"resident_id": line["id"], "shift_id": shift["id"], "absence_id": away["id"],
            "household_id": line["household_id"], "relative_id": relative["id"],
            "responder_id": page["responder_id"], "campaign_id": round_["campaign_id"], "round_id": round_["id"],
            "case_id": case, "call_id": page["call_id"], "webhook_id": webhook["id"]}  # fmt: skip


def send(house, operation, count):
    api, known = house

    @hypotheses(max_examples=count, phases=[Phase.generate], suppress_health_check=list(HealthCheck), deadline=None,
                database=None, derandomize=True)  # fmt: skip
    @given(case=operation.as_strategy(), meant=st.booleans())
    def check(case, meant):
        if meant and case.path_parameters:
            case.path_parameters = {name: known.get(name, value) for name, value in case.path_parameters.items()}
            if case.method == "PATCH":
                case.headers = {**(case.headers or {}), "If-Match": "*"}
        case.validate_response(answered(api, case), checks=CHECKS)

    check()


def answered(api, case):
    sent = case.as_transport_kwargs(base_url=HOST, headers=api._headers)
    content = sent.pop("data", None)
    asked = {name: sent[name] for name in ("method", "url", "headers", "params", "json") if sent.get(name) is not None}
    asked["headers"] = {name: value.encode("latin-1", "replace") if isinstance(value, str) else value
                        for name, value in asked["headers"].items()}  # fmt: skip
    return api.client.request(**asked, content=content)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.label)
def test_no_request_of_the_document_fails_through_our_fault(house, operation):
    send(house, operation, FEW)


@pytest.mark.long
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.label)
def test_nor_do_ten_thousand(house, operation):
    send(house, operation, MANY)


def test_the_document_names_an_example_and_every_error_of_each_route():
    for path, operations in DOCUMENT["paths"].items():
        for method, operation in operations.items():
            assert {"401", "403", "422", "429"} <= operation["responses"].keys(), (method, path)
            assert ("404" in operation["responses"]) >= ("{" in path), (method, path)
            assert operation["security"] == [{"token": []}]
            assert operation["summary"]
            assert operation["description"], (method, path)
    bodies = [name for name in DOCUMENT["components"]["schemas"] if name.startswith("New")]
    assert bodies
    for name in bodies:
        told = DOCUMENT["components"]["schemas"][name]["properties"]
        assert any("examples" in each for each in told.values()) or name == "NewRound", name
