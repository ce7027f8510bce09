"""Twilio's own SDK, pointed at the exchange, does with calls, texts and recordings whatever the service may want."""

from datetime import UTC, datetime, timedelta

import pytest
from twilio.base.exceptions import TwilioRestException

from tests.exchange.running import OURS, events, number, one

LONG = "<Response><Pause length='4000'/></Response>"
TALKS = {"pick": "answer", "after": 0}
DAY = timedelta(days=1)


@pytest.fixture
def twilio(exchange):
    return exchange.twilio


def code_of(ask):
    with pytest.raises(TwilioRestException) as raised:
        ask()
    return raised.value.code


def in_progress(exchange, sid):
    exchange.wait(sid, lambda entries: any(entry["event"] == "webhook" for entry in entries))
    return sid


def talking(exchange, service, name, twiml=LONG, script=TALKS, **more):
    """A call in progress, whose words were fetched."""
    return in_progress(exchange, exchange.call(exchange.subscribe(script), service.says(f"/sdk/{name}", twiml), **more))


def test_calls_are_created_listed_fetched_redirected_and_ended(exchange, service, twilio):
    to = exchange.subscribe(TALKS)
    created = twilio.calls.create(to=to, from_=OURS, url=service.says("/sdk/story", LONG), method="POST", timeout=60)
    in_progress(exchange, created.sid)
    assert [call.sid for call in twilio.calls.list(to=to, from_=OURS, status="in-progress")] == [created.sid]
    assert twilio.calls(created.sid).fetch().status == "in-progress"
    elsewhere = service.says("/sdk/elsewhere", LONG)
    assert twilio.calls(created.sid).update(url=elsewhere, method="POST").status == "in-progress"
    assert service.wait_for("/sdk/elsewhere")[0].form["CallSid"] == created.sid
    assert twilio.calls(created.sid).update(status="completed").status == "completed"
    (ended,) = twilio.calls.list(to=to, limit=5)
    assert (ended.status, ended.direction, ended.end_time is not None) == ("completed", "outbound-api", True)


def test_a_call_says_the_document_it_was_created_with(exchange, service, twilio):
    to = exchange.subscribe(TALKS)
    sid = twilio.calls.create(to=to, from_=OURS, twiml="<Response><Say>早上好</Say></Response>").sid
    entries = exchange.ended(sid)
    assert one(entries, "say")["text"] == "早上好"
    assert "webhook" not in events(entries)


def test_a_redirect_stops_a_question_in_its_middle_and_no_key_reaches_it_any_more(exchange, service, twilio):
    press = {"do": "press", "key": "1", "after": 30, "from": "start"}
    question = f"<Play>{service.url}/sounds/300-q.wav</Play>"
    asks = f'<Response><Gather numDigits="1" action="/sdk/never">{question}</Gather></Response>'
    with exchange.at(1):
        sid = talking(exchange, service, "asks", asks, {**TALKS, "responses": [press]})
        exchange.wait(sid, lambda entries: "play" in events(entries))
        twilio.calls(sid).update(twiml="<Response><Pause length='60'/><Say>再见</Say></Response>")
    entries = exchange.ended(sid)
    assert [entry["used"] for entry in entries if entry["event"] == "key"] == [False]
    assert one(entries, "say")["text"] == "再见"
    assert (one(entries, "call.ended")["by"], service.at("/sdk/never")) == ("service", [])


def test_a_call_is_redirected_again_and_again(exchange, service, twilio):
    sid = talking(exchange, service, "again")
    for name in ("/sdk/again-1", "/sdk/again-2"):
        twilio.calls(sid).update(url=service.says(name, LONG))
        service.wait_for(name)
    twilio.calls(sid).update(twiml="<Response><Hangup/></Response>")
    assert one(exchange.ended(sid), "call.ended")["by"] == "service"


def test_a_redirect_to_something_unfit_goes_on_at_the_new_fallback_address(exchange, service, twilio):
    sid = talking(exchange, service, "unfit")
    fallback = service.says("/sdk/fallback", "<Response><Say>稍后联系您</Say></Response>")
    twilio.calls(sid).update(url=service.says("/sdk/broken", "", status=500), fallback_url=fallback)
    assert one(exchange.ended(sid), "say")["text"] == "稍后联系您"


def test_only_a_call_in_progress_can_be_redirected(exchange, service, twilio):
    url = service.says("/sdk/waiting", LONG)
    ringing = exchange.call(exchange.subscribe({**TALKS, "after": 500}), url, timeout=600)
    with exchange.held():
        exchange.wait(ringing, lambda entries: "call.ringing" in events(entries))
        assert code_of(lambda: twilio.calls(ringing).update(url=url)) == 21220
        twilio.calls(ringing).update(status="canceled")
    assert code_of(lambda: twilio.calls(ringing).update(twiml=LONG)) == 21220
    assert twilio.calls(ringing).fetch().status == "canceled"


