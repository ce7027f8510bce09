"""What is spoken after the beep, over real HTTP."""

import io
import wave

import pytest
import requests

from exchange.parties.recordings import silence
from tests.exchange.running import SID, events, number, one
from tests.exchange.service import TOKEN
from tests.exchange.telephones import open_telephone
from tests.patience import PATIENCE_SECONDS


def record(service, name, **attributes):
    """A turn that records and asks ``/<name>/kept``; afterwards, ``/<name>/ready`` is told."""
    service.says(f"/{name}/kept", "<Response><Say>谢谢</Say></Response>")
    written = "".join(f' {attribute}="{value}"' for attribute, value in attributes.items())
    return service.says(
        f"/{name}",
        f'<Response><Record action="/{name}/kept" recordingStatusCallback="/{name}/ready"{written}/>'
        f"<Say>nothing</Say></Response>",
    )


def speaking(seconds, **more):
    return {"pick": "answer", "after": 0, "say_seconds": seconds} | more


def fetch(exchange, sid, ending):
    return requests.get(
        f"{exchange.url}/2010-04-01/Accounts/{SID}/Recordings/{sid}{ending}",
        auth=(SID, TOKEN),
        timeout=PATIENCE_SECONDS,
    )


def length(sound):
    with wave.open(io.BytesIO(sound)) as file:
        return file.getnframes() / file.getframerate()


def test_a_script_is_recorded_as_silence_and_the_service_fetches_and_deletes_it(exchange, service):
    sid = exchange.call(exchange.subscribe(speaking(7)), record(service, "scripted", trim="do-not-trim"))
    (ready,) = service.wait_for("/scripted/ready")
    (kept,) = service.wait_for("/scripted/kept")
    assert (ready.genuine, ready.form["RecordingStatus"], ready.form["RecordingDuration"]) == (True, "completed", "7")
    assert (kept.form["RecordingSid"], kept.form["Digits"]) == (ready.form["RecordingSid"], "")
    assert ready.form["CallSid"] == kept.form["CallSid"] == sid
    recording = exchange.twilio.recordings(ready.form["RecordingSid"]).fetch()
    assert (recording.duration, recording.call_sid, recording.status) == ("7", sid, "completed")
    url = ready.form["RecordingUrl"]
    assert requests.get(f"{url}.wav", timeout=PATIENCE_SECONDS).status_code == 401
    sound = requests.get(f"{url}.wav", auth=(SID, TOKEN), timeout=PATIENCE_SECONDS)
    assert (sound.headers["Content-Type"], length(sound.content)) == ("audio/x-wav", pytest.approx(7, abs=0.5))
    assert requests.get(url, auth=(SID, TOKEN), timeout=PATIENCE_SECONDS).content == sound.content
    assert exchange.twilio.recordings(recording.sid).delete()
    assert [fetch(exchange, recording.sid, ending).status_code for ending in (".json", ".wav", "")] == [404] * 3


def test_a_recording_ends_at_its_longest(exchange, service):
    with exchange.at(10):
        exchange.call(exchange.subscribe(speaking(60)), record(service, "longest", maxLength=10))
        (kept,) = service.wait_for("/longest/kept")
    assert int(kept.form["RecordingDuration"]) == pytest.approx(10, abs=2)


def test_an_answering_machine_says_nothing_and_the_call_goes_on(exchange, service):
    to = exchange.subscribe({"pick": "machine", "after": 0, "say_seconds": 5})
    entries = exchange.ended(exchange.call(to, record(service, "machine")))
    assert "recording.empty" in events(entries)
    assert one(entries, "say")["text"] == "nothing"
    assert service.at("/machine/kept") == []


def upload(exchange, order, sound):
    return requests.put(exchange.url + order["upload"], data=sound, timeout=PATIENCE_SECONDS).status_code


def record_in_browser(exchange, telephone, to, url):
    exchange.call(to, url)
    telephone.hears("state", state="ringing")
    telephone.does("answer")
    return telephone.hears("recording", on=True)


def test_a_key_ends_what_is_spoken_in_the_browser_and_the_sound_is_what_was_uploaded(exchange, service):
    with open_telephone(exchange, to := number()) as telephone:
        order = record_in_browser(exchange, telephone, to, record(service, "spoken", finishOnKey="#", maxLength=50))
        assert telephone.told[-2]["type"] == "beep"
        assert (order["max_seconds"], order["silence_seconds"]) == (50, 5)
        telephone.does("press", key="1")
        telephone.does("press", key="#")
        assert telephone.hears("recording")["on"] is False
        assert upload(exchange, order, b"no sound") == 400
        assert upload(exchange, order, silence(2.25)) == 204
        (kept,) = service.wait_for("/spoken/kept")
        telephone.hears("ended")
    assert (kept.form["Digits"], kept.form["RecordingDuration"]) == ("#", "2")
    assert fetch(exchange, kept.form["RecordingSid"], ".wav").content == silence(2.25)
    assert upload(exchange, order, silence(1)) == 404


def test_a_page_that_notices_the_end_of_speech_itself_just_uploads(exchange, service):
    with open_telephone(exchange, to := number()) as telephone:
        order = record_in_browser(exchange, telephone, to, record(service, "fell-silent"))
        assert upload(exchange, order, silence(1.5)) == 204
        assert service.wait_for("/fell-silent/kept")[0].form["Digits"] == ""


def test_what_was_spoken_before_hanging_up_is_kept(exchange, service):
    with open_telephone(exchange, to := number()) as telephone:
        order = record_in_browser(exchange, telephone, to, record(service, "hung-up-on"))
        telephone.does("hang_up")
        telephone.hears("ended")
        assert upload(exchange, order, silence(3)) == 204
    (kept,) = service.wait_for("/hung-up-on/kept")
    assert (kept.form["Digits"], kept.form["CallStatus"]) == ("hangup", "completed")
    assert service.wait_for("/hung-up-on/ready")[0].form["RecordingDuration"] == "3"


def test_no_sound_at_all_is_no_recording(exchange, service):
    with open_telephone(exchange, to := number()) as telephone:
        order = record_in_browser(exchange, telephone, to, record(service, "speechless", playBeep="false"))
        assert "beep" not in [message["type"] for message in telephone.told]
        assert upload(exchange, order, b"") == 204
        assert telephone.hears("say")["text"] == "nothing"
