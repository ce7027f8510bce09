"""Calls from the service to subscribers, over real HTTP."""

from tests.exchange.running import OURS, events, number, one


def ask(service, name, seconds=10, wait=5):
    """A turn that plays a sound, asks for one key at ``/<name>/key`` and says goodbye there."""
    service.says(f"/{name}/key", "<Response><Say>好的，再见</Say><Hangup/></Response>")
    return service.says(
        f"/{name}",
        f'<Response><Gather input="dtmf" numDigits="1" finishOnKey="" timeout="{wait}" action="/{name}/key"'
        f' method="POST" actionOnEmptyResult="true"><Play>{service.url}/sounds/{seconds}-{name}.wav</Play>'
        f'<Pause length="1"/></Gather></Response>',
    )


def answering(*responses, after=1):
    return {"pick": "answer", "after": after, "responses": list(responses)}


def press(key, after=1.0, since="end"):
    return {"do": "press", "key": key, "after": after, "from": since}


def test_somebody_answers_listens_and_presses_1(exchange, service):
    to = exchange.subscribe(answering(press("1")))
    sid = exchange.call(to, ask(service, "listens"))
    (key,) = service.wait_for("/listens/key")
    entries = exchange.ended(sid)
    assert (key.form["Digits"], key.form["CallSid"], key.form["CallStatus"]) == ("1", sid, "in-progress")
    assert (key.form["To"], key.form["From"], key.form["Direction"]) == (to, OURS, "outbound-api")
    order = ["call.requested", "call.ringing", "call.answered", "gather", "play", "prompts.finished", "key", "say"]
    happened = events(entries)
    assert [event for event in happened if event in order][:8] == order
    assert one(entries, "call.ended") | {"status": "completed", "by": "service"} == one(entries, "call.ended")
    assert one(entries, "play")["seconds"] == 10
    assert one(entries, "key") | {"key": "1", "gather": 0, "used": True} == one(entries, "key")


def test_a_key_pressed_in_the_middle_of_the_sentence_stops_it(exchange, service):
    to = exchange.subscribe(answering(press("3", 5, "start")))
    sid = exchange.call(to, ask(service, "interrupts", seconds=600))
    (key,) = service.wait_for("/interrupts/key")
    assert key.form["Digits"] == "3"
    finished = [entry["gather"] for entry in exchange.ended(sid) if entry["event"] == "prompts.finished"]
    assert finished == [None]


def test_a_key_nobody_listens_for_is_lost_and_logged(exchange, service):
    to = exchange.subscribe(answering(press("12")))
    service.says("/lost/key", "<Response><Pause length='20'/></Response>")
    url = service.says("/lost", '<Response><Gather numDigits="1" action="/lost/key"/></Response>')
    keys = [e for e in exchange.ended(exchange.call(to, url)) if e["event"] == "key"]
    assert [(e["key"], e["used"], e["gather"]) for e in keys] == [("1", True, 0), ("2", False, None)]


def test_silence_is_reported_with_no_digits(exchange, service):
    to = exchange.subscribe(answering({"do": "silence"}))
    exchange.call(to, ask(service, "silent"))
    assert service.wait_for("/silent/key")[0].form["Digits"] == ""


def test_silence_follows_the_last_response(exchange, service):
    again = '<Response><Gather numDigits="1" timeout="3" action="/again/2" actionOnEmptyResult="true"/></Response>'
    service.says("/again/1", again)
    to = exchange.subscribe(answering(press("7")))
    url = service.says("/again", again.replace("/again/2", "/again/1"))
    exchange.call(to, url)
    assert service.wait_for("/again/1")[0].form["Digits"] == "7"
    assert service.wait_for("/again/2")[0].form["Digits"] == ""


def test_silence_without_an_action_goes_on_after_the_gather(exchange, service):
    url = service.says(
        "/falls", "<Response><Gather numDigits='1' timeout='1'/><Redirect>/falls/on</Redirect></Response>"
    )
    exchange.call(exchange.subscribe(answering()), url)
    assert "Digits" not in service.wait_for("/falls/on")[0].form


def test_several_keys_are_gathered_until_the_finishing_key(exchange, service):
    url = service.says("/several", '<Response><Gather action="/several/keys" timeout="9"/></Response>')
    exchange.call(exchange.subscribe(answering(press("42#"))), url)
    form = service.wait_for("/several/keys")[0].form
    assert (form["Digits"], form["FinishedOnKey"]) == ("42", "#")


