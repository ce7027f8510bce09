"""What happens when the service gives the exchange something it cannot carry out."""

import socket

import pytest

from tests.exchange.running import one
from tests.patience import PATIENCE_SECONDS

ANSWERS = {"pick": "answer", "after": 1}


def failed(exchange, url, **more):
    """The log of a call to somebody who answers."""
    return exchange.ended(exchange.call(exchange.subscribe(ANSWERS), url, **more))


@pytest.mark.parametrize(
    ("name", "twiml", "code"),
    [
        ("no-xml", "<Response><Say>", 12100),
        ("unknown-verb", "<Response><Enqueue>+86</Enqueue></Response>", 12200),
        ("unknown-attribute", '<Response><Gather hints="yes"/></Response>', 12200),
    ],
)
def test_a_bad_document_is_an_error_and_ends_the_call(exchange, service, name, twiml, code):
    entries = failed(exchange, service.says(f"/{name}", twiml))
    assert one(entries, "error")["code"] == code
    assert (one(entries, "call.ended")["status"], one(entries, "call.ended")["by"]) == ("completed", "network")
    assert "error" in one(entries, "say")["text"]


def test_a_document_of_another_type_is_an_error(exchange, service):
    url = service.says("/json", "{}", content_type="application/json")
    assert one(failed(exchange, url), "error")["code"] == 12300


def test_a_server_error_is_an_error(exchange, service):
    url = service.says("/broken", "<Response/>", status=500)
    assert one(failed(exchange, url), "error")["code"] == 11200


def test_a_redirect_is_an_error_because_it_would_lose_the_form(exchange, service):
    url = service.says("/moved", "<Response/>", status=302)
    assert one(failed(exchange, url), "error")["code"] == 11200
    assert not service.at("/elsewhere")


@pytest.mark.parametrize(("name", "code"), [("1.txt", 12300), ("1.mp3", 12300)])
def test_something_that_is_no_sound_is_an_error_also_inside_a_gather(exchange, service, name, code):
    url = service.says(
        f"/plays/{name}",
        f"<Response><Gather><Play>/sounds/{name}</Play></Gather></Response>".replace(
            "/sounds", f"{service.url}/sounds"
        ),
    )
    assert one(failed(exchange, url), "error")["code"] == code


def test_a_missing_sound_is_an_error(exchange, service):
    missing = service.says("/gone.wav", "", status=404)
    url = service.says("/plays-gone", f"<Response><Play>{missing}</Play></Response>")
    assert one(failed(exchange, url), "error")["code"] == 11200


def test_an_unreachable_service_is_asked_twice_and_then_is_an_error(exchange):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    entries = failed(exchange, f"http://127.0.0.1:{port}/voice")
    assert one(entries, "error")["code"] == 11205
    webhook = next(entry for entry in entries if entry["event"] == "webhook")
    assert (webhook["status"], "refused" in webhook["failure"].lower()) == (None, True)


def test_a_connection_that_breaks_is_tried_once_more(exchange):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(PATIENCE_SECONDS)
        sid = exchange.call(exchange.subscribe(ANSWERS), f"http://127.0.0.1:{listener.getsockname()[1]}/voice")
        tokens = [request_token(listener) for _ in range(2)]
        exchange.ended(sid)
        listener.settimeout(0.2)
        with pytest.raises(TimeoutError):
            listener.accept()
    assert tokens[0] == tokens[1] != ""


def request_token(listener):
    """Takes one connection, reads its request, breaks it off; returns the idempotency token."""
    connection, _ = listener.accept()
    with connection:
        head = connection.recv(65536).decode("latin-1")
    return next((line for line in head.splitlines() if line.startswith("I-Twilio-Idempotency-Token")), "")


def test_a_failure_goes_on_at_the_fallback_address(exchange, service):
    url = service.says("/fails", "<Response/>", status=503)
    fallback = service.says("/falls-back", "<Response><Say>稍后有人联系您</Say></Response>")
    entries = failed(exchange, url, fallback_url=fallback)
    assert one(entries, "say")["text"] == "稍后有人联系您"
    assert one(entries, "call.ended")["by"] == "service"
    assert one(entries, "error")["code"] == 11200
    [asked] = service.at("/falls-back")
    assert (asked.form["ErrorCode"], asked.form["ErrorUrl"]) == ("11200", url)


def test_an_inbound_call_hears_the_error_too(exchange, service):
    service.says("/inbound/voice", "<Response><Nonsense/></Response>")
    sid = exchange.post("/exchange/dial", {"from": exchange.subscribe()}).json()["sid"]
    entries = exchange.ended(sid)
    assert one(entries, "error")["code"] == 12200
    assert one(entries, "call.ended")["status"] == "completed"
