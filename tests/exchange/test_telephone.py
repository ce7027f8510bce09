"""A telephone in the browser takes a subscriber over from its script, over a real WebSocket."""

import pytest
import requests

from tests.exchange.running import OURS, SECOND, events, number, one, running
from tests.exchange.telephones import open_telephone
from tests.patience import PATIENCE_SECONDS

ANSWERS_AT_ONCE = {"pick": "answer", "after": 0, "responses": [{"do": "press", "key": "1", "after": 0}]}


def ask(service, name, wait=5):
    """A turn that plays a short sound, asks for a key at ``/<name>/key`` and says goodbye there."""
    service.says(f"/{name}/key", "<Response><Say>好</Say><Hangup/></Response>")
    return service.says(
        f"/{name}",
        f'<Response><Gather numDigits="1" finishOnKey="" timeout="{wait}" action="/{name}/key"'
        f' actionOnEmptyResult="true"><Play>{service.url}/sounds/0.3-{name}.wav</Play></Gather></Response>',
    )


def test_it_rings_is_picked_up_plays_the_file_and_sends_the_key_to_the_service(exchange, service):
    to = exchange.subscribe(ANSWERS_AT_ONCE)
    with open_telephone(exchange, to) as telephone:
        assert telephone.hears("owner")["label"] == "王奶奶"
        telephone.hears("state", state="idle")
        sid = exchange.call(to, ask(service, "browser"))
        assert telephone.hears("state", state="ringing")["other"] == {"number": OURS, "label": ""}
        telephone.does("answer")
        telephone.hears("state", state="talking", by="browser")
        telephone.hears("gather", open=True)
        play = telephone.hears("play")
        assert (play["url"], play["seconds"]) == (f"{service.url}/sounds/0.3-browser.wav", 0.3)
        telephone.does("press", key="3")
        telephone.hears("quiet")
        telephone.hears("gather", open=False)
        assert service.wait_for("/browser/key")[0].form["Digits"] == "3"
        assert telephone.hears("say")["text"] == "好"
        telephone.hears("ended", reason="completed", by="service")
        telephone.hears("state", state="idle")
    entries = exchange.ended(sid)
    assert one(entries, "call.answered")["by"] == "browser"
    assert one(entries, "key") | {"key": "3", "by": "browser", "used": True} == one(entries, "key")


def test_two_telephones_in_the_browser_are_connected(exchange, service):
    first, second = exchange.subscribe(ANSWERS_AT_ONCE, label="田保国"), exchange.subscribe(ANSWERS_AT_ONCE)
    service.says("/both/whisper", "<Response><Pause length='1'/></Response>")
    service.says("/both/over", "<Response><Pause length='30'/></Response>")
    url = service.says(
        "/both",
        f'<Response><Dial callerId="{SECOND}" action="/both/over"><Number url="/both/whisper">{second}</Number></Dial>'
        "</Response>",
    )
    with open_telephone(exchange, first) as one_end, open_telephone(exchange, second) as other_end:
        exchange.call(first, url)
        one_end.hears("state", state="ringing")
        one_end.does("answer")
        one_end.hears("state", state="dialling", other={"number": OURS, "label": ""})
        other_end.hears("state", state="ringing", other={"number": SECOND, "label": ""})
        other_end.does("answer")
        one_end.hears("state", state="talking", other={"number": SECOND, "label": "王奶奶"})
        other_end.hears("state", state="talking", other={"number": SECOND, "label": "田保国"})
        other_end.does("hang_up")
        other_end.hears("ended", reason="completed", by="subscriber")
        one_end.hears("state", state="talking", other={"number": OURS, "label": ""})
        assert service.wait_for("/both/over")[0].form["DialCallStatus"] == "completed"


def test_hanging_up_ends_the_call(exchange, service):
    to = exchange.subscribe(ANSWERS_AT_ONCE)
    with open_telephone(exchange, to) as telephone:
        sid = exchange.call(to, ask(service, "hung-up"))
        telephone.hears("state", state="ringing")
        telephone.does("answer")
        telephone.hears("play")
        telephone.does("hang_up")
        telephone.hears("ended", reason="completed", by="subscriber")
    assert one(exchange.ended(sid), "call.ended")["by"] == "subscriber"


def test_a_telephone_that_nobody_picks_up_rings_out(exchange, service):
    to = exchange.subscribe(ANSWERS_AT_ONCE)
    with open_telephone(exchange, to) as telephone:
        sid = exchange.call(to, ask(service, "rings-out"), timeout=1)
        telephone.hears("state", state="ringing")
        telephone.hears("ended", reason="no-answer", by="network")
    assert "call.answered" not in events(exchange.ended(sid))


