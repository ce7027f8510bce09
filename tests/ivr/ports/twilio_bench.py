"""The Twilio adapter, held to the contract."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from urllib.parse import urlencode
from xml.etree import ElementTree

from twilio.request_validator import RequestValidator

from ivr.models import Ending, TextState
from ivr.ports.events import LegReport, RecordingReport, WebhookRequest, Words
from ivr.provider.twilio.adapter import TwilioTelephony
from tests.ivr import fake_provider
from tests.ivr.ports.bench import NO_KEY, OURS, WAIT_SECONDS, Document, Fate


class TwilioBench:
    """The Twilio adapter, and a server that speaks Twilio's API over HTTP."""

    carries_texts = True

    token = "a token"

    def __init__(self):
        self.provider = fake_provider.Provider()
        self.telephony = TwilioTelephony("AC" + "1" * 32, self.token, self.provider.url)
        self.unreachable = TwilioTelephony("AC" + "1" * 32, self.token, "http://127.0.0.1:1")
        self._signer = RequestValidator(self.token)

    def close(self):
        self.provider.close()

    def next_request(self, number, fate):
        answers = {
            Fate.REFUSED_FOR_GOOD: fake_provider.refused(21211),
            Fate.OPTED_OUT: fake_provider.refused(21610),
            Fate.REFUSED_FOR_NOW: fake_provider.TOO_MANY,
            Fate.ASKED_TO_WAIT: replace(fake_provider.TOO_MANY, headers={"Retry-After": str(WAIT_SECONDS)}),
            Fate.OUR_FAULT: fake_provider.refused(20003, 401),
            Fate.LOST_BEFORE: fake_provider.NOT_PLACED_500,
            Fate.LOST_AFTER: fake_provider.PLACED_AND_CUT,
        }
        self.provider.says(number, answers[fate])

    def goes_down(self):
        self.provider.is_down = True

    def writes_instants(self, zone):
        self.provider.dated = lambda at: format_datetime(at.astimezone(zone))

    def has_called(self, to, *, age=timedelta(0), is_leg=False, from_=OURS):
        sid = f"CA{len(self.provider.calls):032x}"
        parent = "CA" + "f" * 32 if is_leg else None
        self.provider.calls.append(fake_provider.Placed(sid, to, from_, age=age, parent=parent))
        return sid

    def is_answered(self, call):
        self.provider.call(call).status = "in-progress"

    def has_ended(self, call, ending, *, by_machine=False):
        known = self.provider.call(call)
        known.status, known.answered_by = STATUSES[ending], "machine_start" if by_machine else "human"

    def has_asked(self, call, url, told, *, was_answered=True):
        fields = {"CallSid": call} | _fields(told)
        parameters = {_listed(name): value for name, value in fields.items()}
        request = {"url": url, "method": "POST", "parameters": parameters}
        response = {"response_code": 200 if was_answered else 502}
        self.provider.call(call).events.append({"request": request, "response": response})

    def sent_to(self, call):
        return self.provider.call(call).sent_to

    def calls_to(self, number):
        return len(self.provider.calls_to(number))

    def texts_to(self, number):
        return len([each for each in self.provider.messages if each.to == number])

    def keeps_recording(self, sound):
        self.provider.sounds[recording := "RE" + "1" * 32] = sound
        return recording

    def text_stands(self, text, state, failure=None):
        [known] = [each for each in self.provider.messages if each.sid == text]
        known.status, known.error_code = TEXT_STATES[state], failure and int(failure)

    def writes(self, number, body, age=timedelta(0)):
        sid = f"SM{len(self.provider.messages):032x}"
        self.provider.messages.append(fake_provider.Message(sid, OURS, number, body, "received", direction="inbound",
                                                            created=datetime.now(UTC) - age))  # fmt: skip

    opt_out = "21610"

    # its requests

    def tells(self, told):
        """What it can tell of this: everything."""
        return told

    def understands(self, document):
        """What it can do of this: everything."""
        return document

    def turn(self, url, call, told=NO_KEY, *, party="", failed=None):
        more = {"ErrorUrl": failed.url, "ErrorCode": failed.reason} if failed else {}
        return self.request(url, **{"CallSid": call, "To": party, "Direction": "outbound-api"} | _fields(told) | more)

    def call_report(self, url, call, ending, *, by_machine=False):
        status = STATUSES[ending] if ending else "in-progress"
        return self.request(url, CallSid=call, CallStatus=status, AnsweredBy="machine_start" if by_machine else "human")

    def machine_report(self, url, call, *, by_machine, is_listening=False):
        machine = "machine_end_beep" if is_listening else "machine_start"
        return self.request(url, CallSid=call, AnsweredBy=machine if by_machine else "human")

    def inbound_call(self, url, call, caller):
        return self.request(url, CallSid=call, From=caller or "anonymous", To=OURS)

    def inbound_text(self, url, text, number, body):
        return self.request(url, MessageSid=text, From=number, Body=body)

    def text_report(self, url, text, state, failure=None):
        more = {"ErrorCode": failure} if failure else {}
        return self.request(url, MessageSid=text, MessageStatus=TEXT_STATES[state] if state else "on its way", **more)

    def request(self, url, **fields):
        headers = {"X-Twilio-Signature": self._signer.compute_signature(url, fields)}
        return WebhookRequest(url, headers, urlencode(fields).encode())

    def of_another_account(self, url, call):
        other = TwilioBench.__new__(TwilioBench)
        other._signer = RequestValidator("another token")
        return other.turn(url, call)

    def kept(self, request_kind):
        return {"call": {"CallSid": "CA1", "CallStatus": "busy"}, "text": {"MessageSid": "SM1", "From": "+86138",
                "Body": "您好"}}[request_kind]  # fmt: skip

    # our replies

    def read(self, reply):
        document = ElementTree.fromstring(reply)
        assert document.tag == "Response"
        heard, rest = _twiml_heard(document), {}
        if (gather := document.find("Gather")) is not None:
            heard += _twiml_heard(gather)
            hints = gather.attrib.get("hints")
            rest["asks"] = (gather.attrib["action"], int(gather.attrib["numDigits"]), int(gather.attrib["timeout"]),
                            gather.attrib["actionOnEmptyResult"] == "true",
                            tuple(hints.split(",")) if hints else ())  # fmt: skip
        if (record := document.find("Record")) is not None:
            assert document.find("Redirect").text == record.attrib["action"], "silence is reported, too"
            rest["records"] = (record.attrib["action"], int(record.attrib["maxLength"]), int(record.attrib["timeout"]),
                               record.attrib["recordingStatusCallback"])  # fmt: skip
        elif (redirect := document.find("Redirect")) is not None:
            rest["goes_on"] = redirect.text
        if (dial := document.find("Dial")) is not None:
            [number] = dial
            rest["connects"] = (dial.attrib["action"], number.text, dial.attrib["callerId"],
                                int(dial.attrib["timeout"]), int(dial.attrib["timeLimit"]), number.attrib["url"],
                                number.attrib["statusCallback"])  # fmt: skip
        elif document.find("Hangup") is None and not rest:
            rest["bridges"] = True
        return Document(heard, **rest)

    def is_silent_thanks(self, reply):
        return ElementTree.fromstring(reply).tag == "Response" and not list(ElementTree.fromstring(reply))


