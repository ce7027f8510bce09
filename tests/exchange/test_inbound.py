"""Calls from subscribers to the service, over real HTTP."""

import pytest

from tests.exchange.running import OURS, events, number, one

ASK = '<Response><Gather numDigits="1" timeout="5" action="/in/key"><Say>请按键</Say></Gather></Response>'
PRESS_2 = [{"do": "press", "key": "2", "after": 1, "from": "end"}]


@pytest.fixture(autouse=True)
def an_open_line(service):
    service.says("/inbound/voice", ASK)


def test_a_subscriber_rings_and_presses_a_key(exchange, service):
    caller = exchange.subscribe()
    sid = exchange.post("/exchange/dial", {"from": caller, "responses": PRESS_2}).json()["sid"]
    entries = exchange.ended(sid)
    (voice,) = [r for r in service.at("/inbound/voice") if r.form["CallSid"] == sid]
    (key,) = [r for r in service.at("/in/key") if r.form["CallSid"] == sid]
    assert (voice.form["From"], voice.form["To"], voice.form["CallStatus"]) == (caller, OURS, "ringing")
    assert (voice.form["Direction"], voice.genuine, key.form["Digits"]) == ("inbound", True, "2")
    assert events(entries)[0] == "call.inbound"
    assert {entry["direction"] for entry in entries} == {"in"}


def test_the_end_of_an_inbound_call_is_reported(exchange, service):
    caller = exchange.subscribe()
    sid = exchange.post("/exchange/dial", {"from": caller, "responses": [{"do": "hang_up", "after": 1}]}).json()["sid"]
    exchange.wait(sid, lambda e: any(entry.get("kind") == "status" for entry in e))
    (status,) = [r for r in service.at("/inbound/status") if r.form["CallSid"] == sid]
    assert (status.form["CallStatus"], status.form["Direction"]) == ("completed", "inbound")


def test_a_withheld_number_is_anonymous(exchange, service):
    sid = exchange.post("/exchange/dial", {"from": None, "responses": []}).json()["sid"]
    exchange.ended(sid)
    (voice,) = [r for r in service.at("/inbound/voice") if r.form["CallSid"] == sid]
    assert voice.form["From"] == "anonymous"
    assert exchange.log(sid)[0]["number"] is None


@pytest.mark.parametrize("pick", ["answer", "busy", "no_answer", "fail"])
def test_somebody_rings_back_after_a_call_however_it_ended(exchange, service, pick):
    back = {"after": 10, "responses": PRESS_2}
    caller = exchange.subscribe({"pick": pick, "after": 1, "then_call": back})
    url = service.says("/short-call", "<Response><Say>您好</Say></Response>")
    exchange.ended(exchange.call(caller, url, timeout=3))
    sid = exchange.inbound(caller)
    exchange.ended(sid)
    assert [r.form["Digits"] for r in service.at("/in/key") if r.form["CallSid"] == sid] == ["2"]


def test_whoever_wants_to_ring_back_waits_for_the_telephone_to_be_free(exchange, service):
    url = service.says("/long-call", "<Response><Pause length='120'/></Response>")
    back = {"after": 60, "responses": PRESS_2}
    caller = exchange.subscribe({"pick": "busy", "after": 0, "then_call": back}, {"pick": "answer", "after": 0})
    with exchange.at(0.2):  # until the second call is under way
        exchange.ended(exchange.call(caller, url))
        talking = exchange.call(caller, url)
        exchange.wait(talking, lambda entries: "call.answered" in events(entries))
    assert one(exchange.ended(exchange.inbound(caller)), "call.answered")["by"] == "service"
    both = exchange.log()
    end = next(e for e in both if e["call"] == talking and e["event"] == "call.ended")
    begin = next(e for e in both if e["event"] == "call.inbound" and e["number"] == caller)
    assert end["seq"] < begin["seq"]


def test_a_subscriber_who_is_ringing_the_service_is_busy(exchange, service):
    service.says("/inbound/voice", "<Response><Pause length='60'/></Response>")
    caller = exchange.subscribe({"pick": "answer"})
    with exchange.held():
        sid = exchange.post("/exchange/dial", {"from": caller}).json()["sid"]
        second = exchange.post("/exchange/dial", {"from": caller})
        assert (second.status_code, caller in second.json()["error"]) == (409, True)
        call = exchange.call(caller, service.says("/never", "<Response/>"))
        exchange.wait(call, lambda entries: "call.busy" in events(entries))
    assert one(exchange.ended(call), "call.ended")["status"] == "busy"
    exchange.ended(sid)


def test_the_service_may_refuse_to_answer(exchange, service):
    service.says("/inbound/voice", '<Response><Reject reason="busy"/></Response>')
    sid = exchange.post("/exchange/dial", {"from": number()}).json()["sid"]
    entries = exchange.ended(sid)
    assert one(entries, "call.ended")["status"] == "busy"
    assert "call.answered" not in events(entries)


@pytest.mark.parametrize(
    ("body", "named"),
    [({"from": "86311"}, "from"), ({"form": None}, "form"), ({"responses": [{"do": "sing"}]}, "responses[0].do")],
)
def test_a_dial_that_makes_no_sense_is_explained(exchange, body, named):
    response = exchange.post("/exchange/dial", body)
    assert response.status_code == 400
    assert named in response.json()["error"]
