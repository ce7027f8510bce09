"""A call that connects its subscriber with another one."""

import pytest

from tests.exchange.running import OURS, events, number, one
from tests.exchange.test_outbound import answering, press

STAYS = {"do": "silence"}


def hang_up(after):
    return {"do": "hang_up", "after": after, "from": "start"}


def dial(service, name, to, *, whisper=None, attributes="", ring=20, then="<Response><Say>Bye</Say></Response>"):
    """A turn that connects with ``to``; its action is ``/<name>/over``, its status ``/<name>/status``."""
    service.says(f"/{name}/over", then)
    url = "" if whisper is None else f'url="{service.says(f"/{name}/whisper", whisper)}"'
    return service.says(
        f"/{name}",
        f'<Response><Dial callerId="{OURS}" timeout="{ring}" action="/{name}/over" {attributes}>'
        f'<Number {url} statusCallback="/{name}/status">{to}</Number></Dial></Response>',
    )


def leg_of(exchange, parent):
    """The log of the call that a call has made, once it is over."""
    made = exchange.wait(None, lambda log: any(e["event"] == "call.dialled" and e["parent"] == parent for e in log))
    sid = next(e["call"] for e in made if e["event"] == "call.dialled" and e["parent"] == parent)
    return exchange.ended(sid)


def test_two_subscribers_talk_and_see_only_our_number(exchange, service):
    first, second = exchange.subscribe(answering(STAYS)), exchange.subscribe(answering(hang_up(30)))
    url = dial(service, "talk", second, whisper="<Response><Say>Somebody wants to talk</Say></Response>")
    with exchange.at(10):
        sid = exchange.call(first, url)
        leg = leg_of(exchange, sid)
    assert one(leg, "call.dialled") | {"from": OURS, "to": second, "number": second} == one(leg, "call.dialled")
    order = ["call.dialled", "call.ringing", "call.answered", "say", "call.bridged", "call.ended"]
    assert [event for event in events(leg) if event in order] == order
    assert one(leg, "call.ended")["by"] == "subscriber"
    (over,) = service.wait_for("/talk/over")
    assert (over.form["DialCallStatus"], over.form["DialBridged"]) == ("completed", "true")
    assert over.form["DialCallSid"] == leg[0]["call"]
    assert over.form["CallSid"] == sid
    assert 30 <= int(over.form["DialCallDuration"]) < 90
    assert "call.requested" not in events(leg)


def test_the_new_call_is_known_by_the_call_that_made_it(exchange, service):
    first, second = exchange.subscribe(answering(STAYS)), exchange.subscribe(answering(hang_up(5)))
    sid = exchange.call(first, dial(service, "listed", second))
    leg_of(exchange, sid)
    (child,) = exchange.twilio.calls.list(parent_call_sid=sid)
    assert (child.to, child._from, child.direction, child.status) == (second, OURS, "outbound-dial", "completed")
    assert exchange.twilio.calls(child.sid).fetch().parent_call_sid == sid
    (report,) = service.wait_for("/listed/status")
    assert (report.form["CallSid"], report.form["ParentCallSid"]) == (child.sid, sid)
    assert report.form["CallStatus"] == "completed"
    assert report.genuine


def test_whoever_waits_is_not_connected_before_the_whisper_is_over(exchange, service):
    first, second = exchange.subscribe(answering(STAYS)), exchange.subscribe(answering(press("1"), hang_up(5)))
    service.says("/screened/key", "<Response/>")
    ask = '<Response><Gather numDigits="1" action="/screened/key"><Say>Press 1</Say></Gather><Hangup/></Response>'
    leg = leg_of(exchange, exchange.call(first, dial(service, "screened", second, whisper=ask)))
    (key,) = service.wait_for("/screened/key")
    assert (key.form["Digits"], key.form["CallSid"]) == ("1", leg[0]["call"])
    assert events(leg).index("key") < events(leg).index("call.bridged")
    assert service.wait_for("/screened/over")[0].form["DialCallStatus"] == "completed"


def test_whoever_is_turned_away_by_the_whisper_has_not_answered(exchange, service):
    first, machine = exchange.subscribe(answering(STAYS)), exchange.subscribe({"pick": "machine", "after": 1})
    ask = '<Response><Gather numDigits="1" timeout="3"><Say>Press 1</Say></Gather><Hangup/></Response>'
    leg = leg_of(exchange, exchange.call(first, dial(service, "away", machine, whisper=ask)))
    assert "call.bridged" not in events(leg)
    (over,) = service.wait_for("/away/over")
    assert (over.form["DialCallStatus"], over.form["DialBridged"]) == ("no-answer", "false")


