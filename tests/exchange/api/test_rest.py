"""The REST API, through Twilio's own SDK."""

from datetime import UTC, datetime

import pytest
import requests
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from tests.exchange.running import OURS, SECOND, SID, events, number, one
from tests.exchange.service import TOKEN
from tests.patience import PATIENCE_SECONDS

LONG = "<Response><Pause length='4000'/></Response>"


@pytest.fixture
def long(service):
    return service.says("/rest/long", LONG)


def refusal(ask):
    with pytest.raises(TwilioRestException) as raised:
        ask()
    return raised.value.status, raised.value.code


def test_a_new_call_is_queued_and_has_not_begun(exchange, long):
    to = number()
    before = datetime.now(UTC).replace(microsecond=0)
    call = exchange.twilio.calls.create(to=to, from_=OURS, url=long, timeout=1)
    assert (call.status, call.direction, call.to, call._from) == ("queued", "outbound-api", to, OURS)
    assert (call.start_time, call.end_time, call.duration) == (None, None, None)
    assert call.sid.startswith("CA")
    assert before <= call.date_created <= datetime.now(UTC)


def test_a_call_that_ended_tells_when_and_how_long(exchange, service):
    sid = exchange.call(exchange.subscribe({"pick": "answer"}), service.says("/rest/end", "<Response/>"))
    exchange.ended(sid)
    call = exchange.twilio.calls(sid).fetch()
    assert (call.status, call.answered_by) == ("completed", None)
    assert call.start_time <= call.end_time
    assert int(call.duration) >= 0


def test_calls_are_listed_newest_first_by_to_from_and_status(exchange, long):
    to = number()
    with exchange.held():
        first = exchange.call(to, long, timeout=100)
        exchange.wait(first, lambda entries: "call.ringing" in events(entries))
        second = exchange.call(to, long, timeout=100)
        exchange.wait(second, lambda entries: "call.busy" in events(entries))
    other = exchange.twilio.calls.create(to=to, from_=SECOND, url=long, timeout=1).sid
    assert [call.sid for call in exchange.twilio.calls.list(to=to, from_=OURS, limit=200)] == [second, first]
    assert [call.sid for call in exchange.twilio.calls.list(to=to, from_=SECOND)] == [other]
    exchange.ended(first)
    exchange.ended(second)
    assert [call.sid for call in exchange.twilio.calls.list(to=to, status="no-answer", from_=OURS)] == [first]


def test_a_list_goes_over_several_pages(exchange, long):
    to = number()
    sids = [exchange.call(to, long, timeout=1) for _ in range(5)]
    assert [call.sid for call in exchange.twilio.calls.list(to=to, page_size=2)] == sids[::-1]
    page = requests.get(
        f"{exchange.url}/2010-04-01/Accounts/{SID}/Calls.json",
        {"To": to, "PageSize": 2, "Page": 2},
        auth=(SID, TOKEN),
        timeout=PATIENCE_SECONDS,
    ).json()
    assert (len(page["calls"]), page["page"], page["next_page_uri"]) == (1, 2, None)


def test_the_service_hangs_up_on_a_call_in_progress_once(exchange, service, long):
    sid = exchange.call(to := exchange.subscribe({"pick": "answer"}), long)
    exchange.wait(sid, lambda entries: "call.answered" in events(entries))
    call = exchange.twilio.calls(sid)
    assert call.update(status="canceled").status == "in-progress"
    assert call.update(status="completed").status == "completed"
    assert one(exchange.log(sid), "call.ended")["by"] == "service"
    assert service.wait_for(f"/status/{to[1:]}")[0].form["CallStatus"] == "completed"
    assert refusal(lambda: call.update(status="completed")) == (400, 21220)


def test_a_call_that_was_not_answered_yet_is_canceled(exchange, long):
    with exchange.held():
        sid = exchange.call(to := exchange.subscribe({"pick": "answer", "after": 50}), long)
        exchange.wait(sid, lambda entries: "call.ringing" in events(entries))
        assert exchange.twilio.calls(sid).update(status="completed").status == "canceled"
        again = exchange.call(to, long)
        exchange.wait(again, lambda entries: "call.ringing" in events(entries))
        exchange.twilio.calls(again).update(status="canceled")


def test_what_cannot_be_called_is_refused_with_twilios_codes(exchange, long):
    create = exchange.twilio.calls.create
    unreachable = exchange.subscribe(refuse=21217)
    assert refusal(lambda: create(to=number(), from_="+8613800000000", url=long)) == (400, 21210)
    assert refusal(lambda: create(to="0311-86012345", from_=OURS, url=long)) == (400, 21211)
    assert refusal(lambda: create(to=number(), from_="86012345", url=long)) == (400, 21212)
    assert refusal(lambda: create(to=number(), from_="", url=long)) == (400, 21213)
    assert refusal(lambda: create(to="", from_=OURS, url=long)) == (400, 21201)
    assert refusal(lambda: create(to=number(), from_=OURS)) == (400, 21205)
    assert refusal(lambda: create(to=number(), from_=OURS, url="ftp://voice")) == (400, 21205)
    assert refusal(lambda: create(to=number(), from_=OURS, url=long, status_callback="/status")) == (400, 21609)
    assert refusal(lambda: create(to=number(), from_=OURS, url=long, twiml=LONG)) == (400, 20001)
    assert refusal(lambda: create(to=number(), from_=OURS, url=long, machine_detection_timeout=60)) == (400, 20001)
    assert refusal(lambda: create(to=unreachable, from_=OURS, url=long)) == (400, 21217)
    refused = [entry for entry in exchange.log() if entry["event"] == "call.refused"]
    assert (refused[-1]["number"], refused[-1]["code"]) == (unreachable, 21217)


def test_what_the_exchange_cannot_carry_out_is_refused_and_not_passed_over(exchange, long):
    create = exchange.twilio.calls.create
    assert refusal(lambda: create(to=number(), from_=OURS, url=long, record=True)) == (400, 20001)
    assert refusal(lambda: create(to=number(), from_=OURS, url=long, machine_detection="Perhaps")) == (400, 20001)
    assert refusal(lambda: create(to=number(), from_=OURS, url=long, status_callback_event=["done"])) == (400, 20001)


def test_an_unknown_call_is_not_found(exchange):
    assert refusal(lambda: exchange.twilio.calls("CA" + "0" * 32).fetch()) == (404, 20404)
    assert refusal(lambda: exchange.twilio.messages("SM" + "0" * 32).fetch()) == (404, 20404)
    assert refusal(lambda: exchange.twilio.recordings("RE" + "0" * 32).fetch()) == (404, 20404)


def test_a_wrong_token_is_turned_away(exchange):
    client = Client(SID, "wrong")
    client.api.base_url = exchange.url
    assert refusal(lambda: client.calls("CA" + "0" * 32).fetch()) == (401, 20003)
    assert refusal(lambda: client.calls.create(to=number(), from_=OURS, url="http://127.0.0.1/")) == (401, 20003)
