"""Texts, both ways."""

import pytest
import requests
from twilio.base.exceptions import TwilioRestException

from tests.exchange.running import OURS, number
from tests.patience import PATIENCE_SECONDS


def send(exchange, to, path):
    return exchange.twilio.messages.create(
        to=to, from_=OURS, body="请回电 1 & 2", status_callback=exchange.service.url + path
    )


def test_a_text_is_delivered_and_reported(exchange, service):
    to = exchange.subscribe()
    text = send(exchange, to, "/text/delivered")
    (report,) = service.wait_for("/text/delivered")
    assert (text.status, text.sid) == ("queued", report.form["MessageSid"])
    assert (report.form["MessageStatus"], report.genuine) == ("delivered", True)
    assert exchange.twilio.messages(text.sid).fetch().status == "delivered"
    assert [m.sid for m in exchange.twilio.messages.list(to=to, from_=OURS, limit=200)] == [text.sid]
    boxes = requests.get(f"{exchange.url}/exchange/texts", timeout=PATIENCE_SECONDS).json()
    assert [text["body"] for text in boxes[to]] == ["请回电 1 & 2"]
    (entry,) = [e for e in exchange.log() if e["event"] == "text" and e["number"] == to]
    assert (entry["to"], entry["body"], entry["direction"]) == (to, "请回电 1 & 2", "out")


def test_a_text_to_nobody_is_undelivered(exchange, service):
    send(exchange, number(), "/text/nobody")
    form = service.wait_for("/text/nobody")[0].form
    assert (form["MessageStatus"], form["ErrorCode"]) == ("undelivered", "30003")


def test_a_text_to_a_refused_number_is_refused(exchange):
    to = exchange.subscribe(refuse=21610)
    with pytest.raises(TwilioRestException) as raised:
        send(exchange, to, "/text/refused")
    assert (raised.value.status, raised.value.code) == (400, 21610)


def test_a_subscriber_writes_to_the_service(exchange, service):
    answer = exchange.post("/exchange/texts", {"from": (writer := number()), "body": "我很好"}).json()
    (text,) = [r for r in service.at("/inbound/text") if r.form["From"] == writer]
    assert answer == {"sid": text.form["MessageSid"], "webhook_status": 200}
    assert (text.form["Body"], text.form["To"], text.genuine) == ("我很好", OURS, True)
