"""Machine detection: at once or after the greeting, beside the call or before anything is said."""

import pytest

from exchange.calls.calls import AnsweredBy, Detection
from exchange.calls.detecting import found
from exchange.subscribers import Pick, Reception
from tests.exchange.running import events, one

MACHINE = {"pick": "machine", "after": 0, "say_seconds": 8}
PERSON = {"pick": "answer", "after": 0}
LONG = "<Response><Pause length='30'/></Response>"


@pytest.mark.parametrize(
    ("pick", "until_the_message", "within", "expected"),
    [
        (Pick.ANSWER, False, 30, (AnsweredBy.HUMAN, 3)),
        (Pick.ANSWER, True, 30, (AnsweredBy.HUMAN, 3)),
        (Pick.MACHINE, False, 30, (AnsweredBy.MACHINE, 3)),
        (Pick.MACHINE, True, 30, (AnsweredBy.MACHINE_AFTER_BEEP, 9)),
        (Pick.MACHINE, True, 5, (AnsweredBy.UNKNOWN, 5)),
    ],
)
def test_who_it_is_and_how_long_that_takes(pick, until_the_message, within, expected):
    detection = Detection(until_the_message, is_async=True, within_seconds=within)
    assert found(detection, Reception(pick, say_seconds=8)) == expected


def test_the_end_of_a_greeting_is_told_while_the_call_goes_on(exchange, service):
    sid = exchange.call(
        exchange.subscribe(MACHINE),
        service.says("/amd/async", LONG),
        machine_detection="DetectMessageEnd",
        machine_detection_timeout=20,
        async_amd="true",
        async_amd_status_callback=f"{service.url}/amd/told",
    )
    form = service.wait_for("/amd/told")[0].form
    assert (form["AnsweredBy"], form["MachineDetectionDuration"]) == ("machine_end_beep", "9000")
    assert "AnsweredBy" not in service.at("/amd/async")[0].form
    assert exchange.twilio.calls(sid).fetch().answered_by == "machine_end_beep"


@pytest.mark.parametrize(
    ("script", "kind", "by"),
    [
        (PERSON, "Enable", "human"),
        (MACHINE, "Enable", "machine_start"),
        (MACHINE, "DetectMessageEnd", "machine_end_beep"),
    ],
)
def test_a_call_that_waits_for_it_tells_it_with_the_first_request(exchange, service, script, kind, by):
    path = f"/amd/{by}"
    sid = exchange.call(exchange.subscribe(script), service.says(path, LONG), machine_detection=kind)
    assert service.wait_for(path)[0].form["AnsweredBy"] == by
    entries = exchange.ended(sid)
    assert next(entry["kind"] for entry in entries if entry["event"] == "webhook") == "voice"
    assert one(entries, "call.answered")["by"] == ("machine" if script is MACHINE else "human")


def test_detection_without_an_address_to_tell_is_still_seen_in_the_call(exchange, service):
    options = {"machine_detection": "Enable", "async_amd": "true"}
    sid = exchange.call(exchange.subscribe(MACHINE), service.says("/amd/untold", LONG), **options)
    entries = exchange.ended(sid)
    assert "amd" not in [entry.get("kind") for entry in entries]
    assert "call.ended" in events(entries)
    assert exchange.twilio.calls(sid).fetch().answered_by == "machine_start"