def test_somebody_hangs_up_in_the_middle(exchange, service):
    to = exchange.subscribe(answering({"do": "hang_up", "after": 2, "from": "start"}))
    sid = exchange.call(to, ask(service, "hangs-up", seconds=600))
    (status,) = service.wait_for(f"/status/{to[1:]}")
    assert (status.form["CallStatus"], status.form["SequenceNumber"]) == ("completed", "0")
    assert one(exchange.ended(sid), "call.ended")["by"] == "subscriber"
    assert not service.at("/hangs-up/key")


def test_a_key_is_reported_although_the_call_ends_meanwhile(exchange, service):
    to = exchange.subscribe(answering(press("3")))
    url = ask(service, "meanwhile")
    service.says("/meanwhile/key", "<Response/>", after=0.3)
    sid = exchange.call(to, url)
    service.wait_for("/meanwhile/key")
    exchange.twilio.calls(sid).update(status="completed")
    assert one(exchange.ended(sid), "call.ended")["by"] == "service"
    entries = exchange.wait(sid, lambda entries: any(entry.get("kind") == "gather" for entry in entries))
    (gather,) = [entry for entry in entries if entry.get("kind") == "gather"]
    assert (gather["status"], gather["params"]["Digits"]) == (200, "3")


def test_the_length_of_a_call_is_told_in_the_seconds_of_those_who_talk(exchange, service):
    url = service.says("/lasts", "<Response><Pause length='60'/></Response>")
    to = exchange.subscribe(answering())
    with exchange.at(20):
        exchange.call(to, url)
        assert 60 <= int(service.wait_for(f"/status/{to[1:]}")[0].form["CallDuration"]) < 120


def test_busy_no_answer_and_failed_are_told_apart(exchange, service):
    for pick, status in (("busy", "busy"), ("no_answer", "no-answer"), ("fail", "failed")):
        to = exchange.subscribe({"pick": pick, "after": 1})
        sid = exchange.call(to, ask(service, pick), timeout=5)
        assert service.wait_for(f"/status/{to[1:]}")[0].form["CallStatus"] == status
        assert one(exchange.ended(sid), "call.ended")["by"] == "network"
        assert not service.at(f"/{pick}")


def test_whoever_picks_up_too_late_and_whoever_does_not_exist_do_not_answer(exchange, service):
    for to in (exchange.subscribe(answering(after=2000)), number()):
        exchange.call(to, ask(service, "late"), timeout=5)
        assert service.wait_for(f"/status/{to[1:]}")[0].form["CallStatus"] == "no-answer"
    assert not service.at("/late")


def test_an_answering_machine_is_recognised_presses_nothing_and_hangs_up(exchange, service):
    to = exchange.subscribe({"pick": "machine", "after": 1, "say_seconds": 5})
    sid = exchange.call(
        to,
        ask(service, "machine", seconds=600),
        machine_detection="Enable",
        async_amd="true",
        async_amd_status_callback=f"{service.url}/machine/amd",
    )
    (amd,) = service.wait_for("/machine/amd")
    assert (amd.form["AnsweredBy"], amd.form["CallSid"], amd.genuine) == ("machine_start", sid, True)
    entries = exchange.ended(sid)
    assert one(entries, "call.answered")["by"] == "machine"
    assert one(entries, "call.ended")["by"] == "subscriber"
    assert exchange.twilio.calls(sid).fetch().answered_by == "machine_start"
    assert "key" not in events(entries)


def test_a_person_is_recognised_too(exchange, service):
    url = service.says("/person", "<Response><Pause length='30'/></Response>")
    amd = {"machine_detection": "Enable", "async_amd": "true", "async_amd_status_callback": f"{service.url}/person/amd"}
    exchange.call(exchange.subscribe(answering()), url, **amd)
    assert service.wait_for("/person/amd")[0].form["AnsweredBy"] == "human"


def test_nobody_is_recognised_in_a_call_that_is_over_by_then(exchange, service):
    """Ten seconds go by until a machine with such a greeting is known; a short call is over long before."""

    def call(name, pause):
        return exchange.call(
            exchange.subscribe({"pick": "machine", "after": 1, "say_seconds": 50}),
            service.says(f"/{name}", f"<Response><Pause length='{pause}'/></Response>"),
            machine_detection="DetectMessageEnd",
            machine_detection_timeout=59,
            async_amd="true",
            async_amd_status_callback=f"{service.url}/{name}/amd",
        )

    with exchange.at(5):
        exchange.ended(call("short", 1))
    call("long", 300)
    assert service.wait_for("/long/amd")[0].form["AnsweredBy"] == "machine_end_beep"
    assert not service.at("/short/amd")