def test_a_declined_call_is_busy(exchange, service):
    to = exchange.subscribe(ANSWERS_AT_ONCE)
    with open_telephone(exchange, to) as telephone:
        sid = exchange.call(to, ask(service, "declined"))
        telephone.hears("state", state="ringing")
        telephone.does("decline")
        telephone.hears("ended", reason="busy", by="subscriber")
    assert one(exchange.ended(sid), "call.busy") | {"why": "declined", "by": "browser"} == one(
        exchange.log(sid), "call.busy"
    )


def test_closing_the_page_hangs_up_and_gives_the_telephone_back_to_the_script(exchange, service):
    to = exchange.subscribe(ANSWERS_AT_ONCE)
    url = ask(service, "given-back")
    with open_telephone(exchange, to) as telephone:
        sid = exchange.call(to, url)
        telephone.hears("state", state="ringing")
        telephone.does("answer")
        telephone.hears("play")
    assert one(exchange.ended(sid), "call.ended")["by"] == "subscriber"
    assert one(exchange.ended(exchange.call(to, url)), "key")["by"] == "script"


def test_a_page_that_closes_while_it_rings_leaves_the_call_to_the_script(exchange, service):
    to = exchange.subscribe(ANSWERS_AT_ONCE)
    with open_telephone(exchange, to) as telephone:
        sid = exchange.call(to, ask(service, "left"))
        telephone.hears("state", state="ringing")
    entries = exchange.ended(sid)
    assert (one(entries, "call.answered")["by"], one(entries, "key")["by"]) == ("human", "script")


def test_a_call_that_rings_for_a_script_rings_on_in_the_browser_once_it_is_opened(exchange, service):
    to = exchange.subscribe({"pick": "no_answer"})
    sid = exchange.call(to, ask(service, "rings-on"), timeout=600)
    with exchange.held():
        exchange.wait(sid, lambda entries: "call.ringing" in events(entries))
    with open_telephone(exchange, to) as telephone:
        telephone.hears("state", state="ringing")
        telephone.does("answer")
        telephone.hears("play")
    assert one(exchange.ended(sid), "call.answered")["by"] == "browser"


def test_a_call_of_a_script_is_taken_over_at_the_next_question(exchange, service):
    hasty = [{"do": "press", "key": "1", "after": 0}, {"do": "press", "key": "2", "after": 0, "from": "start"}]
    to = exchange.subscribe({"pick": "answer", "after": 0, "responses": hasty})
    gather = '<Gather numDigits="1" finishOnKey="" timeout="{wait}" action="{action}" actionOnEmptyResult="true"/>'
    service.says("/taken/second", f"<Response>{gather.format(wait=9, action='/taken/key')}</Response>")
    url = service.says("/taken", f"<Response>{gather.format(wait=9, action='/taken/first')}</Response>")
    service.says("/taken/first", "<Response><Redirect>/taken/second</Redirect></Response>", after=1)
    sid = exchange.call(to, url)
    exchange.wait(sid, lambda entries: "key" in events(entries))
    with open_telephone(exchange, to) as telephone:
        telephone.hears("state", state="talking", by="script")
        telephone.hears("state", state="talking", by="browser")
        telephone.hears("gather", open=True)
        telephone.does("press", key="7")
        assert service.wait_for("/taken/key")[0].form["Digits"] == "7"
    assert [(e["key"], e["by"]) for e in exchange.ended(sid) if e["event"] == "key"] == [
        ("1", "script"),
        ("7", "browser"),
    ]


def test_the_second_page_of_a_number_takes_the_call_over_from_the_first(exchange, service):
    to = exchange.subscribe()
    with open_telephone(exchange, to) as first:
        exchange.call(to, ask(service, "two-pages", wait=30))
        first.hears("state", state="ringing")
        first.does("answer")
        first.hears("play")
        with open_telephone(exchange, to) as second:
            first.hears("superseded")
            assert first.closed.wait(PATIENCE_SECONDS)
            second.hears("state", state="talking", by="browser")
            second.hears("gather", open=True)
            second.does("press", key="4")
            assert service.wait_for("/two-pages/key")[0].form["Digits"] == "4"


def test_a_page_that_comes_late_is_told_how_much_of_the_sound_is_over(exchange, service):
    to = exchange.subscribe()
    url = service.says("/late", f"<Response><Play>{service.url}/sounds/30-late.wav</Play></Response>")
    with open_telephone(exchange, to) as first:
        exchange.call(to, url)
        first.hears("state", state="ringing")
        first.does("answer")
        assert first.hears("play")["offset"] == 0
        with open_telephone(exchange, to) as second:
            play = second.hears("play")
            assert (play["seconds"], 0 < play["offset"] < 5) == (30, True)
            second.does("hang_up")