def test_a_change_that_makes_no_sense_is_refused(exchange, service, twilio):
    sid = talking(exchange, service, "sense")
    call = twilio.calls(sid)
    assert code_of(lambda: call.update(url="sense")) == 21205
    assert code_of(lambda: call.update(status="completed", twiml=LONG)) == 20001
    assert code_of(lambda: call.update(status="ringing")) == 20001
    assert code_of(lambda: call.update()) == 20001
    assert call.fetch().status == "in-progress"
    call.update(status="completed")


def test_reports_of_a_live_call_can_be_sent_elsewhere(exchange, service, twilio):
    sid = talking(exchange, service, "reports")
    twilio.calls(sid).update(status="completed", status_callback=f"{service.url}/sdk/new-reports")
    form = service.wait_for("/sdk/new-reports")[0].form
    assert (form["CallSid"], form["CallStatus"], form["SequenceNumber"]) == (sid, "completed", "0")
    assert int(form["CallDuration"]) <= 60 * int(form["Duration"])
    assert form["Timestamp"].endswith("+0000")


def test_a_call_is_cut_off_at_its_time_limit(exchange, service):
    with exchange.at(10):
        sid = talking(exchange, service, "limit", time_limit=30)
        ended = one(exchange.ended(sid), "call.ended")
    assert (ended["by"], ended["status"]) == ("network", "completed")
    assert 30 <= ended["seconds"] < 60


def test_calls_are_listed_by_when_they_began_and_ended(exchange, service, twilio):
    to, now = exchange.subscribe({"pick": "busy", "after": 0}), datetime.now(UTC)
    sid = exchange.call(to, service.says("/sdk/when", LONG))
    exchange.ended(sid)

    def listed(**when):
        return [call.sid for call in twilio.calls.list(to=to, **when)]

    assert listed(start_time_after=now - DAY) == listed(start_time_before=now + DAY) == [sid]
    assert listed(start_time_after=now + DAY) == listed(start_time_before=now - DAY) == []
    assert listed(end_time_after=now - DAY, end_time_before=now + DAY, start_time=now) == [sid]
    assert listed(start_time=now - 2 * DAY) == []
    assert listed(parent_call_sid="CA" + "0" * 32) == []


def test_texts_are_sent_listed_and_fetched(exchange, twilio):
    to, now = exchange.subscribe(), datetime.now(UTC)
    sent = [twilio.messages.create(to=to, from_=OURS, body=f"第{n}条") for n in range(3)]
    assert [text.body for text in twilio.messages.list(to=to, from_=OURS, page_size=2)] == ["第2条", "第1条", "第0条"]
    fetched = twilio.messages(sent[0].sid).fetch()
    assert (fetched.body, fetched.to, fetched.direction) == ("第0条", to, "outbound-api")
    assert twilio.messages.list(to=to, date_sent_before=now - DAY) == []


def test_a_text_from_or_to_nobody_is_refused_with_twilios_codes(twilio):
    create = twilio.messages.create
    assert code_of(lambda: create(to=number(), body="您好")) == 21603
    assert code_of(lambda: create(to="", from_=OURS, body="您好")) == 21604
    assert code_of(lambda: create(to="12", from_=OURS, body="您好")) == 21211
    assert code_of(lambda: create(to=number(), from_="+8613800000000", body="您好")) == 21606
    assert code_of(lambda: create(to=number(), from_=OURS)) == 21602
    assert code_of(lambda: create(to=number(), from_=OURS, body="您好", media_url=["http://a/b"])) == 20001


def test_recordings_are_listed_fetched_and_deleted(exchange, service, twilio):
    twiml = f'<Response><Record recordingStatusCallback="{service.url}/sdk/kept" action="/sdk/thanks"/></Response>'
    sid = talking(exchange, service, "record", twiml, {**TALKS, "say_seconds": 4})
    kept = service.wait_for("/sdk/kept")[0].form["RecordingSid"]
    for listed in (twilio.recordings.list(call_sid=sid), twilio.calls(sid).recordings.list()):
        assert [recording.sid for recording in listed] == [kept]
    assert kept in [each.sid for each in twilio.recordings.list(date_created_after=datetime.now(UTC) - DAY)]
    assert twilio.recordings(kept).fetch().call_sid == sid
    assert twilio.recordings(kept).delete()
    assert twilio.recordings.list(call_sid=sid) == []