def test_everybody_has_one_telephone(exchange, service):
    to = exchange.subscribe(answering(after=5))
    url = service.says("/one", "<Response><Pause length='60'/></Response>")
    with exchange.held():
        first = exchange.call(to, url)
        exchange.wait(first, lambda entries: "call.ringing" in events(entries))
        second = exchange.call(to, url)
        exchange.wait(second, lambda entries: "call.busy" in events(entries))
    assert one(exchange.ended(second), "call.ended")["status"] == "busy"
    assert one(exchange.ended(first), "call.ended")["status"] == "completed"
    assert "call.busy" in events(exchange.log(second))


def test_each_call_follows_the_next_script_and_the_last_repeats(exchange, service):
    to = exchange.subscribe({"pick": "busy", "after": 1}, answering(press("1")))
    url = ask(service, "next")
    ends = [one(exchange.ended(exchange.call(to, url)), "call.ended")["status"] for _ in range(3)]
    assert ends == ["busy", "completed", "completed"]


def test_all_progress_is_reported_in_order_when_asked_for(exchange, service):
    to = exchange.subscribe(answering(press("1")))
    wanted = ["initiated", "ringing", "answered", "completed"]
    exchange.call(to, ask(service, "progress"), status_callback_event=wanted)
    reports = sorted(service.wait_for(f"/status/{to[1:]}", 4), key=lambda report: report.form["SequenceNumber"])
    assert [report.form["CallStatus"] for report in reports] == ["initiated", "ringing", "in-progress", "completed"]
    assert [report.form["SequenceNumber"] for report in reports] == ["0", "1", "2", "3"]


def test_every_request_to_the_service_carries_twilios_signature(exchange, service):
    to = exchange.subscribe(answering(press("1")))
    url = ask(service, "signed") + "?name=%E7%8E%8B&x=a%2Fb#rc=1"
    exchange.ended(exchange.call(to, url))
    service.wait_for(f"/status/{to[1:]}")
    requests = service.at("/signed") + service.at("/signed/key") + service.at(f"/status/{to[1:]}")
    assert [request.genuine for request in requests] == [True, True, True]


def test_an_address_asked_with_get_is_signed_as_well(exchange, service):
    url = service.says("/get", "<Response><Hangup/></Response>")
    exchange.ended(exchange.call(exchange.subscribe(answering()), url + "?a=1", method="GET"))
    (request,) = service.at("/get")
    assert request.genuine
    assert request.form["CallStatus"] == "in-progress"


def test_a_sound_is_fetched_once(exchange, service):
    to = exchange.subscribe(answering(press("1")))
    for _ in range(2):
        exchange.ended(exchange.call(to, ask(service, "cached")))
    assert service.fetched.count("/sounds/10-cached.wav") == 1


def test_the_log_names_the_call_before_the_service_hears_of_it(exchange, service):
    to = exchange.subscribe(answering(press("1")))
    sid = exchange.call(to, ask(service, "order"))
    entries = exchange.wait(sid, lambda e: any(entry.get("kind") == "status" for entry in e))
    assert entries[0] | {"event": "call.requested", "to": to, "from": OURS, "number": to} == entries[0]
    assert {entry["direction"] for entry in entries} == {"out"}
    webhooks = [(e["kind"], e["path"], e["status"]) for e in entries if e["event"] == "webhook"]
    assert webhooks[:2] == [("voice", "/order", 200), ("gather", "/order/key", 200)]
    assert entries[0]["at"] < next(e for e in entries if e["event"] == "webhook")["sent_at"]


LISTENS = '<Response><Gather input="{input}" action="/{name}/key" actionOnEmptyResult="true"/></Response>'


def test_whoever_says_something_is_understood_where_words_are_awaited(exchange, service):
    to = exchange.subscribe(answering({"do": "say", "words": "我很好"}))
    service.says("/speaks/key", "<Response><Hangup/></Response>")
    sid = exchange.call(to, service.says("/speaks", LISTENS.format(input="dtmf speech", name="speaks")))
    form = service.wait_for("/speaks/key")[0].form
    assert (form["SpeechResult"], float(form["Confidence"]) > 0.5, "Digits" in form) == ("我很好", True, False)
    assert one(exchange.ended(sid), "words") | {"words": "我很好", "used": True} == one(exchange.ended(sid), "words")


def test_words_are_lost_where_only_keys_are_awaited(exchange, service):
    to = exchange.subscribe(answering({"do": "say", "words": "我很好"}))
    service.says("/deaf/key", "<Response><Hangup/></Response>")
    exchange.call(to, service.says("/deaf", LISTENS.format(input="dtmf", name="deaf")))
    assert service.wait_for("/deaf/key")[0].form["Digits"] == ""