@pytest.mark.parametrize(
    ("reception", "status"),
    [({"pick": "busy"}, "busy"), ({"pick": "no_answer"}, "no-answer"), ({"pick": "fail"}, "failed")],
)
def test_whoever_cannot_be_reached_is_reported(exchange, service, reception, status):
    name = f"not-{status}"
    sid = exchange.call(exchange.subscribe(answering(STAYS)), dial(service, name, exchange.subscribe(reception)))
    assert service.wait_for(f"/{name}/over")[0].form["DialCallStatus"] == status
    assert "say" in events(exchange.ended(sid))


def test_a_number_that_is_refused_fails(exchange, service):
    refused = exchange.subscribe(refuse=21217)
    exchange.call(exchange.subscribe(answering(STAYS)), dial(service, "refused", refused))
    assert service.wait_for("/refused/over")[0].form["DialCallStatus"] == "failed"


def test_when_whoever_waits_hangs_up_the_other_call_ends_first(exchange, service):
    first, second = exchange.subscribe(answering(hang_up(20))), exchange.subscribe(answering(STAYS))
    sid = exchange.call(first, dial(service, "leaves", second))
    leg = leg_of(exchange, sid)
    assert one(leg, "call.ended")["seq"] < one(exchange.ended(sid), "call.ended")["seq"]
    assert not service.at("/leaves/over")


def test_a_call_ended_over_rest_stops_the_ringing(exchange, service):
    first, second = exchange.subscribe(answering(STAYS)), exchange.subscribe({"pick": "no_answer"})
    with exchange.at(1):
        sid = exchange.call(first, dial(service, "stops", second, attributes='timeLimit="100"', ring=900))
        exchange.wait(None, lambda log: any(e["event"] == "call.ringing" and e["number"] == second for e in log))
        exchange.twilio.calls(sid).update(status="completed")
    assert one(leg_of(exchange, sid), "call.ended")["status"] == "canceled"


def test_they_talk_no_longer_than_they_may(exchange, service):
    first, second = exchange.subscribe(answering(STAYS)), exchange.subscribe(answering(STAYS))
    sid = exchange.call(first, dial(service, "limit", second, attributes='timeLimit="60"'))
    assert one(leg_of(exchange, sid), "call.ended") | {"by": "network"} == one(leg_of(exchange, sid), "call.ended")
    assert int(service.wait_for("/limit/over")[0].form["DialCallDuration"]) >= 60


def test_keys_are_not_gathered_while_they_talk(exchange, service):
    first, second = exchange.subscribe(answering(press("5", 2))), exchange.subscribe(answering(hang_up(30)))
    sid = exchange.call(first, dial(service, "keys", second))
    service.wait_for("/keys/over")
    assert one(exchange.log(sid), "key") | {"key": "5", "used": False} == one(exchange.log(sid), "key")


def test_a_telephone_that_is_in_use_is_busy(exchange, service):
    first = exchange.subscribe(answering(STAYS))
    exchange.call(first, dial(service, "itself", first))
    assert service.wait_for("/itself/over")[0].form["DialCallStatus"] == "busy"


@pytest.mark.parametrize(
    ("name", "document", "code"),
    [
        ("foreign-caller", '<Dial callerId="+8631100000000">{to}</Dial>', 13214),
        ("no-number", f'<Dial callerId="{OURS}">120</Dial>', 13223),
        ("two-at-once", "<Dial><Number>{to}</Number><Number>{to}</Number></Dial>", 12200),
        ("unknown-event", '<Dial><Number statusCallbackEvent="over">{to}</Number></Dial>', 12200),
    ],
)
def test_what_twilio_would_refuse_is_refused(exchange, service, name, document, code):
    url = service.says(f"/{name}", f"<Response>{document.format(to=number())}</Response>")
    entries = exchange.ended(exchange.call(exchange.subscribe(answering(STAYS)), url))
    assert one(entries, "error")["code"] == code


def test_a_whisper_cannot_dial(exchange, service):
    first, second = exchange.subscribe(answering(STAYS)), exchange.subscribe(answering(STAYS))
    url = dial(service, "whisper-dials", second, whisper=f"<Response><Dial>{number()}</Dial></Response>")
    assert one(leg_of(exchange, exchange.call(first, url)), "error")["code"] == 12200


def test_whoever_talks_and_is_told_something_else_talks_no_longer(exchange, service):
    first, second = exchange.subscribe(answering(STAYS)), exchange.subscribe(answering(STAYS))
    sid = exchange.call(first, dial(service, "interrupted", second, attributes='timeLimit="9000"'))
    exchange.wait(None, lambda log: any(e["event"] == "call.bridged" and e["number"] == second for e in log))
    exchange.twilio.calls(sid).update(
        url=service.says("/interrupted/told", "<Response><Say>Bye</Say></Response>"), method="POST"
    )
    assert one(leg_of(exchange, sid), "call.ended")["by"] == "service"
    assert service.wait_for("/interrupted/told")
    assert one(exchange.ended(sid), "call.ended")["status"] == "completed"