@pytest.mark.parametrize(("to", "rung"), [({}, OURS), ({"to": SECOND}, SECOND)])
def test_an_unknown_number_dials_the_service_and_presses_a_key(exchange, service, to, rung):
    service.says(
        "/inbound/voice", '<Response><Gather numDigits="1" action="/dialled"><Say>请</Say></Gather></Response>'
    )
    caller = number()
    with open_telephone(exchange, caller) as telephone:
        telephone.hears("state", state="idle")
        telephone.does("dial", **to)
        telephone.hears("state", state="dialling")
        telephone.hears("state", state="talking")
        telephone.hears("gather", open=True)
        telephone.does("press", key="2")
        telephone.hears("ended")
    sid = exchange.inbound(caller)
    (key,) = [request for request in service.wait_for("/dialled") if request.form["CallSid"] == sid]
    assert (key.form["Digits"], key.form["From"], key.form["To"], key.genuine) == ("2", caller, rung, True)
    assert one(exchange.log(sid), "call.inbound")["by"] == "browser"


def test_giving_up_before_the_service_answers_is_no_answer(exchange, service):
    service.says("/inbound/voice", "<Response/>", after=2)
    with open_telephone(exchange, number()) as telephone:
        telephone.does("dial")
        telephone.hears("state", state="dialling")
        telephone.does("dial")
        telephone.hears("refused", what="busy")
        telephone.does("hang_up")
        telephone.hears("ended", reason="no-answer", by="subscriber")


def test_earlier_and_new_texts_are_shown_and_one_can_be_written(exchange, service):
    to = exchange.subscribe()
    exchange.twilio.messages.create(to=to, from_=OURS, body="第一条")
    exchange.wait(None, lambda entries: any(e["event"] == "text.delivered" and e["number"] == to for e in entries))
    with open_telephone(exchange, to) as telephone:
        assert telephone.hears("text")["body"] == "第一条"
        exchange.twilio.messages.create(to=to, from_=OURS, body="第二条")
        assert telephone.hears("text", direction="out")["body"] == "第二条"
        telephone.does("text", body="我很好")
        assert telephone.hears("text", direction="in")["body"] == "我很好"
        written = service.wait_for("/inbound/text", of=to)
    assert [(r.form["Body"], r.genuine) for r in written] == [("我很好", True)]
    (entry,) = [e for e in exchange.log() if (e["event"], e.get("number"), e.get("body")) == ("text", to, "我很好")]
    assert entry["by"] == "browser"


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ({"type": "press", "key": "12"}, "message.key"),
        ({"type": "sing"}, "message.type"),
        ({"type": "dial", "to": "+861"}, "unknown_number"),
    ],
)
def test_what_is_not_understood_is_answered(exchange, message, said):
    with open_telephone(exchange, number()) as telephone:
        telephone.does(message.pop("type"), **message)
        assert said in telephone.hears("refused")["what"]


def test_no_other_site_may_open_a_telephone_and_no_wrong_number_has_one(exchange):
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
    key = {"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}
    line = f"{exchange.url}/telephones/%2B8631186012345/line"
    foreign = requests.get(
        line, headers=upgrade | key | {"Origin": "http://elsewhere.example"}, timeout=PATIENCE_SECONDS
    )
    assert foreign.status_code == 403
    assert (
        requests.get(f"{exchange.url}/telephones/abc/line", headers=upgrade | key, timeout=PATIENCE_SECONDS).status_code
        == 400
    )


CHANGES = [
    ("PUT", "/exchange/subscribers"),
    ("POST", "/exchange/dial"),
    ("POST", "/exchange/texts"),
    ("PUT", "/exchange/tempo"),
    ("PUT", "/exchange/faults"),
    ("PUT", "/telephones/%2B8631186012345/recordings/RE1"),
    ("POST", "/2010-04-01/Accounts/AC1/Calls.json"),
]


@pytest.mark.parametrize(("method", "path"), CHANGES)
@pytest.mark.parametrize(
    "headers", [{"Origin": "http://elsewhere.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_no_other_site_changes_anything(exchange, method, path, headers):
    answer = requests.request(method, exchange.url + path, data=b"{}", headers=headers, timeout=PATIENCE_SECONDS)
    assert (answer.status_code, answer.json()) == (403, {"error": "this was sent by another site"})


@pytest.mark.parametrize("path", ["/", "/telephones/%2B8631186012345", "/exchange/log", "/telephones/events"])
@pytest.mark.parametrize(
    ("language", "said"), [("en", "is no address of this exchange"), ("zh", "不是这个交换台的地址")]
)
def test_a_name_that_is_none_of_its_own_is_not_served_and_told_why(exchange, path, language, said):
    rebound = {"Host": "evil.example", "Accept-Language": language}
    answer = requests.get(exchange.url + path, headers=rebound, timeout=PATIENCE_SECONDS)
    assert (answer.status_code, said in answer.text) == (421, True)


def test_a_name_that_it_was_told_of_is_served(service, tmp_path):
    with running(service, tmp_path / "exchange.jsonl", "--known-as", "exchange.internal") as exchange:
        for host, status in (("exchange.internal:8010", 200), ("localhost:8010", 200), ("other.internal", 421)):
            answer = requests.get(f"{exchange.url}/healthz", headers={"Host": host}, timeout=PATIENCE_SECONDS)
            assert answer.status_code == status