def _fields(told):
    match told:
        case Words():
            return {"SpeechResult": told.said, "Confidence": str(told.certainty)}
        case RecordingReport():
            return {"RecordingSid": told.recording_id, "RecordingDuration": str(told.seconds)}
        case LegReport():
            return {"DialCallSid": told.provider_id, "DialCallStatus": STATUSES[told.ending],
                    "DialBridged": str(told.was_connected).lower()}  # fmt: skip
        case _:
            return {"Digits": told.pressed}


def _listed(name):
    """``CallSid`` is listed as ``call_sid``."""
    return "".join(f"_{each.lower()}" if each.isupper() else each for each in name).lstrip("_")


def _twiml_heard(verb):
    return tuple(
        int(each.attrib["length"]) if each.tag == "Pause" else "".join(each.itertext())
        for each in verb
        if each.tag in {"Say", "Play", "Pause"}
    )


STATUSES = {
    Ending.COMPLETED: "completed",
    Ending.BUSY: "busy",
    Ending.NO_ANSWER: "no-answer",
    Ending.FAILED: "failed",
    Ending.CANCELLED: "canceled",
}
TEXT_STATES = {
    TextState.SENT: "sent",
    TextState.DELIVERED: "delivered",
    TextState.UNDELIVERED: "undelivered",
    TextState.FAILED: "failed",
}
